from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from toolbuilder.adapters.batches.record import REF, Batch, OpenBatches, Sent
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.errors import RaceLost, RepositoryError
from toolbuilder.ports import Commit

Git = Callable[..., str]
DATE = "1700000000 +0000"
SENT = Sent(
    tool="tool", key="0" * 32, microtask="name_it", max_tokens=9, model="small", build="brief", worst=Decimal("0.5")
)


def batch(name: str, at: str = "2026-11-22T10:00:00+00:00") -> Batch:
    return Batch(id=name, at=at, sent={f"0-{name}": SENT, f"1-{name}": SENT.model_copy(update={"worst": None})})


def opened(folder: Path) -> OpenBatches:
    return OpenBatches(GitRepository(folder), DATE)


def test_a_batch_is_open_until_it_is_closed_for_every_process(git_repo: Path) -> None:
    assert opened(git_repo).all() == ()
    late, early = batch("b", "2026-11-22T11:00:00+00:00"), batch("../../a\n")
    for one in (late, early):
        opened(git_repo).open(one)
    assert opened(git_repo).all() == (early, late)
    opened(git_repo).close(early)
    assert opened(git_repo).all() == (late,)
    opened(git_repo).close(late)
    assert opened(git_repo).all() == ()


def test_a_batch_is_written_down_once_whether_its_id_is_known_or_not(git_repo: Path) -> None:
    known = batch("a")
    opened(git_repo).open(known.model_copy(update={"id": ""}))
    opened(git_repo).open(known)
    assert opened(git_repo).all() == (known,)
    opened(git_repo).close(known)
    assert opened(git_repo).all() == ()


def test_closing_twice_does_no_harm(git_repo: Path) -> None:
    opened(git_repo).open(batch("a"))
    for _ in range(2):
        opened(git_repo).close(batch("a"))
    assert opened(git_repo).all() == ()


class Racing(GitRepository):
    """Somebody else is always a moment earlier, so many times."""

    races = 2

    def swap(self, ref: str, new: str, old: str | None) -> None:
        if self.races:
            self.races -= 1
            other = GitRepository(Path(self._git.folder))
            OpenBatches(other, DATE).open(batch(f"other-{self.races}"))
        super().swap(ref, new, old)


def test_who_loses_a_race_writes_on_top_of_what_the_other_wrote(git_repo: Path) -> None:
    OpenBatches(Racing(git_repo), DATE).open(batch("mine"))
    assert {one.id for one in opened(git_repo).all()} == {"mine", "other-0", "other-1"}


class Stuck(GitRepository):
    """A repository whose ref never moves."""

    def swap(self, ref: str, new: str, old: str | None) -> None:
        raise RaceLost(f"{ref} {new} {old}")


def test_a_ref_that_cannot_be_moved_is_an_error_and_no_loop(git_repo: Path) -> None:
    with pytest.raises(RepositoryError, match=f"{REF} moved 100 times"):
        OpenBatches(Stuck(git_repo), DATE).open(batch("a"))


@pytest.mark.parametrize("content", [b"{", b"", b'{"id": "a"}', batch("a").model_dump_json().encode()[:-1]])
def test_a_damaged_batch_is_an_error_that_says_what_to_type(git_repo: Path, content: bytes) -> None:
    repository = GitRepository(git_repo)
    repository.swap(REF, repository.write(Commit((), "Damage\n", {"a.json": content}, date=DATE)), None)
    with pytest.raises(RepositoryError, match=rf"a\.json is not a batch; .* `git update-ref -d {REF}`"):
        opened(git_repo).all()


def test_the_same_batches_make_the_same_commits_and_touch_nothing_else(git_repo: Path, git: Git) -> None:
    git(git_repo, "clone", "--quiet", ".", "../other")
    tips = set()
    for folder in (git_repo, git_repo.parent / "other"):
        opened(folder).open(batch("a"))
        tips.add(git(folder, "rev-parse", REF))
    assert len(tips) == 1
    assert git(git_repo, "status", "--porcelain") == ""
