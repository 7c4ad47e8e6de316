"""A snapshot says what the repository says, through one process, and moves nothing."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.sabotage import assert_guarded
from toolbuilder.adapters.git import snapshot as snapshots
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.errors import RepositoryError
from toolbuilder.ports import Commit

RunGit = Callable[..., str]
BRANCH, JOURNAL = "refs/heads/toolbuilder/x", "refs/toolbuilder/journal/x"


@pytest.fixture
def folder(git: RunGit, git_repo: Path) -> Path:
    """Give a repository with a tool, links and modules among its files, a branch and a journal."""
    (git_repo / "tools/x/src").mkdir(parents=True)
    (git_repo / "tools/x/src/run").write_text("run")
    (git_repo / "tools/x/src/run").chmod(0o755)
    (git_repo / "tools/x/link").symlink_to("/etc/passwd")
    (git_repo / "tools/x/é").write_text("accented")
    (git_repo / "tools/xy").write_text("a neighbour")
    git(git_repo, "add", "--all")
    git(git_repo, "update-index", "--add", "--cacheinfo", f"160000,{git(git_repo, 'rev-parse', 'HEAD')},tools/x/module")
    git(git_repo, "commit", "--quiet", "--message", "Files")
    for ref in (BRANCH, JOURNAL):
        git(git_repo, "update-ref", ref, "HEAD")
    return git_repo


def a_snapshot_reads_what_the_repository_reads(folder: Path, part: Any) -> None:
    repository = GitRepository(folder)
    head = repository.resolve("HEAD") or ""
    with part.snapshot(folder) as seen:
        for ref in ("HEAD", BRANCH, JOURNAL, "main", "nothing", "refs/heads/toolbuilder/nothing", "HEAD~1"):
            assert seen.resolve(ref) == repository.resolve(ref)
        for under in ("", "tools/x", "tools/x/", "tools/x/src/run", "tools/x/link", "tools/x/module", "no", "tools/xy"):
            assert seen.read(head, under) == repository.read(head, under)
            assert list(seen.read(head, under)) == list(repository.read(head, under))


def ids_are_those_that_git_gives(git: RunGit, folder: Path, part: Any) -> None:
    with part.snapshot(folder) as seen:
        head = seen.resolve("HEAD")
        run = git(folder, "rev-parse", "HEAD:tools/x/src/run")
        assert seen.ids(head, "tools/x/") == {"src/run": run, "é": git(folder, "rev-parse", "HEAD:tools/x/é")}
        assert seen.children(head, "tools") == {
            "x": git(folder, "rev-parse", "HEAD:tools/x"),
            "xy": git(folder, "rev-parse", "HEAD:tools/xy"),
        }
        assert seen.children(head, "tools/x").keys() == {"src", "é"}
        assert seen.id_of(head, "tools/x/src/run") == run
        assert (seen.id_of(head, "nothing"), seen.ids(head, "nothing"), seen.children(head, "tools/xy")) == (
            None,
            {},
            {},
        )
        assert seen.content(run) == b"run"


def what_was_read_ahead_is_not_asked_again_and_says_the_same(folder: Path, part: Any) -> None:
    with part.snapshot(folder) as plain, part.snapshot(folder) as prepared:
        head = plain.resolve("HEAD")
        blob = plain.ids(head, "tools/x")["src/run"]
        prepared.ahead([(head, "tools/x/"), (head, "nothing")], [blob])
        prepared.reader.process.kill()
        prepared.reader.process.wait()
        assert prepared.ids(head, "tools/x/") == plain.ids(head, "tools/x/")
        assert prepared.id_of(head, "nothing") is None
        assert prepared.content(blob) == b"run"


def a_ref_is_resolved_once(git: RunGit, folder: Path, part: Any) -> None:
    with part.snapshot(folder) as seen:
        before = {ref: seen.resolve(ref) for ref in ("HEAD", BRANCH)}
        git(folder, "commit", "--quiet", "--allow-empty", "--message", "Later")
        git(folder, "update-ref", BRANCH, "HEAD")
        assert {ref: seen.resolve(ref) for ref in before} == before
    git(folder, "reset", "--quiet", "--hard", "HEAD~1")
    git(folder, "update-ref", BRANCH, "HEAD")


def the_refs_of_a_remote_count_instead_of_those_here(folder: Path, part: Any) -> None:
    head = GitRepository(folder).resolve("HEAD~1") or ""
    with part.snapshot(folder, {"refs/heads/toolbuilder/y": head}) as seen:
        assert seen.branches() == ["y"]
        assert (seen.resolve("refs/heads/toolbuilder/y"), seen.resolve(BRANCH), seen.resolve(JOURNAL)) == (
            head,
            None,
            None,
        )
    with part.snapshot(folder) as seen:
        assert seen.branches() == ["x"]


def with_a_ref_elsewhere_all_else_is_the_same(git: RunGit, folder: Path, part: Any) -> None:
    with part.snapshot(folder) as seen:
        head = seen.resolve("HEAD")
        bare = seen.moved(BRANCH, None)
        git(folder, "commit", "--quiet", "--allow-empty", "--message", "Later")
        assert (bare.resolve(BRANCH), bare.resolve("HEAD")) == (None, head)
        assert seen.moved(BRANCH, "f" * 40).resolve(BRANCH) == "f" * 40
        assert seen.resolve(BRANCH) == git(folder, "rev-parse", BRANCH)


def ancestors_are_found_and_nothing_else_is(git: RunGit, folder: Path, part: Any) -> None:
    tree = git(folder, "rev-parse", "HEAD^{tree}")
    old = git(folder, "rev-parse", "HEAD~1")
    side = git(folder, "commit-tree", tree, "-p", old, "-m", "Aside")
    merge = git(folder, "commit-tree", tree, "-p", "HEAD", "-p", side, "-m", "Merge")
    with part.snapshot(folder) as seen:
        head = seen.resolve("HEAD")
        assert [seen.follows(merge, one) for one in (merge, head, side, old)] == [True] * 4
        assert [seen.follows(head, one) for one in (old, head, side, merge)] == [True, True, False, False]


def nothing_is_written(folder: Path, part: Any) -> None:
    with part.snapshot(folder) as seen:
        head = seen.resolve("HEAD")
        attempts: list[Callable[[], object]] = [
            lambda: seen.write(Commit((head,), "No\n", {})),
            lambda: seen.swap(BRANCH, head, None),
            lambda: seen.log("HEAD"),
        ]
        for attempt in attempts:
            with pytest.raises(RepositoryError, match="it is only read"):
                attempt()


def versions_are_merged_as_the_repository_merges_them(git: RunGit, folder: Path, part: Any) -> None:
    (folder / "lines").write_text("1\n2\n3\n4\n5\n")
    base = git(folder, "hash-object", "-w", "lines")
    (folder / "lines").unlink()
    with part.snapshot(folder) as seen:
        assert seen.merge(base, b"0\n2\n3\n4\n5\n", b"1\n2\n3\n4\n6\n") == b"0\n2\n3\n4\n6\n"
        assert seen.merge(base, b"0\n", b"9\n") is None
        assert seen.merge("HEAD:README.md", b"0\n", b"0\n") is None


def a_folder_that_is_damaged_is_an_error_and_no_empty_one(git: RunGit, folder: Path, part: Any) -> None:
    inner = git(folder, "rev-parse", "HEAD:tools/x/src")
    path = folder / f".git/objects/{inner[:2]}/{inner[2:]}"
    content = path.read_bytes()
    path.chmod(0o644)
    path.unlink()
    try:
        with part.snapshot(folder) as seen, pytest.raises(RepositoryError, match=f"{inner} is missing"):
            seen.ids(seen.resolve("HEAD"), "tools/x")
    finally:
        path.write_bytes(content)


WITH_GIT = [with_a_ref_elsewhere_all_else_is_the_same, ids_are_those_that_git_gives, a_ref_is_resolved_once, ancestors_are_found_and_nothing_else_is, versions_are_merged_as_the_repository_merges_them, a_folder_that_is_damaged_is_an_error_and_no_empty_one]  # fmt: skip
GUARDED = [
    (a_snapshot_reads_what_the_repository_reads, "if not found:  # all", "if not folder:  # all"),
    (ids_are_those_that_git_gives, "            elif entry.mode.startswith(REGULAR_MODES):\n", "            else:\n"),
    (ids_are_those_that_git_gives, "for name, entry in listed.items() if _is_kept(entry)}", "for name, entry in listed.items()}"),
    (what_was_read_ahead_is_not_asked_again_and_says_the_same, "            self.known.update(found)\n", ""),
    (a_ref_is_resolved_once, "        if ref not in self.refs:\n", "        if True:\n"),
    (the_refs_of_a_remote_count_instead_of_those_here, "tips if tips is not None else", "None or"),
    (the_refs_of_a_remote_count_instead_of_those_here, "        if ref.startswith((BRANCHES, JOURNALS)) and ref not in self.own:\n            return None\n", ""),
    (with_a_ref_elsewhere_all_else_is_the_same, "{**self.refs, ref: commit}", "{ref: commit}"),
    (nothing_is_written, 'self._refuse(f"to move {ref} from {old} to {new}")', "pass"),
    (versions_are_merged_as_the_repository_merges_them, "_OBJECT_ID.fullmatch(base)", "True"),
    (a_folder_that_is_damaged_is_an_error_and_no_empty_one, "if found is None and _OBJECT_ID.fullmatch(name):", "if False:"),
]  # fmt: skip


@pytest.mark.parametrize(("check", "text", "instead"), GUARDED)
def test_a_snapshot_is_guarded(git: RunGit, folder: Path, check: Callable[..., None], text: str, instead: str) -> None:
    assert_guarded(snapshots, (partial(check, *([git] if check in WITH_GIT else []), folder), text, instead))


def test_ancestors_are_found_and_nothing_else_is(git: RunGit, folder: Path) -> None:
    ancestors_are_found_and_nothing_else_is(git, folder, snapshots)


def test_a_broken_ref_is_an_error_that_says_what_to_type(folder: Path) -> None:
    (folder / ".git/refs/heads/toolbuilder/x").write_text("")
    with snapshots.snapshot(folder) as seen, pytest.raises(RepositoryError, match=f"rev-parse --git-path {BRANCH}"):
        seen.resolve(BRANCH)


def test_outside_a_repository_it_is_told_what_to_type(tmp_path: Path) -> None:
    with pytest.raises(RepositoryError, match="git init"), snapshots.snapshot(tmp_path) as seen:
        seen.resolve("HEAD")
