import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.sabotage import assert_guarded
from toolbuilder import journal_files
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.errors import ToolbuilderError
from toolbuilder.journal import Journal
from toolbuilder.journal_files import Written
from toolbuilder.ports import Answer

REF = "refs/toolbuilder/journal/x"


class Count(Written):
    """What the file of these tests says."""

    count: int = 0


def file_of(part: Any, path: str = "count.json") -> Any:
    return part.JournalFile(path, "count", Count)


def more(old: Count) -> Count:
    return Count(count=old.count + 1)


@dataclass
class Raced:
    """A repository in which somebody else is faster, so many times."""

    inner: GitRepository
    meet: Callable[[], object]
    times: int = 1

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def swap(self, ref: str, new: str, old: str | None) -> None:
        if self.times:
            self.times -= 1
            self.meet()
        self.inner.swap(ref, new, old)


@pytest.fixture
def repository(git_repo: Path) -> GitRepository:
    return GitRepository(git_repo)


def a_lost_race_is_run_again_from_what_stands_there_then(repository: GitRepository, part: Any) -> None:
    start = file_of(part).read(repository, "x").count
    other = partial(file_of(journal_files).change, repository, "x", more)
    file_of(part).change(Raced(repository, other, 3), "x", more)
    assert file_of(part).read(repository, "x").count == start + 4


def what_stays_the_same_is_no_commit(repository: GitRepository, part: Any) -> None:
    file_of(part).change(repository, "x", more)
    tip = repository.resolve(REF)
    file_of(part).change(repository, "x", lambda old: old)
    assert repository.resolve(REF) == tip


def what_else_the_journal_holds_stays(repository: GitRepository, part: Any) -> None:
    file_of(part, "other.json").change(repository, "x", more)
    file_of(part).change(repository, "x", more)
    assert {"count.json", "other.json"} <= repository.read(repository.resolve(REF) or "").keys()


GUARDED = [
    (a_lost_race_is_run_again_from_what_stands_there_then, "                continue\n", "                return\n"),
    (what_stays_the_same_is_no_commit, "if (new := change(old)) == old:", "if (new := change(old)) is None:"),
    (what_else_the_journal_holds_stays, "Commit((tip,) if tip else (),", "Commit((),"),
]


@pytest.mark.parametrize(("check", "text", "instead"), GUARDED)
def test_what_a_journals_file_promises_is_guarded(
    repository: GitRepository, check: Callable[..., None], text: str, instead: str
) -> None:
    assert_guarded(journal_files, (partial(check, repository), text, instead))


def test_a_race_that_is_never_won_is_an_error_that_says_so(repository: GitRepository) -> None:
    raced = Raced(repository, partial(file_of(journal_files).change, repository, "x", more), 1_000)
    with pytest.raises(ToolbuilderError, match=r"journal/x moved 100 times while other\.json was written; run again"):
        file_of(journal_files, "other.json").change(raced, "x", more)


def test_a_builder_that_stores_answers_meanwhile_loses_none(repository: GitRepository) -> None:
    journal = Journal(repository, "x", "0 +0000")
    keys = iter(f"{number:032}" for number in range(9))

    def answered() -> None:
        asyncio.run(journal.record(next(keys), "ask", Answer("{}", "e", "m")))

    file_of(journal_files).change(Raced(repository, answered, 3), "x", more)
    answered()
    assert len(Journal(repository, "x", "0 +0000").entries) == 4
    assert file_of(journal_files).read(repository, "x").count == 1


def test_the_first_commit_of_a_journal_has_the_date_that_it_is_given(
    repository: GitRepository, git_repo: Path, git: Callable[..., str]
) -> None:
    file_of(journal_files).change(repository, "x", more, "1700000000 +0000")
    file_of(journal_files).change(repository, "x", more)
    assert git(git_repo, "log", "--format=%ct", REF).split() == ["1700000000", "1700000000"]
