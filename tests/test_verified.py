import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.bare_remote import bare_remote
from tests.sabotage import assert_guarded
from toolbuilder import verified
from toolbuilder.adapters.git.process import Git as GitProcess
from toolbuilder.adapters.git.remote import GitRemote
from toolbuilder.adapters.git.remote_names import RefNames
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.adapters.git.snapshot import snapshot
from toolbuilder.adapters.pushed_repository import PushedRepository
from toolbuilder.commits import branch_of, journal_ref
from toolbuilder.errors import RepositoryError
from toolbuilder.journal import Journal
from toolbuilder.ports import Commit
from toolbuilder.runs import Claimant, Run, record_of
from toolbuilder.verified import VerifiedAgain, keep_verified, verified_of

Git = Callable[..., str]
RUN = "https://github.com/acme/tools/actions/runs/12"
REF = journal_ref("x")


@pytest.fixture
def repository(git_repo: Path) -> GitRepository:
    repository = GitRepository(git_repo)
    repository.swap(branch_of("x"), repository.resolve("HEAD") or "", None)
    return repository


def tip_of(repository: GitRepository) -> str:
    return repository.resolve(branch_of("x")) or ""


def only_the_tip_of_the_branch_is_written(repository: GitRepository, part: Any) -> None:
    before = repository.resolve(REF)
    old, new = tip_of(repository), repository.write(Commit((tip_of(repository),), "More\n", {}))
    repository.swap(branch_of("x"), new, old)
    for stray in (old, "a" * 40, ""):
        part.keep_verified(repository, "x", part.VerifiedAgain(commit=stray))
        assert repository.resolve(REF) == before
    part.keep_verified(repository, "y", part.VerifiedAgain(commit=new))
    assert repository.resolve(journal_ref("y")) is None
    repository.swap(branch_of("x"), old, new)


def only_the_address_of_a_run_is_believed(repository: GitRepository, part: Any) -> None:
    for run, known in ((RUN, True), ("", True), ("x) [y](https://evil.example", False), (f"{RUN}) x", False)):
        write(repository, json.dumps({"commit": tip_of(repository), "run": run}).encode())
        assert bool(part.verified_of(repository, "x").commit) == known


def only_the_id_of_a_commit_is_believed(repository: GitRepository, part: Any) -> None:
    for commit in ("`](https://evil.example)", "a` @acme/all", f"{'a' * 40}\n", "a" * 39):
        write(repository, json.dumps({"commit": commit, "run": RUN}).encode())
        assert part.verified_of(repository, "x") == part.VerifiedAgain()


def write(repository: GitRepository, content: bytes) -> None:
    """Write a file as anybody could who may push."""
    tip = repository.resolve(REF)
    commit = Commit((tip,) if tip else (), "Mine\n", {"verified.json": content}, date="0 +0000")
    repository.swap(REF, repository.write(commit), tip)


GUARDED = [
    (only_the_tip_of_the_branch_is_written, "now if repository.resolve(ref) == now.commit else old", "now"),
    (only_the_address_of_a_run_is_believed, "if run and not RUN_ADDRESS.fullmatch(run):", "if False:"),
    (only_the_address_of_a_run_is_believed, "RUN_ADDRESS.fullmatch(run)", "RUN_ADDRESS.match(run)"),
    (only_the_id_of_a_commit_is_believed, "if not _COMMIT.fullmatch(commit):", "if False:"),
    (only_the_id_of_a_commit_is_believed, "_COMMIT.fullmatch(commit)", "_COMMIT.match(commit)"),
]


@pytest.mark.parametrize(("check", "text", "instead"), GUARDED)
def test_what_is_said_to_be_verified_again_is_guarded(
    repository: GitRepository, check: Callable[..., None], text: str, instead: str
) -> None:
    assert_guarded(verified, (partial(check, repository), text, instead))


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"commit": 1}', b'{"run": null}', b"\xff"])
def test_what_cannot_be_read_vouches_for_nothing_and_is_written_anew(content: bytes, repository: GitRepository) -> None:
    write(repository, content)
    assert verified_of(repository, "x") == VerifiedAgain()
    now = VerifiedAgain(commit=tip_of(repository), run=RUN)
    keep_verified(repository, "x", now)
    assert verified_of(repository, "x") == now


def test_a_journal_that_is_no_commit_vouches_for_nothing_and_takes_nothing(
    repository: GitRepository, git_repo: Path, git: Git
) -> None:
    (git_repo / "stray").write_text("x")
    git(git_repo, "update-ref", REF, git(git_repo, "hash-object", "-w", "stray").strip())
    with snapshot(git_repo) as seen:
        assert verified_of(seen, "x") == verified_of(repository, "x") == VerifiedAgain()
    with pytest.raises(RepositoryError):
        keep_verified(repository, "x", VerifiedAgain(commit=tip_of(repository)))


def test_a_tool_that_was_built_elsewhere_has_no_journal_and_gets_one(repository: GitRepository, git_repo: Path) -> None:
    now = VerifiedAgain(commit=tip_of(repository))
    for _ in range(2):
        keep_verified(repository, "x", now)
    assert len(repository.log(REF)) == 1
    assert Journal(repository, "x", "0 +0000").entries == {}
    assert record_of(repository, "x").stopped is None
    with snapshot(git_repo) as seen:
        assert verified_of(seen, "x") == now


@pytest.mark.parametrize("names", [RefNames(), RefNames("branches")])
def test_two_machines_write_to_one_journal_and_lose_nothing(
    names: RefNames, repository: GitRepository, git_repo: Path, git: Git, tmp_path: Path
) -> None:
    there = bare_remote(git, tmp_path / "there.git", git_repo)
    git(git_repo, "push", "--quiet", "origin", "toolbuilder/x")
    git(tmp_path, "clone", "--quiet", str(there.folder), "other")
    publisher, builder = (
        PushedRepository(GitRepository(folder), GitRemote(GitProcess(folder), "origin", names))
        for folder in (git_repo, tmp_path / "other")
    )
    Run(builder, "x", Claimant("a builder")).begin("generation", "here")
    now = VerifiedAgain(commit=tip_of(repository), run=RUN)
    keep_verified(publisher, "x", now)  # it has not heard of that journal
    assert record_of(publisher, "x").run == "a builder"
    Run(builder, "x", Claimant("a builder")).end()  # nor has the builder of what was verified
    assert verified_of(builder, "x") == now
    assert git(there.folder, "show", f"{names.there(REF)}:verified.json") == json.dumps(
        {"commit": now.commit, "run": RUN}, separators=(",", ":")
    )
    assert there.tips()[names.there(REF)] == builder.resolve(REF)
