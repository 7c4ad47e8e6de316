"""A repository with a finished tool and a bare remote, and GitHub's stand-in over that remote."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.forge.forges import TOKEN, Peer, github
from tests.pipeline_world import SPEC
from tests.planted import plant
from toolbuilder.adapters.git.repository import GitRepository

Git = Callable[..., str]


@pytest.fixture
def folder(git_repo: Path, git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a repository with a finished tool, and a bare remote; stand in it."""
    (git_repo / "specs").mkdir()
    (git_repo / "specs/dedupe.yaml").write_text(SPEC)
    git(git_repo, "add", ".")
    git(git_repo, "commit", "--quiet", "--message", "Specify")
    git(tmp_path, "clone", "--quiet", "--bare", str(git_repo), "there.git")
    git(git_repo, "remote", "add", "origin", str(tmp_path / "there.git"))
    plant(GitRepository(git_repo), SPEC)
    monkeypatch.chdir(git_repo)
    return git_repo


@pytest.fixture
def peer(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Peer]:
    """Give GitHub's stand-in over the bare remote, with the environment that a workflow has."""
    with github(git=folder.parent / "there.git", repository="acme/tools") as served:
        monkeypatch.setenv("GITHUB_REPOSITORY", "acme/tools")
        monkeypatch.setenv("GITHUB_API_URL", served.served.url)
        monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
        yield served
