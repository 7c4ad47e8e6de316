"""The cap of a day holds over all runs, in whatever order they read and write; each rule of that is needed."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.bare_remote import bare_remote
from tests.granted_world import DATE, NOON, QUESTION, WORST, Outcome, Till, shared
from toolbuilder.adapters.batches.record import REF as BATCHES
from toolbuilder.adapters.budgeted_backend import BudgetedBackend
from toolbuilder.adapters.git.process import Git as RunGit
from toolbuilder.adapters.git.refs import JOURNALS, journal_tips
from toolbuilder.adapters.git.remote import GitRemote
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.adapters.journaled_backend import JournaledBackend
from toolbuilder.adapters.pushed_repository import PushedRepository
from toolbuilder.budget import Ledger, Reservation
from toolbuilder.errors import BudgetReached, RaceLost
from toolbuilder.grants import REF, Grant, put_grant, read_grants, strike_out
from toolbuilder.journal import Journal
from toolbuilder.pricing import Model
from toolbuilder.purse import Purse, Sources, _Own, _Standing
from toolbuilder.runs import LIFETIME
from toolbuilder.spending import Books, Cost

SEEDS = range(60)
CAP = Decimal("7.5") * WORST
CALLS = (2, 3, 4, 5)  # twice what the cap has room for


def passed(outcomes: list[Outcome]) -> list[str]:
    """Say where the cap was passed, or what went wrong besides."""
    failures = [repr(run.failure) for one in outcomes for run in one.runs if run.failure]
    return [*failures, *(f"billed {one.billed} of {CAP}" for one in outcomes if one.billed > CAP)]


def in_all_orders(kind: type[Purse] = Purse, **how: Any) -> list[Outcome]:
    return [shared(seed, CAP, CALLS, kind, **how) for seed in SEEDS]


def test_in_whatever_order_runs_go_the_cap_is_not_passed_and_most_of_it_can_be_used() -> None:
    outcomes = in_all_orders()
    assert passed(outcomes) == []
    assert all(one.billed >= Decimal("0.6") * CAP for one in outcomes)
    assert all(run.refusal or run.answered for one in outcomes for run in one.runs)


class WithoutSwap(Purse):
    """Sabotaged: whoever loses the race for the ref writes its grant all the same, on top of what won."""

    def draw(self, usd: Decimal, what: str, at: datetime) -> None:
        own = self._own_of(at.date().isoformat())
        wanted = self._wanted(own, self._standing(own.grant), usd, what)
        while True:
            try:
                put_grant(self.repository, read_grants(self.repository), wanted, self.now(), self.date)
            except RaceLost:
                continue
            return self._granted(own, wanted)


class JournalsFirst(Purse):
    """Sabotaged: it reads the journals, and then the grants."""

    def _standing(self, mine: Grant) -> _Standing:
        fresh = self.sources
        early: list[Cost] = []
        for ref, read in (fresh.batches, fresh.journals):
            fresh.refresh(ref)
            early += read()
        self.sources = replace(fresh, batches=(BATCHES, lambda: early), journals=(JOURNALS, tuple))
        try:
            return super()._standing(mine)
        finally:
            self.sources = fresh


class GivesAllBack(Purse):
    """Sabotaged: it gives everything back, journalled or not."""

    def _return(self, own: _Own) -> None:
        self.sources.refresh(REF)
        strike_out(self.repository, read_grants(self.repository), own.grant.path)


class KnowsTheStartOnly(Purse):
    """Sabotaged, and how it was before: what was journalled by the first call counts, and nothing that comes later."""

    def draw(self, usd: Decimal, what: str, at: datetime) -> None:
        own = self._own_of(at.date().isoformat())
        if own.grant.usd:
            raise BudgetReached(f"{what} may cost {usd}")
        left = self.cap - self._standing(own.grant).usd
        self._granted(own, own.grant.model_copy(update={"usd": left, "until": self.now() + LIFETIME}))


class TakesMore(Purse):
    """Sabotaged: it does not look how much is left."""

    def _wanted(self, own: _Own, standing: _Standing, usd: Decimal, what: str) -> Grant:
        return super()._wanted(own, replace(standing, others=()), usd, what)


@pytest.mark.slow
@pytest.mark.parametrize("sabotaged", [WithoutSwap, JournalsFirst, KnowsTheStartOnly, TakesMore])
def test_the_same_check_catches_a_sabotaged_purse(sabotaged: type[Purse]) -> None:
    assert any("billed" in wrong for wrong in passed(in_all_orders(sabotaged)))


def test_what_is_given_back_before_it_is_journalled_passes_the_cap_and_no_purse_does_so() -> None:
    assert any("billed" in wrong for wrong in passed(in_all_orders(GivesAllBack, hasty=True)))
    assert passed(in_all_orders(hasty=True)) == []


class Forgetful(Ledger):
    """Sabotaged: a call of which nobody knows how it ended was free."""

    def forfeit(self, reservation: Reservation) -> None:
        self.settle(reservation, Decimal(0))


def test_calls_of_unknown_end_count_in_every_run() -> None:
    assert passed(in_all_orders(deaf=True)) == []
    assert any("billed" in wrong for wrong in passed(in_all_orders(deaf=True, ledger=Forgetful)))


@dataclass(frozen=True)
class Machine:
    """A clone of one remote, and the purse of a run there; `blind`, sabotaged: it looks at nothing but its own clone."""

    folder: Path
    blind: bool = False

    def spend(self, usd: Decimal, tool: str) -> str:
        """Buy once, journal it, and give back what is left; say why not."""
        repository = PushedRepository(GitRepository(self.folder), GitRemote(RunGit(self.folder), "origin"))
        books = Books(repository, lambda: journal_tips(self.folder))
        refresh = (lambda _: None) if self.blind else repository.reconcile
        journals = (JOURNALS, lambda: [one.cost for one in books.bought()])
        purse = Purse(CAP, repository, Sources(refresh, (BATCHES, tuple), journals), date=DATE, now=lambda: NOON)
        ledger = Ledger(purse=purse, book=purse.book)
        model = Model("shop", "shop-1", lambda _model, _usage: usd)
        journal = Journal(repository, tool, DATE)
        paid = JournaledBackend(BudgetedBackend(Till(), ledger, model, journal.record, lambda: NOON), journal)
        try:
            asyncio.run(paid.ask(replace(QUESTION, input=tool)))
        except BudgetReached as error:
            return str(error)
        finally:
            purse.give_back()
        return ""


@pytest.mark.parametrize("blind", [False, True])
def test_what_was_bought_on_other_machines_since_a_clone_was_made_counts(
    git_repo: Path, git: Callable[..., str], tmp_path: Path, *, blind: bool
) -> None:
    there = bare_remote(git, tmp_path / "there.git", git_repo)
    git(tmp_path, "clone", "--quiet", str(there.folder), "other")
    two_thirds = CAP * 2 / 3
    assert Machine(git_repo).spend(two_thirds, "one") == ""
    refusal = Machine(tmp_path / "other", blind).spend(two_thirds, "two")
    assert refusal.startswith("the cap of the day 2026-03-01 is reached") != blind, (
        "who looks at its clone alone is sabotaged"
    )
    assert read_grants(GitRepository(there.folder)).files == {}
