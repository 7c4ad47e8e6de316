import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.errors import RaceLost, RepositoryError
from toolbuilder.ports import Commit

RunGit = Callable[..., str]
BRANCH = "refs/heads/toolbuilder/tool"
DATE = "1700000000 +0000"
FIRST = Commit((), "First\n", {"a/b.txt": b"b\n", "run": b"#!/bin/sh\n"}, executable=("run",), date=DATE)


def plain(git: RunGit, origin: Path) -> Path:
    assert git(origin, "status", "--short") == ""
    return origin


def folder_inside(git: RunGit, origin: Path) -> Path:
    assert git(origin, "status", "--short") == ""
    (origin / "deep" / "er").mkdir(parents=True)
    return origin / "deep" / "er"


def bare(git: RunGit, origin: Path) -> Path:
    git(origin, "clone", "--quiet", "--bare", ".", "../bare.git")
    return origin.parent / "bare.git"


def linked_worktree(git: RunGit, origin: Path) -> Path:
    git(origin, "worktree", "add", "--quiet", "../linked")
    return origin.parent / "linked"


def detached_head(git: RunGit, origin: Path) -> Path:
    git(origin, "switch", "--quiet", "--detach")
    return origin


def unborn_head(git: RunGit, origin: Path) -> Path:
    git(origin, "init", "--quiet", "../unborn")
    return origin.parent / "unborn"


def sha256(git: RunGit, origin: Path) -> Path:
    git(origin, "init", "--quiet", "--object-format=sha256", "../sha256")
    return origin.parent / "sha256"


def shallow_clone(git: RunGit, origin: Path) -> Path:
    git(origin, "commit", "--quiet", "--allow-empty", "--message", "More")
    git(origin, "clone", "--quiet", "--depth=1", f"file://{origin}", "../shallow")
    return origin.parent / "shallow"


def odd_path(git: RunGit, origin: Path) -> Path:
    git(origin, "init", "--quiet", "../une é, two  spaces 'and quotes")
    return origin.parent / "une é, two  spaces 'and quotes"


def stale_index_lock(git: RunGit, origin: Path) -> Path:
    assert git(origin, "status", "--short") == ""
    (origin / ".git" / "index.lock").touch()
    return origin


def hostile_configuration(git: RunGit, origin: Path) -> Path:
    settings = {
        "commit.gpgsign": "true", "gpg.program": "/bin/false", "core.autocrlf": "true", "core.eol": "crlf",
        "i18n.commitEncoding": "latin1", "i18n.logOutputEncoding": "latin1", "user.useConfigOnly": "true",
        "log.showSignature": "true", "trailer.separators": "=", "color.ui": "always", "log.date": "relative",
        "core.quotePath": "true", "fetch.fsckObjects": "true", "transfer.fsckObjects": "true",
    }  # fmt: skip
    for name, value in settings.items():
        git(origin, "config", name, value)
    return origin


PLACES = [
    plain, folder_inside, bare, linked_worktree, detached_head, unborn_head, sha256, shallow_clone, odd_path,
    stale_index_lock, hostile_configuration,
]  # fmt: skip


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_every_kind_of_repository_can_be_written_moved_and_read(
    place: Callable[[RunGit, Path], Path], git: RunGit, git_repo: Path
) -> None:
    repository = GitRepository(place(git, git_repo))

    first = repository.write(FIRST)
    repository.swap(BRANCH, first, None)
    message = "Second: é\n\nToolbuilder-Tool: tool\nToolbuilder-Stage: one\n"
    second = repository.write(Commit((first,), message, {'ü "x" y': b"\r\n"}, removed=("a",)))
    repository.swap(BRANCH, second, first)

    assert repository.resolve(BRANCH) == second
    assert repository.read(first) == FIRST.files
    assert repository.read(second) == {"run": b"#!/bin/sh\n", 'ü "x" y': b"\r\n"}
    newest, oldest = repository.log(BRANCH)
    assert (newest.commit, newest.subject, newest.author) == (second, "Second: é", "toolbuilder")
    assert newest.trailers == {"Toolbuilder-Tool": "tool", "Toolbuilder-Stage": "one"}
    assert (oldest.commit, oldest.date, oldest.trailers) == (first, "2023-11-14T22:13:20+00:00", {})


def test_a_folder_outside_any_repository_is_refused_with_what_to_type(tmp_path: Path) -> None:
    with pytest.raises(RepositoryError, match="is not inside a git repository; type `git init "):
        GitRepository(tmp_path)
    with pytest.raises(RepositoryError, match="does not exist"):
        GitRepository(tmp_path / "nowhere")


def test_head_index_and_work_tree_stay_as_the_person_left_them(git: RunGit, git_repo: Path) -> None:
    (git_repo / "README.md").write_text("half an edit")
    (git_repo / "staged").write_text("staged")
    git(git_repo, "add", "staged")
    before = (git(git_repo, "status", "--porcelain=2", "--branch"), (git_repo / ".git" / "index").read_bytes())
    repository = GitRepository(git_repo)

    head = repository.resolve("HEAD")
    assert head
    repository.swap(BRANCH, repository.write(Commit((head,), "On top\n", {"README.md": b"other"})), None)

    assert before == (git(git_repo, "status", "--porcelain=2", "--branch"), (git_repo / ".git" / "index").read_bytes())
    assert (git_repo / "README.md").read_text() == "half an edit"
    assert git(git_repo, "fsck", "--strict") == ""


def test_writing_moves_no_ref_and_leaves_nothing_but_objects(git: RunGit, git_repo: Path) -> None:
    before = (git(git_repo, "for-each-ref"), set((git_repo / ".git").iterdir()))
    GitRepository(git_repo).write(FIRST)
    assert before == (git(git_repo, "for-each-ref"), set((git_repo / ".git").iterdir()))


