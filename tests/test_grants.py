from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.bare_remote import bare_remote
from tests.granted_world import DATE, NOON
from tests.sabotage import assert_guarded
from toolbuilder import grants
from toolbuilder.adapters.git.process import Git as RunGit
from toolbuilder.adapters.git.refs import tools_with_journals
from toolbuilder.adapters.git.remote import GitRemote
from toolbuilder.adapters.git.remote_names import RefNames
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.adapters.git.snapshot import snapshot
from toolbuilder.adapters.pushed_repository import PushedRepository
from toolbuilder.errors import RaceLost, RepositoryError
from toolbuilder.grants import REF, Grant, put_grant, read_grants, strike_out
from toolbuilder.ports import Commit

Git = Callable[..., str]
GRANT = Grant(id="a", day="2026-03-01", usd=Decimal("0.25"), run="https://there/runs/1", until=NOON)


def named(name: str, **changes: object) -> Grant:
    return GRANT.model_copy(update={"id": name, **changes})


def test_what_is_written_is_read_back(git_repo: Path) -> None:
    repository = GitRepository(git_repo)
    assert read_grants(repository).files == {}
    put_grant(repository, read_grants(repository), GRANT, NOON, DATE)
    put_grant(repository, read_grants(repository), named("b", usd=Decimal("0.10")), NOON, DATE)
    put_grant(repository, read_grants(repository), named("a", usd=Decimal("0.50")), NOON, DATE)
    assert {one.id: one.usd for one in read_grants(repository).files.values()} == {
        "a": Decimal("0.50"),
        "b": Decimal("0.10"),
    }
    strike_out(repository, read_grants(repository), GRANT.path)
    assert [*read_grants(repository).files] == ["2026-03-01/b.json"]


def of_two_that_have_read_the_same_one_writes(folder: Path, part: Any) -> None:
    repository = GitRepository(folder)
    repository.swap(REF, repository.write(Commit((), "Nothing\n", {}, date=DATE)), repository.resolve(REF))
    seen = part.read_grants(repository)
    part.put_grant(repository, seen, named("one"), NOON, DATE)
    for late in (
        partial(part.put_grant, repository, seen, named("two"), NOON, DATE),
        partial(part.strike_out, repository, seen, named("one").path),
    ):
        with pytest.raises(RaceLost):
            late()
    assert [one.id for one in part.read_grants(repository).files.values()] == ["one"]


def what_is_long_over_is_struck_out_and_nothing_else(folder: Path, part: Any) -> None:
    repository = GitRepository(folder)
    for hours in (0, 1, 3):
        grant = named(f"{hours} hours ago", until=NOON - timedelta(hours=hours))
        part.put_grant(repository, part.read_grants(repository), grant, NOON - timedelta(hours=4), DATE)
    part.put_grant(repository, part.read_grants(repository), named("new", until=NOON), NOON, DATE)
    assert {one.id for one in part.read_grants(repository).files.values()} >= {"0 hours ago", "1 hours ago", "new"}
    assert "2026-03-01/3 hours ago.json" not in part.read_grants(repository).files


CHECKS = [
    (of_two_that_have_read_the_same_one_writes, "    repository.swap(REF, repository.write(commit), seen.tip)", "    repository.swap(REF, repository.write(commit), repository.resolve(REF))"),
    (of_two_that_have_read_the_same_one_writes, "{}, (path,))), seen.tip)", "{}, (path,))), repository.resolve(REF))"),
    (what_is_long_over_is_struck_out_and_nothing_else, "is_live(now - LIFETIME)", "is_live(now)"),
    (what_is_long_over_is_struck_out_and_nothing_else, "{grant.path: content}, over, date", "{grant.path: content}, (), date"),
]  # fmt: skip


@pytest.mark.parametrize(("check", "text", "instead"), CHECKS)
def test_grants_are_guarded(git_repo: Path, check: Callable[[Path, Any], None], text: str, instead: str) -> None:
    def afresh(part: Any) -> None:
        repository = GitRepository(git_repo)
        if tip := repository.resolve(REF):
            repository.swap(REF, repository.write(Commit((), "Begin\n", {}, date=DATE)), tip)
        check(git_repo, part)

    assert_guarded(grants, (afresh, text, instead))


def test_a_grant_is_live_up_to_its_end() -> None:
    assert [GRANT.is_live(NOON + timedelta(seconds=one)) for one in (-1, 0)] == [True, False]


def test_what_is_no_grant_is_named_with_its_cure(git_repo: Path) -> None:
    repository = GitRepository(git_repo)
    repository.swap(REF, repository.write(Commit((), "?\n", {"2026-03-01/a.json": b'{"usd": "NaN"}'}, date=DATE)), None)
    with pytest.raises(RepositoryError, match=r"2026-03-01/a.json is not a grant; .*`git update-ref -d refs/toolb"):
        read_grants(repository)


@pytest.mark.parametrize(("kind", "there"), [("refs", REF), ("branches", "refs/heads/toolbuilder-budget")])
def test_the_ref_is_pushed_under_the_name_that_the_remote_takes_and_is_nobodys_tool(
    git_repo: Path, git: Git, tmp_path: Path, kind: Any, there: str
) -> None:
    remote = bare_remote(git, tmp_path / "there.git", git_repo)
    pushed = PushedRepository(GitRepository(git_repo), GitRemote(RunGit(git_repo), "origin", RefNames(kind)))
    put_grant(pushed, read_grants(pushed), GRANT, NOON, DATE)
    assert remote.tips().keys() == {"refs/heads/main", there}
    git(tmp_path, "clone", "--quiet", str(remote.folder), "other")
    other = PushedRepository(
        GitRepository(tmp_path / "other"), GitRemote(RunGit(tmp_path / "other"), "origin", RefNames(kind))
    )
    other.reconcile(REF)
    assert read_grants(other).files == {GRANT.path: GRANT}
    assert tools_with_journals(tmp_path / "other") == ()
    with snapshot(git_repo) as moment:
        assert moment.branches() == []
    with snapshot(git_repo, other.remote.tips()) as moment:
        assert moment.branches() == []
