"""A whole build through the real SDK against a peer, and what is wrong with what came of it."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx2
from pydantic import SecretStr

from tests.adapters.anthropic.peer import KEY
from tests.agreeable import Agreeable, TwoFiles
from tests.paid_provider import MODEL, price
from tests.paid_shop import LADDER, order
from tests.peers.failures import LEAKED, MICROTASK, Expected
from tests.peers.relay import Mode, relayed
from tests.peers.scenes import LINE, Scene, Told
from tests.pipeline_world import DATE, World
from toolbuilder import pipeline
from toolbuilder.adapters.anthropic.backend import AnthropicBackend
from toolbuilder.adapters.anthropic.client import make_client
from toolbuilder.adapters.anthropic.endpoint import Endpoint
from toolbuilder.adapters.budgeted_backend import BudgetedBackend
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.adapters.journaled_backend import JournaledBackend
from toolbuilder.adapters.retrying_backend import RetryingBackend
from toolbuilder.budget import Ledger
from toolbuilder.build import Built
from toolbuilder.errors import ToolbuilderError
from toolbuilder.journal import Journal
from toolbuilder.ports import Answer, ModelBackend, Question
from toolbuilder.pricing import Model
from toolbuilder.spending import bought_by, sum_of
from toolbuilder.stages import STAGES

HASTE = 0.4  # seconds until the deadline of the question that goes wrong
SECRET = LEAKED.partition('KEY = \\"')[2].partition("\\")[0]


@dataclass
class Build:
    """The runs of one build, and what its client took down: the waits, and the questions whose answers it was given."""

    folder: Path
    model: type[AnthropicBackend] = AnthropicBackend
    transport: Callable[[], httpx2.AsyncBaseTransport | None] = lambda: None
    waits: list[float] = field(default_factory=list)
    given: list[str] = field(default_factory=list)

    async def run(self, url: str, deadline: float | None = None) -> Built | ToolbuilderError:
        """Build against a server, only the waiting left out; `deadline` is that of the question that goes wrong."""

        async def sleep(seconds: float) -> None:
            self.waits.append(seconds)

        async with make_client(Endpoint("anthropic", SecretStr(KEY), url), self.transport()) as client:
            journal = Journal(GitRepository(self.folder), "dedupe", DATE)
            asked = self.model(lambda: client, MODEL)
            paid = BudgetedBackend(asked, Ledger(), Model("anthropic", MODEL, price), journal.record)
            retrying = RetryingBackend(paid, sleep=sleep, chance=lambda: 1.0)
            backend = JournaledBackend(Hasty(retrying, deadline) if deadline else retrying, journal)
            world = World(self.folder, stages=STAGES).workshop
            here = replace(world, backend=lambda _: Client(backend, self.given), ladder=LADDER)
            try:
                return await pipeline.build(order(), replace(here, sandbox=Agreeable(), scaffolder=TwoFiles()))
            except ToolbuilderError as error:
                return error


@dataclass(frozen=True)
class Hasty:
    """Gives the question that goes wrong little time."""

    inner: ModelBackend
    deadline: float

    async def ask(self, question: Question) -> Answer:
        hasty = question.microtask == MICROTASK
        return await self.inner.ask(replace(question, deadline=self.deadline) if hasty else question)


@dataclass(frozen=True)
class Client:
    """Takes down each question whose answer it was given."""

    inner: ModelBackend
    given: list[str]

    async def ask(self, question: Question) -> Answer:
        answer = await self.inner.ask(question)
        self.given.append(question.microtask)
        return answer


def wrong(build: Build, scene: Scene, expected: Expected, mode: Mode | None = None) -> list[str]:
    """Build until the tool stands; say everything that is wrong with how it came about."""
    haste = HASTE if "no answer within" in expected.words else None

    async def runs() -> list[str]:
        async with relayed(scene.url, LINE, mode) as url:
            first = await build.run(url, haste)
            given, before = {*build.given}, len(scene.told())
            second = await build.run(url) if expected.stops else first
            return [
                *_ended(first, expected),
                *([] if isinstance(second, Built) and second.complete else [f"the tool does not stand: {second}"]),
                *(f"asked again: {one.microtask}" for one in scene.told()[before:] if one.microtask in given),
            ]

    found = asyncio.run(runs())
    return [*found, *_asked(scene.told(), build, expected), *_paid(scene.told(), build.folder, expected)]


def _ended(end: Built | ToolbuilderError, expected: Expected) -> Sequence[str]:
    if expected.stops is None:
        return () if isinstance(end, Built) else (f"it stopped: {end}",)
    named = isinstance(end, expected.stops) and expected.words in str(end) and end.exit_code == expected.exit_code
    return () if named else (f"it ended otherwise: {end!r}",)


def _asked(told: Sequence[Told], build: Build, expected: Expected) -> list[str]:
    counted, usual = Counter(one.microtask for one in told), Counter(dict.fromkeys(build.given, 1))
    wanted = {**usual, MICROTASK: expected.asks}
    return [
        *([] if counted == wanted else [f"asked {counted}, where {wanted} is enough"]),
        *([] if tuple(build.waits) == expected.waits else [f"waited {build.waits}"]),
        *([] if all(one.structured for one in told) else ["no schema was asked for"]),
    ]


def _paid(told: Sequence[Told], folder: Path, expected: Expected) -> list[str]:
    bought = bought_by(GitRepository(folder), ["dedupe"])
    exact = [one for one in bought if one.purchase.cost == "exact"]
    billed = sum(price(MODEL, one.usage) for one in told if one.usage)
    useless = sum(not one.purchase.answered for one in exact)
    kept = "".join(one.answer.text for one in bought)
    return [
        *([] if sum_of(exact) == billed > 0 else [f"paid {sum_of(exact)}, billed {billed}"]),
        *([] if len(bought) - len(exact) == expected.unheard else ["calls of unknown end are not all booked"]),
        *([] if useless == expected.useless else [f"{useless} answers are booked as useless"]),
        *(["a credential was kept"] if SECRET in kept else []),
    ]
