import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.sabotage import sabotaged
from toolbuilder.adapters import installation
from toolbuilder.adapters.installation import installed_from
from toolbuilder.setting_up.source import Source

Git = Callable[..., str]
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder of installed packages that Python looks into."""
    folder = tmp_path / "site"
    (folder / "sample").mkdir(parents=True)
    monkeypatch.setattr(sys, "path", [str(folder), *sys.path])
    return folder


def install(site: Path, direct: object) -> Path:
    """Install a distribution as an installer would that was given an address."""
    info = site / "sample-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: sample\nVersion: 1.0\n")
    (info / "direct_url.json").write_text(direct if isinstance(direct, str) else json.dumps(direct))
    return site / "sample"


@pytest.mark.parametrize(
    ("url", "repository"),
    [
        ("https://github.com/acme/toolbuilder", "acme/toolbuilder"),
        ("https://github.com/acme/toolbuilder.git", "acme/toolbuilder"),
        ("ssh://git@github.com/acme/toolbuilder.git", "acme/toolbuilder"),
        ("https://name:secret@github.example.com/acme/toolbuilder.git", "acme/toolbuilder"),
    ],
)
def test_an_installation_from_git_names_its_commit(site: Path, url: str, repository: str) -> None:
    package = install(site, {"url": url, "vcs_info": {"vcs": "git", "commit_id": COMMIT}})
    assert installed_from(package) == (Source(repository, COMMIT), True)


@pytest.mark.parametrize(
    "direct",
    [
        "{}",
        "no JSON",
        "[]",
        {"url": "https://gitlab.com/acme/toolbuilder.git", "vcs_info": {"vcs": "git", "commit_id": COMMIT}},
        {"url": "https://example.com/sample-1.0-py3-none-any.whl", "archive_info": {}},
        {"url": "file:///nowhere/at/all", "dir_info": {"editable": True}},
    ],
)
def test_an_installation_from_elsewhere_is_not_guessed(site: Path, direct: object) -> None:
    assert installed_from(install(site, direct))[0] is None


@pytest.mark.parametrize("editable", [True, False])
def test_an_installation_from_a_checkout_names_its_commit_and_whether_it_is_published(
    site: Path, git_repo: Path, git: Git, *, editable: bool
) -> None:
    package = install(site, {"url": git_repo.as_uri(), "dir_info": {"editable": editable}})
    assert installed_from(package)[0] is None  # it has no remote
    git(git_repo, "remote", "add", "origin", "git@github.com:acme/toolbuilder.git")
    head = git(git_repo, "rev-parse", "HEAD")
    assert installed_from(package) == (Source("acme/toolbuilder", head), False)
    git(git_repo, "update-ref", "refs/remotes/origin/main", head)
    assert installed_from(package) == (Source("acme/toolbuilder", head), True)


def test_the_package_of_a_checkout_that_is_not_installed_names_its_commit(git_repo: Path, git: Git) -> None:
    git(git_repo, "remote", "add", "origin", "https://github.com/acme/toolbuilder")
    head = git(git_repo, "rev-parse", "HEAD")
    assert installed_from(git_repo / "not_installed") == (Source("acme/toolbuilder", head), False)


def check_somebody_elses_repository_is_not_taken(module: Any, git_repo: Path) -> None:
    (git_repo / ".venv/lib/not_installed").mkdir(parents=True, exist_ok=True)
    assert module.installed_from(git_repo / ".venv/lib/not_installed") == (None, False)


def test_an_environment_inside_somebody_elses_repository_is_not_taken_for_its_checkout(
    git_repo: Path, git: Git
) -> None:
    git(git_repo, "remote", "add", "origin", "https://github.com/somebody/else")
    check_somebody_elses_repository_is_not_taken(installation, git_repo)
    credulous = sabotaged(installation, "found if found.root == folder.resolve() else None", "found")
    with pytest.raises(AssertionError):
        check_somebody_elses_repository_is_not_taken(credulous, git_repo)
