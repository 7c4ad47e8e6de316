from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.sabotage import assert_guarded
from toolbuilder.adapters.git import ref_files
from toolbuilder.adapters.git.process import Git

RunGit = Callable[..., str]
UNDER = "refs/heads/toolbuilder/"


class NoProcess(Git):
    """Git that may not be run."""

    def output(self, *arguments: str, stdin: bytes = b"") -> bytes:
        raise AssertionError(f"git was run: {arguments} {stdin!r}")


def listed(git: RunGit, folder: Path) -> dict[str, str]:
    rows = git(folder, "for-each-ref", "--format=%(refname) %(objectname)", UNDER).splitlines()
    return {name: commit for name, _, commit in (row.partition(" ") for row in rows)}


def loose_and_packed_refs_are_found_as_git_finds_them(git: RunGit, git_repo: Path, part: Any) -> None:
    for name in ("b", "a", "other/deep"):
        git(git_repo, "update-ref", f"{UNDER}{name}", "HEAD")
    git(git_repo, "tag", "--annotate", "--force", "--message", "A tag", "toolbuilder")
    git(git_repo, "pack-refs", "--all")
    git(git_repo, "commit", "--quiet", "--allow-empty", "--message", "More")
    for name in ("b", "c"):
        git(git_repo, "update-ref", f"{UNDER}{name}", "HEAD")
    lock = git_repo / f".git/{UNDER}a.lock"
    lock.touch()
    assert part.refs_below(Git(git_repo), UNDER) == listed(git, git_repo)
    lock.unlink()
    assert list(part.refs_below(Git(git_repo), UNDER)) == [f"{UNDER}{name}" for name in ("a", "b", "c", "other/deep")]


def work_trees_bare_repositories_and_folders_inside_share_them(git: RunGit, git_repo: Path, part: Any) -> None:
    git(git_repo, "update-ref", f"{UNDER}a", "HEAD")
    side, bare, inside = git_repo.parent / "side", git_repo.parent / "bare.git", git_repo / "specs/more"
    if not side.exists():
        git(git_repo, "worktree", "add", "--quiet", "--detach", str(side))
        git(git_repo.parent, "clone", "--quiet", "--mirror", str(git_repo), str(bare))
        inside.mkdir(parents=True)
    for folder in (side, bare, inside):
        assert part.refs_below(NoProcess(folder), UNDER) == {f"{UNDER}a": git(git_repo, "rev-parse", "HEAD")}


def what_only_git_can_resolve_is_left_to_it(git: RunGit, git_repo: Path, part: Any) -> None:
    git(git_repo, "symbolic-ref", f"{UNDER}link", "refs/heads/main")
    (git_repo / f".git/{UNDER}broken").write_text("")
    assert part.refs_below(Git(git_repo), UNDER) == {f"{UNDER}broken": None, f"{UNDER}link": None}


def a_repository_of_another_form_is_asked(git: RunGit, git_repo: Path, part: Any) -> None:
    git(git_repo, "update-ref", f"{UNDER}a", "HEAD")
    (git_repo / ".git/reftable").mkdir(exist_ok=True)
    (git_repo / f".git/{UNDER}nothing").write_text("")
    assert part.refs_below(Git(git_repo), UNDER) == {f"{UNDER}a": git(git_repo, "rev-parse", "HEAD")}


GUARDED = [
    (loose_and_packed_refs_are_found_as_git_finds_them, "{**packed, **loose}", "{**loose, **packed}"),
    (loose_and_packed_refs_are_found_as_git_finds_them, ' and path.suffix != ".lock"]', "]"),
    (loose_and_packed_refs_are_found_as_git_finds_them, " if name.startswith(under)}", "}"),
    (work_trees_bare_repositories_and_folders_inside_share_them, " if shared.is_file() else found", " if False else found"),
    (work_trees_bare_repositories_and_folders_inside_share_them, "(here, *here.parents)", "(here,)"),
    (what_only_git_can_resolve_is_left_to_it, "if _OBJECT_ID.fullmatch(text.strip()) else None", "or None"),
    (a_repository_of_another_form_is_asked, ' or (common / "reftable").exists()', ""),
]  # fmt: skip


@pytest.mark.parametrize(("check", "text", "instead"), GUARDED)
def test_refs_are_read_as_git_reads_them(
    git: RunGit, git_repo: Path, check: Callable[..., None], text: str, instead: str
) -> None:
    assert_guarded(ref_files, (partial(check, git, git_repo), text, instead))
