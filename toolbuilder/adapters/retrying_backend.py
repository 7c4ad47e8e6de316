"""A backend that waits while the provider is unavailable, and asks the same again: the only place that does so."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from toolbuilder.adapters.outcomes import ProviderUnavailable, Transient
from toolbuilder.ports import Answer, ModelBackend, Question
from toolbuilder.tracing import span


@dataclass(frozen=True)
class Patience:
    """How often a question is asked, and how long the pauses are: they double, each cut short by chance."""

    attempts: int = 6
    first: float = 1.0  # seconds
    longest: float = 30.0  # seconds; a provider that asks for more is given it

    def pause(self, attempt: int, failure: Transient, chance: float) -> float:
        """Give the seconds to wait after the given attempt, counted from 1; `chance` lies between 0 and 1."""
        backoff = min(self.longest, self.first * 2.0 ** (attempt - 1))
        if failure.retry_after is None:
            return backoff * (0.5 + chance / 2)
        # Whoever was sent away together does not come back together.
        return failure.retry_after + self.first * chance / 4


@dataclass(frozen=True)
class RetryingBackend:
    """Asks `inner` until it answers, within the question's deadline; `heed` is told of every failure on the way."""

    inner: ModelBackend
    patience: Patience = Patience()
    heed: Callable[[Transient], None] = lambda _: None
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = random.random

    async def ask(self, question: Question) -> Answer:
        """Give the answer.

        Raises ProviderUnavailable when attempts or time are used up, and at once what else the inner backend raises.
        """
        with span("microtask", microtask=question.microtask, rung=question.rung, key=question.key):
            return await self._ask(question)

    async def _ask(self, question: Question) -> Answer:
        began = self.clock()
        attempt = 0
        while True:
            attempt += 1
            left = question.deadline - (self.clock() - began)
            try:
                return await self.inner.ask(replace(question, deadline=left))
            except Transient as failure:
                self.heed(failure)
                pause = self.patience.pause(attempt, failure, self.chance())
                spent = self.clock() - began
                if attempt >= self.patience.attempts:
                    raise _given_up(question, attempt, spent, failure) from None
                if spent + pause >= question.deadline:
                    late = f", and its deadline of {question.deadline:.3g} s leaves no time for another"
                    raise _given_up(question, attempt, spent, failure, late) from None
            await self.sleep(pause)


def _given_up(question: Question, attempts: int, spent: float, last: Transient, late: str = "") -> ProviderUnavailable:
    counted = "1 attempt" if attempts == 1 else f"{attempts} attempts"
    return ProviderUnavailable(
        f"{question.microtask}: the provider did not answer: {counted} in {spent:.3g} s{late}; "
        f"the last reason: {last}; run again, everything paid for is kept"
    )
