"""The purse of a day's cap: this run's part of it, enlarged by small grants as needed; `grants` says why it holds."""

import os
import random
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal

from toolbuilder.budget import NOTHING, Account, Book, Cap, dollars
from toolbuilder.errors import BudgetReached, RaceLost, RepositoryError
from toolbuilder.grants import MARGIN, REF, Grant, Grants, put_grant, read_grants, strike_out
from toolbuilder.ports import Repository
from toolbuilder.runs import LIFETIME
from toolbuilder.spending import Cost

PART = 32  # of what is left, one part is granted at a time: so many runs can share
AHEAD = 2  # worst cases are granted at once, where that is more: so few pushes are needed
ATTEMPTS = 500  # every lost race is somebody else's progress, and hundreds of runs may begin at once
ROUNDED = Decimal("0.000000001")  # USD that a journal may be off, because it holds floats
REMEDY = "raise the setting `day_usd` (TOOLBUILDER_DAY_USD) or wait for tomorrow"


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _pause(attempt: int) -> None:
    """Part those who have raced, by chance."""
    time.sleep(min(8.0, 0.1 * 2.0 ** min(attempt, 8)) * random.random())  # noqa: S311  (nothing secret depends on it)


@dataclass(frozen=True)
class Sources:
    """Where the purse reads what was spent; all of it is as fresh as `refresh` has made it."""

    refresh: Callable[[str], None]  # makes the refs that begin so the same here and at the remote
    batches: tuple[str, Callable[[], Iterable[Cost]]]  # the ref, and what is to be paid for what was sent
    journals: tuple[str, Callable[[], Iterable[Cost]]]  # where the refs are, and what was bought


@dataclass
class _Own:
    """What is granted to this run on one day."""

    grant: Grant
    account: Account


@dataclass(frozen=True)
class _Standing:
    """How a day's cap stands, but for this run's part."""

    seen: Grants
    others: tuple[Grant, ...]  # that are live
    uncovered: tuple[Cost, ...]  # under no live grant

    @property
    def usd(self) -> Decimal:
        """What is used up."""
        return _sum(self.others) + _sum(self.uncovered)


