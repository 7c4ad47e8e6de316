"""git gets the token from the environment at the moment it needs it, and nothing of it stays."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.actions.git_host import GitHost, serving
from tests.actions.workflows import ROOT, workflows_in

TOKEN = "token-of-one-job"  # noqa: S105
USERS = [workflow for workflow in workflows_in(ROOT) if "env" in workflow.body]


@pytest.fixture
def host(tmp_path: Path, git_repo: Path, git: Callable[..., str]) -> Iterator[GitHost]:
    bare = tmp_path / "bare.git"
    git(tmp_path, "clone", "--quiet", "--bare", str(git_repo), str(bare))
    with serving(GitHost(bare, "owner/name", TOKEN)) as running:
        yield running


def push(folder: Path, host: GitHost, **more: str) -> subprocess.CompletedProcess[str]:
    """Push a branch with the environment of a workflow's jobs."""
    given = {name: value.replace("${{ github.server_url }}", host.url) for name, value in USERS[0].body["env"].items()}
    environment = {**os.environ, "GIT_ALLOW_PROTOCOL": "http", "GIT_TERMINAL_PROMPT": "0", **given, **more}
    command = ["git", "-C", str(folder), "push", f"{host.url}/{host.name}", "HEAD:refs/heads/toolbuilder/x"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_every_workflow_that_talks_to_git_does_it_the_same_way() -> None:
    assert len(USERS) == 3
    assert all(workflow.body["env"] == USERS[0].body["env"] for workflow in USERS)


def test_the_token_of_the_environment_opens_the_remote(git_repo: Path, host: GitHost) -> None:
    pushed = push(git_repo, host, GITHUB_TOKEN=TOKEN)
    assert pushed.returncode == 0, pushed.stderr
    assert "refs/heads/toolbuilder/x" in host.tips()
    left = [path for path in git_repo.rglob("*") if path.is_file() and TOKEN.encode() in path.read_bytes()]
    assert left == []


@pytest.mark.parametrize("token", ["", "another-token"])
def test_no_token_or_another_one_does_not(git_repo: Path, host: GitHost, token: str) -> None:
    assert push(git_repo, host, GITHUB_TOKEN=token).returncode != 0
    assert "refs/heads/toolbuilder/x" not in host.tips()
    assert host.refused


def test_the_token_is_given_to_no_other_host(git_repo: Path, host: GitHost) -> None:
    elsewhere = {"GIT_CONFIG_KEY_1": "credential.https://github.com.helper"}
    assert push(git_repo, host, GITHUB_TOKEN=TOKEN, **elsewhere).returncode != 0


def test_a_helper_that_the_machine_has_is_not_asked_to_keep_it(git_repo: Path, host: GitHost, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    configuration = tmp_path / "gitconfig"
    configuration.write_text(f"[credential]\n\thelper = \"!cat >>'{kept}'; :\"\n")
    assert push(git_repo, host, GITHUB_TOKEN=TOKEN, GIT_CONFIG_GLOBAL=str(configuration)).returncode == 0
    assert not kept.exists()
    careless = {"GIT_CONFIG_KEY_0": "user.name", "GIT_CONFIG_VALUE_0": "nobody"}
    pushed = push(git_repo, host, GITHUB_TOKEN=TOKEN, GIT_CONFIG_GLOBAL=str(configuration), **careless)
    assert pushed.returncode == 0, pushed.stderr
    assert kept.exists(), "without the empty first helper the machine's own is asked, too"
