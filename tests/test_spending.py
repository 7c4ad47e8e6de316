import asyncio
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from tests.bought import MORNING, NEXT_DAY, answer_of, bought
from toolbuilder.adapters.git.refs import journal_tips
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.budget import Cap
from toolbuilder.journal import Journal
from toolbuilder.ports import Answer, Commit, Purchase
from toolbuilder.spending import Books, Cost, bought_by, bought_since, build_cap, run_cap, sum_of

DATE = "1700000000 +0000"


class Reading(GitRepository):
    """Takes down what is read."""

    def __init__(self, folder: Path):
        super().__init__(folder)
        self.read_under: list[str] = []

    def read(self, commit: str, under: str = "") -> Mapping[str, bytes]:
        self.read_under.append(under)
        return super().read(commit, under)


def record(folder: Path, tool: str, answers: dict[str, Answer]) -> None:
    journal = Journal(GitRepository(folder), tool, DATE)

    async def all_of_them() -> None:
        for key, answer in answers.items():
            await journal.record(key * 32, "write_module", answer)

    asyncio.run(all_of_them())


def test_the_paid_calls_of_all_journals_come_in_the_order_of_their_time(git_repo: Path) -> None:
    record(git_repo, "one", {"a": answer_of(0.5, Purchase(NEXT_DAY, "b")), "b": answer_of(0.25)})
    record(git_repo, "two", {"c": answer_of(0.125), "d": answer_of(0, purchase=None)})
    found = bought_by(GitRepository(git_repo), ["two", "one", "never-built"])

    assert [(one.tool, one.usd, one.day) for one in found] == [
        ("one", Decimal("0.25"), "2026-03-01"),
        ("two", Decimal("0.125"), "2026-03-01"),
        ("one", Decimal("0.5"), "2026-03-02"),
    ]


def test_what_a_run_has_paid_is_what_was_bought_since_it_began(git_repo: Path) -> None:
    record(git_repo, "one", {"a": answer_of(0.5, Purchase(NEXT_DAY, "b")), "b": answer_of(0.25)})
    found = [bought_since(GitRepository(git_repo), ["one"], at) for at in (MORNING, NEXT_DAY, "2026-03-03")]
    assert [sum_of(one) for one in found] == [Decimal("0.75"), Decimal("0.5"), 0]


def test_an_answer_that_two_journals_hold_was_bought_once(git_repo: Path) -> None:
    for tool in ("one", "two"):
        record(git_repo, tool, {"a": answer_of(0.5)})
    record(git_repo, "three", {"a": answer_of(0.5, Purchase(NEXT_DAY, "b"))})

    assert sum_of(bought_by(GitRepository(git_repo), ["one", "two", "three"])) == 1


def test_an_entry_of_the_time_before_purchases_is_read_and_counts_as_not_bought(git_repo: Path) -> None:
    repository = GitRepository(git_repo)
    entry = b'{"microtask":"m","answer":{"text":"{}","engine":"shop","model":"shop-1","cost_usd":0.5}}'
    commit = Commit((), "Journal answers", {f"answers/aa/{'a' * 32}.json": entry}, date=DATE)
    repository.swap("refs/toolbuilder/journal/one", repository.write(commit), None)

    assert Journal(repository, "one", DATE).spent_usd() == 0.5
    assert bought_by(repository, ["one"]) == ()


def test_the_cap_of_a_build_counts_what_was_bought_for_the_same_brief() -> None:
    purchases = [
        bought(1),
        bought(2, build="another brief"),
        bought(4, tool="another"),
        bought(8, cost="at most", answered=False),
        bought(16, at=NEXT_DAY, answered=False),
    ]
    found = build_cap("tool", 20, "brief", purchases)

    assert [found.scope, found.usd, found.spent, found.unknown] == ["build tool", 20, 17, 8]
    assert "specs/tool.yaml" in found.remedy


def test_what_a_purchase_means_for_its_day_is_told_with_its_grant() -> None:
    purchases = [bought(1), bought(4, at=NEXT_DAY, grant="a"), bought(8, cost="at most")]

    assert [one.cost for one in purchases] == [
        Cost("2026-03-01", "", Decimal(1)),
        Cost("2026-03-02", "a", Decimal(4)),
        Cost("2026-03-01", "", Decimal(8), certain=False),
    ]


def test_books_read_again_what_has_moved_and_nothing_else(git_repo: Path) -> None:
    repository = Reading(git_repo)
    record(git_repo, "one", {"a": answer_of(0.5)})
    record(git_repo, "two", {"a": answer_of(0.5), "b": answer_of(0.25)})
    books = Books(repository, lambda: journal_tips(git_repo))
    assert [sum_of(books.bought()) for _ in range(3)] == [Decimal("0.75")] * 3
    assert repository.read_under == ["answers"] * 2
    record(git_repo, "one", {"c": answer_of(1)})
    record(git_repo, "three", {"d": answer_of(2)})
    assert books.bought() == bought_by(repository, ["one", "two", "three"])
    assert repository.read_under == ["answers"] * (2 + 2 + 3)


def test_the_cap_of_a_run_starts_at_nothing() -> None:
    assert run_cap(0.1) == Cap("run", Decimal("0.1"), "raise the setting `run_usd` (TOOLBUILDER_RUN_USD)")


@pytest.mark.parametrize("count", [3, 10])
def test_dimes_add_up_exactly(count: int) -> None:
    assert sum_of([bought(0.1)] * count) == Decimal(count) / 10
