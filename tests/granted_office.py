"""Runs that share the cap of a day, one purse each, in a repository in memory with a clock that is set by hand."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from tests.granted_world import DATE, NOON, Memory
from toolbuilder import purse
from toolbuilder.adapters.reserving import reserved
from toolbuilder.budget import Ledger, Reservation
from toolbuilder.grants import read_grants
from toolbuilder.spending import Cost

CENT = Decimal("0.01")
TODAY, TOMORROW = "2026-03-01", "2026-03-02"


@dataclass
class Office:
    """A repository in memory, what is on record of every run's spending, and a clock."""

    part: Any = purse
    now: datetime = NOON
    memory: Memory = field(default_factory=Memory)
    bought: list[Cost] = field(default_factory=list)
    sent: list[Cost] = field(default_factory=list)
    refreshed: list[str] = field(default_factory=list)

    def run(self, cap: Decimal = CENT * 100, name: str = "a run") -> Ledger:
        sources = self.part.Sources(
            self.refreshed.append, ("batches", lambda: self.sent), ("journals", lambda: self.bought)
        )
        made = self.part.Purse(cap, self.memory, sources, name, DATE, lambda: self.now, lambda _: None)
        return Ledger(purse=made, book=made.book)

    def reserve(self, ledger: Ledger, usd: Decimal, at: datetime | None = None) -> Reservation:
        return asyncio.run(reserved(ledger, usd, "a call", at or self.now))

    def buy(self, ledger: Ledger, usd: Decimal, *, journalled: bool = True) -> Reservation:
        reservation = self.reserve(ledger, usd)
        ledger.settle(reservation, usd)
        if journalled:
            self.bought.append(Cost(reservation.at.date().isoformat(), reservation.grant, usd))
        return reservation

    @property
    def granted(self) -> list[tuple[str, Decimal]]:
        return sorted((one.run, one.usd) for one in read_grants(self.memory).files.values())


def give_back(ledger: Ledger) -> None:
    ledger.purse.give_back()  # type: ignore[union-attr]
