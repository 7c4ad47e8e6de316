from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.sabotage import Protection, assert_guarded
from toolbuilder.adapters.git import beyond
from toolbuilder.adapters.git.beyond import ahead_of
from toolbuilder.adapters.git.process import Git
from toolbuilder.errors import RepositoryError
from toolbuilder.ports import Ahead

Run = Callable[..., str]


def commit(folder: Path, git: Run, message: str) -> str:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def forked(git_repo: Path, git: Run) -> tuple[Path, str]:
    """Give a repository whose branch `other` has moved a file, added a link and deleted a file; `main` went on too."""
    (git_repo / "a b.txt").write_text("1\n")
    (git_repo / "gone").write_text("2\n")
    commit(git_repo, git, "Begin")
    git(git_repo, "checkout", "--quiet", "-b", "other")
    (git_repo / "a b.txt").rename(git_repo / "ü\n.txt")
    (git_repo / "link").symlink_to("gone")
    (git_repo / "gone").unlink()
    tip = commit(git_repo, git, "Change")
    git(git_repo, "checkout", "--quiet", "main")
    (git_repo / "news").write_text("3\n")
    commit(git_repo, git, "Go on")
    return git_repo, tip


def test_only_what_the_branch_did_counts(forked: tuple[Path, str]) -> None:
    folder, tip = forked
    found = ahead_of(Git(folder), tip)
    assert found == Ahead(frozenset({tip}), ("a b.txt", "gone", "link", "ü\n.txt"), frozenset({"link"}))


def test_nothing_is_beyond_itself(git_repo: Path, git: Run) -> None:
    assert ahead_of(Git(git_repo), git(git_repo, "rev-parse", "HEAD")) == Ahead()


def test_a_branch_without_a_common_beginning_is_compared_as_it_stands(git_repo: Path, git: Run) -> None:
    tree = git(git_repo, "write-tree")
    assert ahead_of(Git(git_repo), git(git_repo, "commit-tree", tree, "-m", "Alone")).paths == ()
    git(git_repo, "rm", "--quiet", "README.md")
    tip = git(git_repo, "commit-tree", git(git_repo, "write-tree"), "-m", "Alone")
    assert ahead_of(Git(git_repo), tip).paths == ("README.md",)


def test_a_commit_that_is_not_here_is_refused(git_repo: Path) -> None:
    with pytest.raises(RepositoryError):
        ahead_of(Git(git_repo), "f" * 40)


@pytest.mark.parametrize(
    ("text", "instead"),
    [('"--no-renames"', '"--find-renames"'), ("merge_base(git, base, tip) or base", "base"), ('f"^{base}", ', "")],
)
def test_the_comparison_is_exact(forked: tuple[Path, str], text: str, instead: str) -> None:
    folder, tip = forked

    def what_the_branch_did_is_told(part: Any) -> None:
        found = part.ahead_of(Git(folder), tip)
        assert (found.commits, "news" in found.paths, "ü\n.txt" in found.paths) == ({tip}, False, True)
        assert "a b.txt" in found.paths

    protection: Protection = (what_the_branch_did_is_told, text, instead)
    assert_guarded(beyond, protection)
