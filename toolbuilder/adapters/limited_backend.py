"""One limit for all calls of a process: fewer when the provider is crowded, slowly more again when it answers."""

import asyncio
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from toolbuilder.adapters.outcomes import Transient
from toolbuilder.ports import Answer, ModelBackend, Question


@dataclass(eq=False)
class CallLimit:
    """How many calls may be in flight at once, over all threads and event loops of a process.

    Additive increase, multiplicative decrease, as in RFC 5681: halved when crowded, at most once a `window`
    because all calls that were in flight complain of the same crowd; one more for every full round that was answered.
    """

    most: int = 8
    window: float = 1.0  # seconds
    clock: Callable[[], float] = time.monotonic
    in_flight: int = field(default=0, init=False)
    _allowed: float = field(init=False)
    _lowered: float = field(default=float("-inf"), init=False)
    _waiting: deque[Future[None]] = field(default_factory=deque, init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def __post_init__(self) -> None:
        self._allowed = float(self.most)

    @property
    def allowed(self) -> int:
        """How many calls may be in flight now; at least one."""
        return int(self._allowed)

    def heed(self, failure: Transient) -> None:
        """Allow fewer calls if the failure says that the provider is crowded."""
        with self._lock:
            if failure.crowded and self.clock() - self._lowered >= self.window:
                self._lowered = self.clock()
                self._allowed = max(1.0, self._allowed / 2)

    def answered(self) -> None:
        """Allow a little more: a call was answered."""
        with self._lock:
            self._allowed = min(float(self.most), self._allowed + 1 / self._allowed)

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Wait for a place among the calls in flight, first come, first served, and hold it."""
        await self._enter()
        try:
            yield
        finally:
            self._leave()

    async def _enter(self) -> None:
        turn: Future[None] = Future()
        with self._lock:
            self._waiting.append(turn)
            self._admit()
        try:
            await asyncio.wrap_future(turn)
        except asyncio.CancelledError:
            if not turn.cancel():  # the place was given while its asker was being stopped
                self._leave()
            raise

    def _leave(self) -> None:
        with self._lock:
            self.in_flight -= 1
            self._admit()

    def _admit(self) -> None:
        while self._waiting and self.in_flight < self.allowed:
            turn = self._waiting.popleft()
            if turn.set_running_or_notify_cancel():
                self.in_flight += 1
                turn.set_result(None)


@dataclass(frozen=True)
class LimitedBackend:
    """Asks `inner` when the limit has a place; the time spent waiting for one is not the question's."""

    inner: ModelBackend
    limit: CallLimit

    async def ask(self, question: Question) -> Answer:
        """Give the inner backend's answer."""
        async with self.limit.place():
            answer = await self.inner.ask(question)
        self.limit.answered()
        return answer
