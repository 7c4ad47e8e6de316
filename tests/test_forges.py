from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.forge.forges import TOKEN, github
from tests.sabotage import Protection, assert_guarded
from toolbuilder.adapters.github import opening
from toolbuilder.adapters.github.opening import repository_of
from toolbuilder.errors import FileIsWrong, ForgeError
from toolbuilder.forges import open_forge

Git = Callable[..., str]
ENTERPRISE = "https://git.firm.org/api/v3"


def with_remote(folder: Path, git: Git, url: str) -> Path:
    git(folder, "remote", "add", "origin", url)
    return folder


@pytest.mark.parametrize(
    ("url", "environment", "found"),
    [
        ("https://github.com/o/r.git", ("", ""), ("o/r", "https://api.github.com")),
        ("ssh://git@ssh.github.com:443/o/r.git", ("", ""), ("o/r", "https://api.github.com")),
        ("git@firm.ghe.com:o/r.git", ("", ""), ("o/r", "https://api.firm.ghe.com")),
        ("git@git.firm.org:o/r.git", ("", ENTERPRISE), ("o/r", ENTERPRISE)),
        ("git@git.firm.org:o/r.git", ("", ""), ("", "")),
        ("git@git.firm.org:o/r.git", ("", "https://api.github.com"), ("", "")),
        ("/srv/r.git", ("a/b", ""), ("a/b", "https://api.github.com")),
        ("https://github.com/o/r.git", ("a/b", ENTERPRISE), ("a/b", ENTERPRISE)),
        ("/srv/r.git", ("", ""), ("", "")),
    ],
)
def test_the_environment_then_the_remote_says_which_repository_it_is(
    git_repo: Path, git: Git, url: str, environment: tuple[str, str], found: tuple[str, str]
) -> None:
    assert repository_of(with_remote(git_repo, git, url), "", *environment) == found


def test_without_a_remote_there_is_none(git_repo: Path) -> None:
    assert repository_of(git_repo, "", "", "") == repository_of(git_repo, "nowhere", "", "") == ("", "")


def test_a_repository_that_is_not_on_github_has_files(git_repo: Path, git: Git) -> None:
    git(git_repo, "worktree", "add", "--quiet", str(git_repo / "linked"))
    for start in (git_repo, git_repo / "linked"):
        with open_forge(start) as there:
            assert (there.kind, there.address, there.checks_wait()) == ("local", "", False)
            assert there.forge.pull_requests() == []
    assert (git_repo / ".git/toolbuilder/pull-requests").is_dir()


def test_one_on_github_has_github_unless_the_settings_say_otherwise(
    git_repo: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_remote(git_repo, git, "https://github.com/acme/tools.git")
    with pytest.raises(ForgeError, match="no token for acme/tools"), open_forge(git_repo):
        pass
    monkeypatch.setenv("GH_TOKEN", TOKEN)
    with open_forge(git_repo) as there:
        assert (there.kind, there.address) == ("github", "https://github.com/acme/tools")
    (git_repo / "toolbuilder.toml").write_text('forge = "local"\n')
    with open_forge(git_repo) as there:
        assert there.kind == "local"
    with open_forge(git_repo, "github") as there:
        assert there.kind == "github"


@pytest.mark.parametrize(
    ("login", "wait"), [("github-actions[bot]", True), ("github-actions", True), ("builder[bot]", False)]
)
def test_the_checks_of_what_a_workflows_token_opens_wait(
    git_repo: Path, monkeypatch: pytest.MonkeyPatch, login: str, *, wait: bool
) -> None:
    with github(me=login) as peer:
        for name, value in (("REPOSITORY", "o/r"), ("API_URL", peer.served.url), ("TOKEN", TOKEN)):
            monkeypatch.setenv(f"GITHUB_{name}", value)
        with open_forge(git_repo) as there:
            assert there.checks_wait() is wait


def test_a_token_in_a_file_is_refused(git_repo: Path) -> None:
    (git_repo / "toolbuilder.toml").write_text(f'github_token = "{TOKEN}"\n')
    with pytest.raises(FileIsWrong) as caught, open_forge(git_repo):
        pass
    assert TOKEN not in str(caught.value)


def another_host_does_not_get_the_token(part: Any, folder: Path) -> None:
    for url in ("https://github.com.evil.org/o/r", "https://evilgithub.com/o/r", "https://evil.org/github.com/o/r"):
        (folder / ".git/config").write_text(f'[remote "origin"]\n\turl = {url}\n')
        assert part.repository_of(folder, "", "", "") == ("", "")


def test_only_github_is_asked(git_repo: Path) -> None:
    protection: Protection = (
        lambda part: another_host_does_not_get_the_token(part, git_repo),
        "host == PUBLIC or host.endswith",
        "PUBLIC in host or host.endswith",
    )
    assert_guarded(opening, protection)