@dataclass(eq=False)
class Purse:
    """The money of each day, as a hard cap over all runs; `run` is the name by which others know this one.

    Nothing is read before the first draw. Its accounts are guarded by the lock of `book`, which is the ledger's too.
    """

    cap: Decimal
    repository: Repository
    sources: Sources
    run: str = "a run"
    date: str = "0 +0000"  # of the ref's first commit
    now: Callable[[], datetime] = _utc_now
    pause: Callable[[int], None] = _pause
    book: Book = field(default_factory=Book)
    _own: dict[str, _Own] = field(default_factory=dict)  # by day
    _lock: threading.Lock = field(default_factory=threading.Lock)  # of a draw, or the end

    def account(self, at: datetime) -> Account:
        """Give the account of a day; one in which nothing is granted where no grant stands, or not for long."""
        day = _day(at)
        own = self._own.get(day)
        if own and self.now() + MARGIN < own.grant.until:
            return own.account
        return Account(Cap(f"day {day}", NOTHING, REMEDY), NOTHING, grant=own.grant.id if own else "none yet")

    def draw(self, usd: Decimal, what: str, at: datetime) -> None:
        """Have more granted, so that an amount fits: by compare-and-swap, everything read again after a lost race.

        Raises BudgetReached where too little is left, saying who has it; RepositoryError where nothing can be granted.
        """
        with self._lock:
            for attempt in range(ATTEMPTS):
                if not self.account(at).refuses(usd):
                    return  # another call has drawn meanwhile
                own = self._own_of(_day(at))
                standing = self._standing(own.grant)
                now = self.now()
                wanted = self._wanted(own, standing, usd, what)
                try:
                    put_grant(self.repository, standing.seen, wanted, now, self.date)
                except RaceLost:
                    self.pause(attempt)
                    continue
                self._granted(own, wanted)
                return
        raise RepositoryError(f"{REF} moved {ATTEMPTS} times while money was to be granted; run again")

    def give_back(self) -> None:
        """Give back what this run does not need: to be called once its journals are stored, or will never be.

        What is not journalled stays granted until its time is over. Raises RepositoryError.
        """
        with self._lock:
            while self._own:
                _, own = self._own.popitem()
                for attempt in range(ATTEMPTS):
                    try:
                        self._return(own)
                    except RaceLost:
                        self.pause(attempt)
                    else:
                        break

    def _own_of(self, day: str) -> _Own:
        """Give what is granted on a day; for the first draw, nothing, under the id that it keeps.

        A push may be told as lost, or not be told of, and have arrived: the next attempt then writes over the same
        grant, and the end of the run finds it.
        """
        with self.book.lock:
            if day not in self._own:
                grant = Grant(id=os.urandom(8).hex(), day=day, usd=NOTHING, run=self.run, until=self.now())
                self._own[day] = _Own(grant, Account(Cap(f"day {day}", NOTHING, REMEDY), NOTHING, grant=grant.id))
            return self._own[day]

    def _standing(self, mine: Grant) -> _Standing:
        """Read the grants, then the batches, then the journals: in this order, or the cap does not hold."""
        self.sources.refresh(REF)
        seen = read_grants(self.repository)
        live = seen.live(mine.day, self.now())
        covered = {*live, mine.id}
        costs: list[Cost] = []
        for ref, read in (self.sources.batches, self.sources.journals):
            self.sources.refresh(ref)
            costs += read()
        uncovered = tuple(one for one in costs if one.day == mine.day and one.grant not in covered)
        return _Standing(seen, tuple(one for one in live.values() if one.id != mine.id), uncovered)

    def _wanted(self, own: _Own, standing: _Standing, usd: Decimal, what: str) -> Grant:
        """Give the grant to be written. Raises BudgetReached where too little is left."""
        with self.book.lock:
            missing = own.account.used + usd - own.grant.usd
        left = self.cap - standing.usd - own.grant.usd  # negative: the grant had run out, and others have taken from it
        if missing > left:
            raise BudgetReached(self._refusal(own, standing, usd, what))
        more = min(left, max(missing, AHEAD * usd, round(left / PART, 6)))
        return own.grant.model_copy(update={"usd": own.grant.usd + more, "until": self.now() + LIFETIME})

    def _granted(self, own: _Own, grant: Grant) -> None:
        with self.book.lock:
            own.grant = grant
            own.account.cap = replace(own.account.cap, usd=grant.usd)

    def _return(self, own: _Own) -> None:
        """Strike the grant out once all that it was used for is known to everybody, or cut it to that."""
        self.sources.refresh(REF)
        seen = read_grants(self.repository)
        if own.grant.path not in seen.files:
            return
        batches, journals = (read() for _, read in (self.sources.batches, self.sources.journals))
        sent = _sum(one for one in batches if one.grant == own.grant.id)
        stored = _sum(one for one in journals if one.grant == own.grant.id) + ROUNDED
        with self.book.lock:
            used = own.account.used
            settled = used - own.account.reserved
        if stored >= settled and stored + sent >= used:
            strike_out(self.repository, seen, own.grant.path)
        elif used < own.grant.usd:
            cut = own.grant.model_copy(update={"usd": used})
            put_grant(self.repository, seen, cut, self.now(), self.date)

    def _refusal(self, own: _Own, standing: _Standing, usd: Decimal, what: str) -> str:
        with self.book.lock:
            spent, unknown, reserved = own.account.spent, own.account.unknown, own.account.reserved
        spent += _sum(one for one in standing.uncovered if one.certain)
        unknown += _sum(one for one in standing.uncovered if not one.certain)
        parts = [f"{dollars(spent)} spent"]
        parts += [f"{dollars(unknown)} of unknown outcome"] if unknown else []
        parts += [f"{dollars(reserved)} reserved"] if reserved else []
        parts += [_others(standing.others)] if standing.others else []
        wait = ", or let those runs end," if standing.others else ""
        return (
            f"the cap of the day {own.grant.day} is reached: {', '.join(parts)} of {dollars(self.cap)}; "
            f"{what} may cost {dollars(usd)} and was not asked. "
            f"To go on, {REMEDY}{wait} and type the same command again: what is paid for is kept"
        )


def _sum(amounts: Iterable[Cost] | Iterable[Grant]) -> Decimal:
    return sum((one.usd for one in amounts), NOTHING)


def _day(at: datetime) -> str:
    return at.astimezone(UTC).date().isoformat()


def _others(grants: tuple[Grant, ...]) -> str:
    """Say what others may spend, and who they are."""
    runs = sorted({one.run for one in grants})
    named = "; ".join(runs[:3]) + (f"; and {len(runs) - 3} more" if len(runs) > 3 else "")
    until = max(one.until for one in grants).astimezone(UTC)
    counted = "another run" if len(grants) == 1 else f"{len(grants)} other runs"
    return f"{dollars(_sum(grants))} granted to {counted} until {until:%H:%M} UTC at the latest ({named})"
