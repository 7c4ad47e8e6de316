"""A post around a provider of batches that answers as it is told, in a real repository."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.batched_provider import no_pause
from toolbuilder.adapters.batches import fetching, post
from toolbuilder.adapters.batches.record import Asked, Batch, OpenBatches, Outcome
from toolbuilder.adapters.batches.waves import CountedBackend, Waves
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.budget import Ledger
from toolbuilder.events import Event
from toolbuilder.journal import Journal
from toolbuilder.ports import Answer, Question
from toolbuilder.pricing import Model, Usage
from toolbuilder.spending import bought_by, sum_of

TOOL, DATE = "tool", "1700000000 +0000"
QUESTION = Question("name_it", "Name it.", "brief", "a", "{}", deadline=1.0, max_tokens=1_000, rung="small")
ANSWER = Answer("{}", "anthropic", "small-1", input_tokens=100, output_tokens=10)


def price(_model: str, usage: Usage) -> Decimal:
    return Decimal(usage.input_tokens + 5 * usage.output_tokens) / 1_000_000


MODEL = Model("anthropic", "small", price)
WORST = MODEL.worst(QUESTION) or Decimal(0)


@dataclass
class Desk:
    """A provider of batches; what comes of a question is told by a function of its input and the batch's number."""

    outcome: Callable[[str, int], Outcome] = lambda _input, _batch: ANSWER
    refusals: list[Exception] = field(default_factory=list)
    hears: bool = False  # takes even what it refuses
    batches: list[Mapping[str, Asked]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    async def send(self, asked: Mapping[str, Asked]) -> str:
        self.calls.append("send")
        if self.hears:
            self.batches.append(asked)
        if self.refusals:
            raise self.refusals.pop(0)
        if not self.hears:
            self.batches.append(asked)
        return f"batch-{len(self.batches)}"

    async def candidates(self, batch: Batch) -> list[str]:
        self.calls.append("look")
        return [f"batch-{place}" for place, one in enumerate(self.batches, 1) if len(one) == len(batch.sent)]

    async def ended(self, batch: str) -> bool:
        self.calls.append("ask")
        return self.calls[-3:] == ["ask"] * 3 and bool(batch)

    async def outcomes(self, batch: Batch) -> Mapping[str, Outcome]:
        self.calls.append("fetch")
        number = int(batch.id.rpartition("-")[2])
        asked = self.batches[number - 1]
        return {i: self.outcome(one.question.input, number) for i, one in reversed([*asked.items()])}


@dataclass(frozen=True)
class Told(OpenBatches):
    """Open batches that tell the desk's diary when they are written to."""

    calls: list[str] = field(default_factory=list)
    failure: Exception | None = None

    def open(self, batch: Batch) -> None:
        if self.failure:
            raise self.failure
        self.calls.append("open")
        super().open(batch)

    def close(self, batch: Batch) -> None:
        self.calls.append("close")
        super().close(batch)


@dataclass
class Office:
    """A post around a desk, in a real repository."""

    folder: Path
    desk: Desk = field(default_factory=Desk)
    ledger: Ledger = field(default_factory=Ledger)
    model: Model = MODEL
    part: Any = post
    failure: Exception | None = None
    seconds: float = 20.0
    told: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        repository = GitRepository(self.folder)
        self.open = Told(repository, DATE, self.desk.calls, self.failure)
        self.journal = Journal(repository, TOOL, DATE)
        rhythm = fetching.Rhythm(sleep=no_pause)
        self.fetcher = fetching.Fetcher(self.desk, self.open, lambda _: self.journal, self.model.price, rhythm)

    def ask(self, *inputs: str) -> list[Answer | BaseException]:
        async def all_at_once() -> list[Answer | BaseException]:
            waves = Waves()
            office = self.part.Post(self.fetcher, waves, tell=self.told.append)
            paid = self.part.BatchingBackend(office, TOOL, self.model, self.ledger)
            backend = CountedBackend(paid, waves, TOOL)
            with waves.underway(TOOL):
                async with asyncio.timeout(self.seconds):
                    questions = [replace(QUESTION, input=one) for one in inputs]
                    return await asyncio.gather(*map(backend.ask, questions), return_exceptions=True)

        return asyncio.run(all_at_once())

    @property
    def spent(self) -> Decimal:
        return sum_of(bought_by(GitRepository(self.folder), [TOOL]))
