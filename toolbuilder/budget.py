"""A ledger that never lets the sum of all calls pass a cap.

The worst case is reserved before a call and settled after it. A call of which nobody knows whether it was billed keeps
its reservation. What several runs spend together is granted to each of them a little at a time, out of a purse.
"""

import threading
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Protocol

from toolbuilder.errors import BudgetReached

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Cap:
    """A limit in USD, what was spent below it before this process, and how a person raises it."""

    scope: str  # "build log-levels", "run" or "day 2026-11-22"
    usd: Decimal
    remedy: str  # "raise `budget.usd` in specs/log-levels.yaml"
    spent: Decimal = NOTHING
    unknown: Decimal = NOTHING  # what calls with an unknown end may have cost


@dataclass
class Account:
    """How a cap stands; `spent` holds what is certain, `unknown` the reservations of calls with an unknown end."""

    cap: Cap
    spent: Decimal
    unknown: Decimal = NOTHING
    reserved: Decimal = NOTHING
    grant: str = ""  # under which it is drawn on; empty: this process alone draws on it, and no grant is needed

    @property
    def used(self) -> Decimal:
        """What is spent, or may come to be."""
        return self.spent + self.unknown + self.reserved

    def refuses(self, usd: Decimal, *, idle: bool = False) -> bool:
        """Say whether an amount does not fit; `idle`: not even once every call in flight has cost nothing."""
        in_flight = NOTHING if idle else self.reserved
        return self.spent + self.unknown + in_flight + usd > self.cap.usd


class Purse(Protocol):
    """Where the money of a day comes from that several runs spend: each has a part of it granted."""

    def account(self, at: datetime) -> Account:
        """Give the account of the day of a time; its cap is what is granted to this run, and still stands."""

    def draw(self, usd: Decimal, what: str, at: datetime) -> None:
        """Have more granted, so that an amount fits; it takes seconds. Raises BudgetReached, or RepositoryError."""


class NotGranted(BudgetReached):
    """An amount does not fit under what is granted; the purse may hold more."""


@dataclass(frozen=True, eq=False)
class Reservation:
    """An amount that is set aside for one call, when and where: the call is a purchase of that moment."""

    usd: Decimal
    at: datetime
    accounts: tuple[Account, ...] = field(repr=False)
    grant: str = ""


@dataclass
class Book:
    """What ledgers with common accounts share: a lock, the open reservations, and a signal that a call has ended."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    open: set[Reservation] = field(default_factory=set)
    ended: Future[None] = field(default_factory=Future)


@dataclass(frozen=True)
class Ledger:
    """The accounts that a call draws on: all of them have room for its worst case, or it is not made.

    Safe to use from several threads. Without accounts and purse everything fits.
    """

    accounts: tuple[Account, ...] = ()
    purse: Purse | None = None
    book: Book = field(default_factory=Book, repr=False)

    def also(self, *caps: Cap) -> "Ledger":
        """Give a ledger that draws on these accounts and on new ones: those of a run, and that of a build."""
        return replace(self, accounts=(*self.accounts, *(Account(cap, cap.spent, cap.unknown) for cap in caps)))

    @property
    def caps(self) -> tuple[str, ...]:
        """The names of all caps."""
        return (*(account.cap.scope for account in self.accounts), *(["day"] if self.purse else []))

    def reserve(self, usd: Decimal, what: str, at: datetime | None = None) -> Reservation:
        """Set an amount aside in every account, those of the day of `at` (now, if it is left out) among them.

        Raises BudgetReached naming the first cap that it does not fit under, NotGranted where `draw` may help. `what`
        says for what, in the message.
        """
        at = at or datetime.now(UTC)
        with self.book.lock:
            accounts = self._accounts(at)
            for account in accounts:
                if account.refuses(usd):
                    refusal = NotGranted if account.grant else BudgetReached
                    raise refusal(_refusal(account, usd, what))
            for account in accounts:
                account.reserved += usd
            grant = next((account.grant for account in accounts if account.grant), "")
            self.book.open.add(reservation := Reservation(usd, at, accounts, grant))
            return reservation

    def draw(self, usd: Decimal, what: str, at: datetime) -> None:
        """Have more granted, as a purse does; nothing happens without one."""
        if self.purse:
            self.purse.draw(usd, what, at)

    def settle(self, reservation: Reservation, usd: Decimal) -> None:
        """Put what a call really cost in the place of its reservation."""
        self._close(reservation, spent=usd)

    def forfeit(self, reservation: Reservation) -> None:
        """Count a reservation as spent: how its call ended is not known."""
        self._close(reservation, unknown=reservation.usd)

    def next_end(self) -> Future[None]:
        """Give what is done as soon as one more call in flight has ended."""
        with self.book.lock:
            return self.book.ended

    def fits_when_idle(self, usd: Decimal, at: datetime | None = None) -> bool:
        """Say whether only reservations of calls in flight stand in an amount's way."""
        with self.book.lock:
            return not any(account.refuses(usd, idle=True) for account in self._accounts(at or datetime.now(UTC)))

    def _accounts(self, at: datetime) -> tuple[Account, ...]:
        return (*self.accounts, *([self.purse.account(at)] if self.purse else []))

    def _close(self, reservation: Reservation, *, spent: Decimal = NOTHING, unknown: Decimal = NOTHING) -> None:
        with self.book.lock:
            self.book.open.remove(reservation)  # closing twice would free money that is spent
            for account in reservation.accounts:
                account.reserved -= reservation.usd
                account.spent += spent
                account.unknown += unknown
            ended, self.book.ended = self.book.ended, Future()
        ended.set_result(None)


def dollars(usd: Decimal) -> str:
    """Give an amount to read, with more places for a small one."""
    places = 2 if usd >= 1 or not usd else 4 if usd >= Decimal("0.01") else 6
    return f"${usd:.{places}f}"


def _refusal(account: Account, usd: Decimal, what: str) -> str:
    cap = account.cap
    standing = f"{dollars(account.spent)} spent"
    standing += f", {dollars(account.unknown)} of unknown outcome" if account.unknown else ""
    standing += f", {dollars(account.reserved)} reserved"
    return (
        f"the cap of the {cap.scope} is reached: {standing} of {dollars(cap.usd)}; {what} may cost "
        f"{dollars(usd)} and was not asked. To go on, {cap.remedy} and type the same command again: "
        "what is paid for is kept"
    )
