from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from toolbuilder.adapters.git.commit import import_stream
from toolbuilder.adapters.git.process import AUTHOR, Git
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.errors import RepositoryError
from toolbuilder.ports import Commit

RunGit = Callable[..., str]
DATE = "1700000000 +0000"
FIRST = Commit((), "First\n", {"a/b.txt": b"b\n", "run": b"#!/bin/sh\n"}, executable=("run",), date=DATE)


def test_the_same_commit_has_the_same_id_everywhere(git: RunGit, git_repo: Path, tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "other")
    for setting in (
        "commit.gpgsign=true",
        "core.autocrlf=true",
        "i18n.commitEncoding=latin1",
        "user.useConfigOnly=true",
    ):
        git(tmp_path / "other", "config", *setting.split("="))

    ids = {GitRepository(folder).write(FIRST) for folder in (git_repo, tmp_path / "other")}

    assert ids == {"d634c2def4881eac0b50a9e65114d1cd7396d052"}


def test_a_written_commit_equals_what_git_itself_would_have_made(git: RunGit, git_repo: Path) -> None:
    repository = GitRepository(git_repo, author="A Person <person@localhost>")
    parent = repository.resolve("HEAD")
    assert parent
    (git_repo / "new").mkdir()
    (git_repo / "new" / "file.txt").write_text("x\n")
    (git_repo / "README.md").unlink()
    git(git_repo, "add", "--all")
    git(git_repo, "commit", "--quiet", "--message", "Change")

    ours = Commit((parent,), "Change\n", {"new/file.txt": b"x\n"}, removed=("README.md",))
    assert repository.write(ours) == git(git_repo, "rev-parse", "HEAD")


def test_a_merge_has_both_parents_and_starts_from_the_first_ones_tree(git: RunGit, git_repo: Path) -> None:
    repository = GitRepository(git_repo)
    left = repository.write(FIRST)
    right = repository.write(replace(FIRST, files={"other": b""}, executable=()))
    merged = repository.write(Commit((left, right), "Merge\n", {"new": b"n"}))
    assert git(git_repo, "show", "--no-patch", "--format=%P %ad", "--date=raw", merged) == f"{left} {right} {DATE}"
    assert repository.read(merged) == {**FIRST.files, "new": b"n"}


def test_a_commit_without_files_has_the_empty_tree(git_repo: Path) -> None:
    repository = GitRepository(git_repo)
    assert repository.read(repository.write(Commit((), "Empty\n", {}, date=DATE))) == {}


BAD_PATHS = [
    "", "/etc/passwd", "a//b", "a/", "./a", "../a", "a/../../b", ".git/config", "a/.git/hooks/x", ".GIT/config", ".Git",
    ".git /x", ".git./x", ".git::$INDEX_ALLOCATION/x", "git~1/x", "GIT~1/x", ".g\u200cit/x", "\ufeff.git/x", "a\\..\\b",
    ".git\\config", "a\0b", "a\nb", "a\tb",
]  # fmt: skip


@pytest.mark.parametrize("path", BAD_PATHS)
def test_a_path_that_leaves_the_work_tree_or_reaches_gits_folder_is_refused(path: str, git_repo: Path) -> None:
    repository = GitRepository(git_repo)
    for commit in (replace(FIRST, files={path: b""}, executable=()), replace(FIRST, removed=(path,))):
        with pytest.raises(RepositoryError, match="cannot write the path"):
            repository.write(commit)


def test_without_our_check_such_a_path_would_get_as_far_as_git(git_repo: Path) -> None:
    commit = replace(FIRST, files={"a/.git/hooks/x": b"", "b/../c": b""}, executable=())
    stored = Git(git_repo).run("fast-import", "--quiet", stdin=import_stream(commit, AUTHOR))
    checked = Git(git_repo).run("fsck", "--strict")
    assert stored.exit_code or "hasDotgit" in checked.stderr + checked.stdout.decode()


@pytest.mark.parametrize("path", [".gitignore", ".github/x", "a.git/x", "git/x", "..a", "...", "x y", "é", 'a"b', "-x"])
def test_ordinary_paths_are_written(path: str, git_repo: Path) -> None:
    repository = GitRepository(git_repo)
    assert repository.read(repository.write(replace(FIRST, files={path: b"1"}, executable=()))) == {path: b"1"}


BAD_COMMITS = [
    (replace(FIRST, date="yesterday"), "the date must have the form"),
    (replace(FIRST, date=""), "a commit without a parent needs a date"),
    (replace(FIRST, message="a\0b"), "NUL character"),
    (replace(FIRST, parents=("HEAD",)), "'HEAD' is no commit id"),
    (replace(FIRST, parents=("f" * 40,)), "Not a valid commit"),
    (replace(FIRST, files={"a": b"", "a/b": b""}, executable=()), "'a' is a file and a folder"),
    (replace(FIRST, executable=("nope",)), "'nope' is executable but not written"),
]


@pytest.mark.parametrize(("commit", "message"), BAD_COMMITS, ids=[message for _, message in BAD_COMMITS])
def test_a_commit_that_cannot_be_made_is_refused_and_leaves_nothing(
    commit: Commit, message: str, git_repo: Path
) -> None:
    before = set((git_repo / ".git").iterdir())
    with pytest.raises(RepositoryError, match=message):
        GitRepository(git_repo).write(commit)
    assert set((git_repo / ".git").iterdir()) == before


def test_an_author_that_would_break_the_commit_is_refused(git_repo: Path) -> None:
    with pytest.raises(RepositoryError, match="the author must have the form"):
        GitRepository(git_repo, author="A\nB <x>").write(FIRST)


def test_a_commit_that_differs_from_the_one_asked_for_is_noticed(
    git_repo: Path, git_in_front: Callable[[str], None]
) -> None:
    git_in_front('case "$*" in *fast-import*) sed s/First/Worst/ | "$REAL_GIT" "$@"; exit;; esac')
    with pytest.raises(RepositoryError, match="which is not the one asked for"):
        GitRepository(git_repo).write(FIRST)


def test_a_stream_that_is_cut_short_stores_no_commit(git_repo: Path) -> None:
    stream = import_stream(FIRST, AUTHOR)
    cut = Git(git_repo).run("fast-import", "--quiet", stdin=stream.removesuffix(b"done\n"))
    assert cut.exit_code
    assert not Git(git_repo).run("fast-import", "--quiet", stdin=stream).exit_code
