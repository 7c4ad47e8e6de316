"""When a batch is to be sent: as soon as no build can go on without an answer. Questions are counted, no clock runs."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from toolbuilder.ports import Answer, ModelBackend, Question


def _nobody() -> None:
    """Stand in until somebody takes the waves."""


@dataclass(eq=False)
class Standing:
    """The open questions of a tool's build, by key, and those of them that only a batch can answer."""

    asking: Counter[str] = field(default_factory=Counter)
    held: set[str] = field(default_factory=set)

    @property
    def waits(self) -> bool:
        """Say whether the build has asked all that it can ask."""
        return bool(self.held) and self.held == self.asking.keys()


@dataclass(eq=False)
class Waves:
    """Calls `go` when every build underway waits; it may be called again while they still do."""

    go: Callable[[], None] = _nobody
    _underway: Counter[str] = field(default_factory=Counter)
    _standings: dict[str, Standing] = field(default_factory=dict)

    @contextmanager
    def underway(self, tool: str) -> Iterator[None]:
        """Count a build for as long as it lasts."""
        self._underway[tool] += 1
        try:
            yield
        finally:
            _less(self._underway, tool)
            self.look()

    @contextmanager
    def asking(self, tool: str, key: str) -> Iterator[None]:
        """Count a question until its asker has the answer, stored and all."""
        asking = self._of(tool).asking
        asking[key] += 1
        try:
            yield
        finally:
            _less(asking, key)
            self.look()

    def hold(self, tool: str, key: str) -> None:
        """Say that a question can only be answered by a batch."""
        self._of(tool).held.add(key)
        self.look()

    def release(self, tool: str, key: str) -> None:
        """Say that a held question is answered, or asked no more."""
        self._of(tool).held.discard(key)

    def look(self) -> None:
        """Look whether all wait, once everybody who can go on now has had a turn."""
        asyncio.get_running_loop().call_soon(self._look)

    def _look(self) -> None:
        if self._underway and all(self._of(tool).waits for tool in self._underway):
            self.go()

    def _of(self, tool: str) -> Standing:
        return self._standings.setdefault(tool, Standing())


@dataclass(frozen=True)
class CountedBackend:
    """Asks `inner`, a tool's journalled backend, and counts what is being asked."""

    inner: ModelBackend
    waves: Waves
    tool: str

    async def ask(self, question: Question) -> Answer:
        """Give the inner backend's answer."""
        with self.waves.asking(self.tool, question.key):
            return await self.inner.ask(question)


def _less(counter: Counter[str], key: str) -> None:
    counter[key] -= 1
    if not counter[key]:
        del counter[key]
