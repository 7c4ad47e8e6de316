"""One run's part of a day's cap: how it grows, runs out and is given back."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.granted_office import CENT, TODAY, TOMORROW, Office, give_back
from tests.granted_world import NOON, Memory
from tests.sabotage import assert_guarded
from toolbuilder import purse
from toolbuilder.adapters.reserving import reserved
from toolbuilder.budget import NotGranted, Reservation
from toolbuilder.errors import BudgetReached, RaceLost, RepositoryError, ToolbuilderError
from toolbuilder.grants import REF, read_grants
from toolbuilder.spending import Cost


def test_nothing_is_read_or_written_before_the_first_call_and_nothing_afterwards_where_there_was_none() -> None:
    office = Office()
    ledger = office.run()
    assert ledger.caps == ("day",)
    with pytest.raises(NotGranted):
        ledger.reserve(CENT, "a call", NOON)
    give_back(ledger)
    assert (office.memory.refs, office.refreshed) == ({}, [])


def test_grants_are_read_before_batches_and_batches_before_journals() -> None:
    office = Office()
    office.buy(office.run(), CENT)
    assert office.refreshed == [REF, "batches", "journals"]


def test_a_grant_is_twice_the_worst_case_or_a_small_part_of_what_is_left() -> None:
    office = Office()
    office.buy(office.run(cap=CENT * 640, name="rich"), CENT)
    office.buy(office.run(cap=CENT * 40, name="dear"), CENT * 5)
    assert office.granted == [("dear", CENT * 10), ("rich", CENT * 20)]


def test_calls_that_the_grant_covers_ask_nobody() -> None:
    office = Office()
    ledger = office.run()
    first = office.reserve(ledger, CENT)
    office.reserve(ledger, CENT)
    ledger.settle(first, CENT * 0)
    office.reserve(ledger, CENT)
    assert len(office.refreshed) == 3


def the_last_money_is_granted_exactly(part: Any) -> None:
    office = Office(part)
    ledger = office.run(cap=CENT * 3)
    for _ in range(3):
        office.buy(ledger, CENT)
    assert office.granted == [("a run", CENT * 3)]
    with pytest.raises(BudgetReached):
        office.buy(ledger, CENT / 100)


def what_others_may_spend_is_not_spent_twice(part: Any) -> None:
    office = Office(part)
    office.buy(office.run(cap=CENT * 3, name="one"), CENT)
    other = office.run(cap=CENT * 3, name="two")
    office.buy(other, CENT)
    with pytest.raises(BudgetReached):
        office.buy(other, CENT)


def what_was_bought_under_no_live_grant_counts(part: Any) -> None:
    office = Office(part, bought=[Cost(TODAY, "", CENT), Cost(TODAY, "an old one", CENT), Cost(TOMORROW, "", CENT * 9)])
    office.sent.append(Cost(TODAY, "an old one", CENT, certain=False))
    ledger = office.run(cap=CENT * 4)
    office.buy(ledger, CENT)
    with pytest.raises(BudgetReached) as caught:
        office.buy(ledger, CENT)
    assert "$0.0300 spent, $0.0100 of unknown outcome of $0.0400" in str(caught.value)


def a_killed_runs_grant_blocks_until_it_runs_out_and_what_it_bought_counts_on(part: Any) -> None:
    office = Office(part)
    office.buy(office.run(cap=CENT * 3, name="killed"), CENT)
    other = office.run(cap=CENT * 3, name="other")
    office.buy(other, CENT)
    office.now += timedelta(minutes=119)
    with pytest.raises(BudgetReached):
        office.buy(other, CENT)
    office.now += timedelta(minutes=1)
    office.buy(other, CENT)
    with pytest.raises(BudgetReached):
        office.buy(other, CENT)


def a_grant_that_is_about_to_run_out_is_renewed_before_it_is_used(part: Any) -> None:
    office = Office(part)
    ledger = office.run()
    office.buy(ledger, CENT)
    office.now += timedelta(minutes=91)
    office.buy(ledger, CENT)
    [grant] = read_grants(office.memory).files.values()
    assert grant.until == office.now + timedelta(hours=2)
    assert grant.usd >= CENT * 2


def what_ran_out_and_was_granted_to_others_is_theirs(part: Any) -> None:
    office = Office(part)
    sleeper, other = office.run(cap=CENT * 4, name="sleeper"), office.run(cap=CENT * 4, name="other")
    office.buy(sleeper, CENT)
    office.now += timedelta(hours=3)
    for _ in range(3):
        office.buy(other, CENT)
    with pytest.raises(BudgetReached):
        office.buy(sleeper, CENT)


def each_day_has_its_own_money(part: Any) -> None:
    office = Office(part, now=datetime.fromisoformat("2026-03-01T23:59:00+00:00"))
    ledger = office.run(cap=CENT)
    late = office.reserve(ledger, CENT)
    office.now += timedelta(minutes=2)
    office.buy(ledger, CENT)
    ledger.settle(late, CENT)
    for at in (office.now, late.at):
        with pytest.raises(BudgetReached):
            office.reserve(ledger, CENT, at)


def what_is_not_journalled_stays_granted(part: Any) -> None:
    office = Office(part)
    ledger = office.run(cap=CENT * 9)
    office.buy(ledger, CENT * 2)
    office.buy(ledger, CENT, journalled=False)
    assert office.granted == [("a run", CENT * 4)]
    give_back(ledger)
    assert office.granted == [("a run", CENT * 3)]


def what_is_journalled_is_given_back(part: Any) -> None:
    office = Office(part)
    ledger = office.run()
    first = office.buy(ledger, CENT)
    office.sent.append(Cost(TODAY, first.grant, CENT, certain=False))
    office.reserve(ledger, CENT)  # for a question of a batch that is sent
    give_back(ledger)
    assert office.granted == []


def what_was_sent_stands_for_what_is_reserved_and_for_nothing_else(part: Any) -> None:
    office = Office(part)
    ledger = office.run()
    lost = office.buy(ledger, CENT, journalled=False)
    office.reserve(ledger, CENT)
    office.sent.append(Cost(TODAY, lost.grant, CENT * 9, certain=False))  # fetched already, but not struck out
    give_back(ledger)
    assert office.granted == [("a run", CENT * 2)]


class Unheard(Memory):
    """The first push arrives, and is told as something else."""

    told: ToolbuilderError | None = None

    def swap(self, ref: str, new: str, old: str | None) -> None:
        super().swap(ref, new, old)
        told, self.told = self.told, None
        if told:
            raise told


def a_push_that_is_told_as_lost_and_arrived_grants_once(part: Any) -> None:
    memory = Unheard()
    memory.told = RaceLost("somebody has built on it before it was read back")
    office = Office(part, memory=memory)
    office.buy(office.run(cap=CENT * 3), CENT)
    assert office.granted == [("a run", CENT * 2)]


def what_was_granted_unheard_is_given_back(part: Any) -> None:
    memory = Unheard()
    memory.told = RepositoryError("no answer")
    office = Office(part, memory=memory)
    ledger = office.run(cap=CENT * 3)
    with pytest.raises(RepositoryError, match="no answer"):
        office.buy(ledger, CENT)
    assert office.granted == [("a run", CENT * 2)]
    give_back(ledger)
    assert office.granted == []


CHECKS: list[tuple[Callable[[Any], None], str, str]] = [
    (the_last_money_is_granted_exactly, "min(left, max(", "max(0, max("),
    (the_last_money_is_granted_exactly, "if missing > left:", "if missing >= left:"),
    (what_others_may_spend_is_not_spent_twice, "return _sum(self.others) + ", "return "),
    (what_was_bought_under_no_live_grant_counts, " + _sum(self.uncovered)", ""),
    (what_was_bought_under_no_live_grant_counts, "one.day == mine.day and ", ""),
    (what_was_bought_under_no_live_grant_counts, "covered = {*live, mine.id}", "covered = {*live, mine.id, 'an old one'}"),
    (a_killed_runs_grant_blocks_until_it_runs_out_and_what_it_bought_counts_on, "live = seen.live(mine.day, self.now())", "live = {}"),
    (a_killed_runs_grant_blocks_until_it_runs_out_and_what_it_bought_counts_on, "live = seen.live(mine.day, self.now())", "live = seen.live(mine.day, self.now() - LIFETIME)"),
    (a_grant_that_is_about_to_run_out_is_renewed_before_it_is_used, "if own and self.now() + MARGIN < own.grant.until:", "if own:"),
    (what_ran_out_and_was_granted_to_others_is_theirs, "if own and self.now() + MARGIN < own.grant.until:", "if own:"),
    (what_ran_out_and_was_granted_to_others_is_theirs, "self.cap - standing.usd - own.grant.usd", "self.cap - standing.usd"),
    (each_day_has_its_own_money, "return at.astimezone(UTC).date().isoformat()", "return '2026-03-01'"),
    (what_is_not_journalled_stays_granted, "if stored >= settled and stored + sent >= used:", "if True:"),
    (what_is_journalled_is_given_back, "if stored >= settled and stored + sent >= used:", "if stored >= used:"),
    (what_was_sent_stands_for_what_is_reserved_and_for_nothing_else, "if stored >= settled and stored + sent >= used:", "if stored + sent >= used:"),
    (what_is_not_journalled_stays_granted, "elif used < own.grant.usd:", "elif False:"),
    (a_push_that_is_told_as_lost_and_arrived_grants_once, "if day not in self._own:", "if day not in self._own or not self._own[day].grant.usd:"),
    (what_was_granted_unheard_is_given_back, "while self._own:", "while any(own.grant.usd for own in self._own.values()):"),
]  # fmt: skip


@pytest.mark.parametrize(("check", "text", "instead"), CHECKS)
def test_the_purse_is_guarded(check: Callable[[Any], None], text: str, instead: str) -> None:
    assert_guarded(purse, (check, text, instead))


def test_a_refusal_says_who_has_the_money_and_what_to_type() -> None:
    office = Office(bought=[Cost(TODAY, "", CENT)])
    for name in ("https://there/runs/1", "https://there/runs/2"):
        office.buy(office.run(cap=CENT * 6, name=name), CENT)
    ledger = office.run(cap=CENT * 6)
    office.reserve(ledger, CENT)
    with pytest.raises(BudgetReached) as caught:
        office.reserve(ledger, CENT)
    assert str(caught.value) == (
        "the cap of the day 2026-03-01 is reached: $0.0100 spent, $0.0100 reserved, $0.0400 granted to 2 other runs "
        "until 14:00 UTC at the latest (https://there/runs/1; https://there/runs/2) of $0.0600; a call may cost "
        "$0.0100 and was not asked. To go on, raise the setting `day_usd` (TOOLBUILDER_DAY_USD) or wait for tomorrow, "
        "or let those runs end, and type the same command again: what is paid for is kept"
    )


def test_many_calls_at_once_share_one_grant() -> None:
    office = Office()
    ledger = office.run(cap=CENT * 100)

    async def sixteen() -> list[Reservation]:
        return await asyncio.gather(*(reserved(ledger, CENT, "a call", NOON) for _ in range(16)))

    reservations = asyncio.run(sixteen())
    assert len({one.grant for one in reservations}) == 1
    assert CENT * 16 <= sum(usd for _, usd in office.granted) <= CENT * 100


def test_a_ref_that_never_stands_still_is_an_error_and_no_money() -> None:
    class Restless(Memory):
        def swap(self, ref: str, new: str, old: str | None) -> None:
            raise RaceLost(f"{ref} {new} {old}")

    office = Office(memory=Restless())
    with pytest.raises(RepositoryError, match="moved 500 times while money was to be granted; run again"):
        office.buy(office.run(), CENT)
