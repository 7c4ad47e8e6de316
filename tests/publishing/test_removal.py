from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.sabotage import assert_guarded
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.publishing import removal
from toolbuilder.publishing.removal import is_refused, put_removal, removal_ref, removal_text

Git = Callable[..., str]


@pytest.fixture
def folder(git_repo: Path, git: Git) -> Path:
    """Give a repository whose default branch holds the tool `dedupe`, a link among its files."""
    tool = git_repo / "tools/dedupe"
    (tool / "src").mkdir(parents=True)
    (tool / "src/cli.py").write_text("one\n")
    (tool / "link").symlink_to("src/cli.py")
    (git_repo / "tools/dedupe-more").mkdir()
    (git_repo / "tools/dedupe-more/x").write_text("x\n")
    commit(git_repo, git)
    return git_repo


def commit(folder: Path, git: Git) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "--quiet", "--message", "More")


def listed(folder: Path, git: Git) -> list[str]:
    return git(folder, "ls-tree", "-r", "--name-only", removal_ref("dedupe")).split()


def test_the_branch_deletes_the_tool_and_nothing_else(folder: Path, git: Git) -> None:
    tip = put_removal(GitRepository(folder), "dedupe")

    assert listed(folder, git) == ["README.md", "tools/dedupe-more/x"]
    assert git(folder, "rev-parse", f"{tip}^1") == git(folder, "rev-parse", "main")
    assert git(folder, "status", "--porcelain") == ""
    assert (folder / "tools/dedupe/src/cli.py").exists()


def test_it_stays_as_it_is_while_it_deletes_what_is_there(folder: Path, git: Git) -> None:
    first = put_removal(GitRepository(folder), "dedupe")
    (folder / "README.md").write_text("Another.\n")
    commit(folder, git)

    assert put_removal(GitRepository(folder), "dedupe") == first


def it_follows_a_tool_that_changed(folder: Path, git: Git, part: Any) -> None:
    first = part.put_removal(GitRepository(folder), "dedupe")
    (folder / "tools/dedupe/more.py").write_text(f"{part.__name__}{len(git(folder, 'rev-list', '--all'))}\n")
    commit(folder, git)
    second = part.put_removal(GitRepository(folder), "dedupe")

    assert "tools/dedupe/more.py" not in listed(folder, git)
    assert git(folder, "merge-base", first, second) == first  # no push is forced
    assert git(folder, "rev-parse", f"{second}^1") == git(folder, "rev-parse", "main")


def a_removal_that_was_merged_is_made_anew(folder: Path, git: Git, part: Any) -> None:
    repository = GitRepository(folder)
    merged = part.put_removal(repository, "dedupe")
    git(folder, "merge", "--quiet", merged)
    git(folder, "checkout", "--quiet", "HEAD~1", "--", "tools")
    commit(folder, git)
    again = part.put_removal(repository, "dedupe")

    assert again != merged
    assert listed(folder, git) == ["README.md", "tools/dedupe-more/x"]


GUARDED: list[tuple[Callable[[Path, Git, Any], None], str, str]] = [
    (it_follows_a_tool_that_changed, "if tip and would_delete(repository, tip, tool) == _held(repository, head, tool)", "if tip"),
    (it_follows_a_tool_that_changed, "(head, *([tip] if tip else []))", "(head,)"),
    (a_removal_that_was_merged_is_made_anew, " and not _merged(repository, tip)", ""),
]  # fmt: skip


@pytest.mark.parametrize("protection", GUARDED)
def test_a_removal_is_what_it_should_be(
    folder: Path, git: Git, protection: tuple[Callable[[Path, Git, Any], None], str, str]
) -> None:
    check, text, instead = protection
    assert_guarded(removal, (lambda part: check(folder, git, part), text, instead))


def test_it_counts_as_refused_as_long_as_the_tool_is_the_same(folder: Path, git: Git) -> None:
    repository = GitRepository(folder)
    tip = put_removal(repository, "dedupe")
    assert is_refused(repository, tip, "dedupe")
    (folder / "tools/dedupe/src/cli.py").write_text("two\n")
    commit(folder, git)
    assert not is_refused(repository, tip, "dedupe")
    assert not is_refused(repository, "0" * 40, "dedupe")


def test_its_text_says_what_is_deleted_and_how_to_keep_it() -> None:
    title, body = removal_text("dedupe")
    assert title == "dedupe: remove, as its spec is gone"
    for word in ("`specs/dedupe.yaml`", "`tools/dedupe/`", "refs/toolbuilder/log/dedupe", "**Keep it**"):
        assert word in body
