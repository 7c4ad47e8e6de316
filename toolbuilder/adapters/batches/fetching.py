"""Fetching batches: wait for the end, journal every answer, and only then strike the batch out."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from toolbuilder.adapters.batches.booking import booked, record
from toolbuilder.adapters.batches.record import Batch, BatchProvider, OpenBatches, Outcome
from toolbuilder.adapters.outcomes import ProviderUnavailable, Transient
from toolbuilder.adapters.retrying_backend import Patience
from toolbuilder.journal import Journal
from toolbuilder.ports import Answer, ModelBackend, Question
from toolbuilder.pricing import Price

Sleep = Callable[[float], Awaitable[None]]
T = TypeVar("T")

PATIENCE = Patience(attempts=10, first=1.0, longest=60.0)
UNDER_WAY = timedelta(hours=1)  # so long, somebody may still be sending a batch whose id is not known


def utc_now() -> datetime:
    """Give the time of day."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Rhythm:
    """How often a provider is asked whether a batch has ended: the pauses double, from `first` to `longest` seconds."""

    first: float = 5.0
    longest: float = 60.0
    sleep: Sleep = asyncio.sleep
    chance: Callable[[], float] = random.random


@dataclass(frozen=True)
class Fetcher:
    """Fetches batches of one provider; whoever fetches the same batch again journals nothing new."""

    provider: BatchProvider
    open: OpenBatches
    journal_of: Callable[[str], Journal]
    price: Price
    rhythm: Rhythm = Rhythm()

    async def fetch(self, batch: Batch) -> Mapping[str, Outcome]:
        """Give what became of each question, by custom id, its cost filled in, once all is journalled.

        Raises ProviderUnavailable, ProviderRefuses or RepositoryError; the batch then stays open for another run.
        """
        await self._end_of(batch)
        found = await self.patiently(lambda: self.provider.outcomes(batch))
        outcomes = await asyncio.gather(*(self._book(batch, custom_id, found) for custom_id in batch.sent))
        await asyncio.to_thread(self.open.close, batch)
        return dict(zip(batch.sent, outcomes, strict=True))

    async def adopted(self, batch: Batch) -> Batch | None:
        """Give a batch that was to be sent with the id under which it arrived, or None. Raises as `fetch` does.

        A provider tells whose questions a batch holds only once it has ended, so that others may be waited for too.
        """
        known = {one.id for one in await asyncio.to_thread(self.open.all)}
        for candidate in await self.patiently(lambda: self.provider.candidates(batch)):
            found = batch.model_copy(update={"id": candidate})
            if candidate not in known and await self._holds_its_questions(found):
                await asyncio.to_thread(self.open.open, found)
                return found
        return None

    async def _holds_its_questions(self, batch: Batch) -> bool:
        await self._end_of(batch)
        found = await self.patiently(lambda: self.provider.outcomes(batch))
        return not batch.sent.keys().isdisjoint(found)

    async def _end_of(self, batch: Batch) -> None:
        pause = self.rhythm.first
        while not await self.patiently(lambda: self.provider.ended(batch.id)):
            await self.rhythm.sleep(pause)
            pause = min(self.rhythm.longest, 2 * pause)

    async def patiently(self, call: Callable[[], Awaitable[T]], *, twice: bool = True) -> T:
        """Make a call again while the provider is unavailable; not `twice`: never where it may have been heard.

        Raises ProviderUnavailable, or the last Transient of a call that is not to be made twice.
        """
        attempt = 0
        while True:
            attempt += 1
            try:
                return await call()
            except Transient as failure:
                if not twice and (failure.maybe_billed or attempt >= PATIENCE.attempts):
                    raise
                if attempt >= PATIENCE.attempts:
                    raise ProviderUnavailable(_given_up(failure)) from None
                pause = PATIENCE.pause(attempt, failure, self.rhythm.chance())
            await self.rhythm.sleep(pause)

    async def _book(self, batch: Batch, custom_id: str, found: Mapping[str, Outcome]) -> Outcome:
        sent = batch.sent[custom_id]
        silence = Transient(f"{sent.microtask}: the batch ended without a word of it", maybe_billed=True)
        outcome = booked(found.get(custom_id, silence), sent, batch, self.price)
        return await record(outcome, sent, batch, self.journal_of(sent.tool))


@dataclass(eq=False)
class Unfetched:
    """What earlier runs have sent and not fetched; fetched once, before this run pays for anything."""

    fetcher: Callable[[], Fetcher]
    open: OpenBatches
    now: Callable[[], datetime] = utc_now
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _done: bool = False

    async def fetch(self) -> None:
        """Fetch it, or return at once. Raises as a fetcher does."""
        async with self._lock:
            if not self._done:
                for batch in await asyncio.to_thread(self.open.all):
                    await self._fetch(batch)
                self._done = True

    async def _fetch(self, batch: Batch) -> None:
        found = batch if batch.id else await self.fetcher().adopted(batch)
        if found:
            await self.fetcher().fetch(found)
        elif self.now() - datetime.fromisoformat(batch.at) > UNDER_WAY:
            await asyncio.to_thread(self.open.close, batch)  # it was never sent


@dataclass(frozen=True)
class FetchingBackend:
    """Fetches what earlier runs have bought before it asks `inner`."""

    inner: ModelBackend
    unfetched: Unfetched
    journal: Journal

    async def ask(self, question: Question) -> Answer:
        """Give the answer of an earlier run's batch, or the inner backend's."""
        await self.unfetched.fetch()
        return self.journal.get(question.key) or await self.inner.ask(question)


def _given_up(last: Transient) -> str:
    return f"the batch could not be fetched; the last reason: {last}; run again, everything paid for is kept"