def test_names_that_name_no_commit_resolve_to_none(git_repo: Path) -> None:
    repository = GitRepository(git_repo)
    for name in (
        "nope",
        "refs/heads/nope",
        "0" * 40,
        "f" * 40,
        "-x",
        "--all",
        "HEAD:README.md",
        "a b",
        "",
        "a\0b",
        "a\nb",
    ):
        assert repository.resolve(name) is None


def test_an_unborn_head_resolves_to_none_and_has_no_log(git: RunGit, git_repo: Path) -> None:
    repository = GitRepository(unborn_head(git, git_repo))
    assert repository.resolve("HEAD") is None
    assert repository.log("HEAD") == []


def test_a_swap_from_anything_but_the_present_value_loses_the_race(git_repo: Path) -> None:
    repository = GitRepository(git_repo)
    one, two = repository.write(FIRST), repository.write(replace(FIRST, message="Two\n"))
    with pytest.raises(RaceLost):
        repository.swap(BRANCH, one, two)
    repository.swap(BRANCH, one, None)
    for old in (None, two):
        with pytest.raises(RaceLost):
            repository.swap(BRANCH, two, old)
    assert repository.resolve(BRANCH) == one


@pytest.mark.parametrize(
    "ref", ["HEAD", "refs/heads/main", "refs/heads/toolbuilder", "refs/tags/toolbuilder/x", "x", "-d"]
)
def test_a_ref_that_is_not_ours_is_never_moved(ref: str, git_repo: Path, git: RunGit) -> None:
    before = git(git_repo, "for-each-ref")
    repository = GitRepository(git_repo)
    with pytest.raises(RepositoryError, match="is not toolbuilder's to move"):
        repository.swap(ref, repository.write(FIRST), repository.resolve(ref))
    assert git(git_repo, "for-each-ref") == before


def test_a_symbolic_ref_does_not_lead_a_swap_to_another_branch(git_repo: Path, git: RunGit) -> None:
    git(git_repo, "symbolic-ref", BRANCH, "refs/heads/main")
    repository = GitRepository(git_repo)
    main, new = repository.resolve("main"), repository.write(FIRST)
    repository.swap(BRANCH, new, main)
    assert (repository.resolve("main"), repository.resolve(BRANCH)) == (main, new)


@pytest.mark.parametrize("ref", ["refs/toolbuilder/a..b", "refs/toolbuilder/x.lock", "refs/heads/toolbuilder/a b"])
def test_an_invalid_ref_name_is_a_repository_error(ref: str, git_repo: Path) -> None:
    repository = GitRepository(git_repo)
    with pytest.raises(RepositoryError, match="bad name"):
        repository.swap(ref, repository.write(FIRST), None)


def test_a_branch_in_the_way_is_a_repository_error_that_says_what_to_type(git_repo: Path, git: RunGit) -> None:
    git(git_repo, "branch", "toolbuilder")
    repository = GitRepository(git_repo)
    with pytest.raises(RepositoryError, match="git branch -m OLD NEW"):
        repository.swap(BRANCH, repository.write(FIRST), None)


def test_a_checked_out_branch_is_not_moved_under_its_work_tree(git_repo: Path, git: RunGit) -> None:
    repository = GitRepository(git_repo)
    first, second = repository.write(FIRST), repository.write(replace(FIRST, files={"new": b""}, executable=()))
    repository.swap(BRANCH, first, None)
    git(git_repo, "worktree", "add", "--quiet", "../linked", BRANCH.removeprefix("refs/heads/"))

    with pytest.raises(RepositoryError, match=r"is checked out in .*linked.*`git switch --detach`"):
        repository.swap(BRANCH, second, first)
    assert git(git_repo.parent / "linked", "status", "--short") == ""

    git(git_repo, "update-ref", BRANCH, second, first)
    assert git(git_repo.parent / "linked", "status", "--short") != "", "the harm that the refusal prevents"
    shutil.rmtree(git_repo.parent / "linked")
    repository.swap(BRANCH, first, second)


def test_a_log_is_limited_and_reads_trailers_past_a_divider(git_repo: Path) -> None:
    repository = GitRepository(git_repo)
    one = repository.write(FIRST)
    two = repository.write(Commit((one,), "Two\n\n--- a divider\n\nKey: first\nKey: last\nLong: a\n b\n", {}))
    repository.swap(BRANCH, two, None)
    assert [entry.trailers for entry in repository.log(BRANCH, limit=1)] == [{"Key": "last", "Long": "a b"}]
    assert repository.log("refs/heads/toolbuilder/none") == []


def test_a_signed_commit_is_logged_without_the_words_of_its_verification(git_repo: Path, git: RunGit) -> None:
    signed = git(git_repo, "cat-file", "commit", "HEAD").replace(
        "\n\n", "\ngpgsig -----BEGIN PGP SIGNATURE-----\n\n", 1
    )
    (git_repo / "commit").write_text(signed)
    commit = git(git_repo, "hash-object", "-t", "commit", "-w", "commit")
    git(git_repo, "config", "log.showSignature", "true")
    (git_repo / "gpg").write_text("#!/bin/sh\necho many words >&2\n")
    (git_repo / "gpg").chmod(0o755)
    git(git_repo, "config", "gpg.program", str(git_repo / "gpg"))
    assert git(git_repo, "log", "--format=%H", commit) != commit, "the harm"
    assert [entry.commit for entry in GitRepository(git_repo).log(commit)] == [commit]
