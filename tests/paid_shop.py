"""The decorators of a paid engine in their order around one provider, for many tools, in one process."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.agreeable import Agreeable, TwoFiles
from tests.paid_provider import MODEL, Provider, identity_of, price
from tests.pipeline_world import DATE, SPEC, STAGES, World
from toolbuilder import pipeline
from toolbuilder.adapters.anthropic.request import request_of
from toolbuilder.adapters.budgeted_backend import BudgetedBackend
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.adapters.journaled_backend import JournaledBackend
from toolbuilder.adapters.limited_backend import CallLimit, LimitedBackend
from toolbuilder.adapters.outcomes import Transient
from toolbuilder.adapters.retrying_backend import Patience, RetryingBackend
from toolbuilder.budget import Ledger
from toolbuilder.build import Built, Order, Workshop
from toolbuilder.journal import Journal
from toolbuilder.ports import Answer, ModelBackend, Question
from toolbuilder.pricing import Model
from toolbuilder.spec import Spec
from toolbuilder.spec.file import parse_spec

LADDER = ("small", "small", "large")


async def no_pause(_seconds: float) -> None:
    """Wait for nobody: storms are not slowed by their waiting."""
    await asyncio.sleep(0)


def untouched(backend: ModelBackend) -> ModelBackend:
    """Sabotage nothing."""
    return backend


@dataclass
class Shop:
    """One run of the command. What is given as `retried` and `journaled` may be sabotaged."""

    folder: Path
    provider: Provider
    ledger: Ledger = field(default_factory=Ledger)
    most: int = 8
    acknowledged: Callable[[str], None] = lambda _: None  # told the identity of each question whose answer came
    retried: Callable[[ModelBackend], ModelBackend] = untouched
    journaled: Callable[[ModelBackend, Journal], ModelBackend] = JournaledBackend
    heeded: int = 0  # failures that the retrying decorator was told of

    def __post_init__(self) -> None:
        self.limit = CallLimit(self.most, window=0)

    def heed(self, failure: Transient) -> None:
        self.heeded += 1
        self.limit.heed(failure)

    def backend(self, spec: Spec) -> ModelBackend:
        journal = Journal(GitRepository(self.folder), spec.name, DATE)
        model = Model("anthropic", MODEL, price)
        paid = self.retried(BudgetedBackend(self.provider.backend(), self.ledger, model, journal.record))
        retrying = RetryingBackend(paid, Patience(), self.heed, sleep=no_pause)
        return Acknowledging(self.journaled(LimitedBackend(retrying, self.limit), journal), self.acknowledged)

    @property
    def workshop(self) -> Workshop:
        """Give a workshop of three stages, the last of which asks nothing."""
        return replace(World(self.folder, stages=STAGES).workshop, backend=self.backend, ladder=LADDER)

    def whole_workshop(self, stages: tuple[object, ...]) -> Workshop:
        """Give a workshop of all stages in which nothing runs."""
        world = World(self.folder, stages=stages).workshop
        return replace(world, backend=self.backend, ladder=LADDER, sandbox=Agreeable(), scaffolder=TwoFiles())


@dataclass(frozen=True)
class Acknowledging:
    """The client: it tells of every answer that it is given."""

    inner: ModelBackend
    tell: Callable[[str], None]

    async def ask(self, question: Question) -> Answer:
        answer = await self.inner.ask(question)
        self.tell(identity_of(request_of(question, MODEL)))
        return answer


def order(name: str = "dedupe", **how: str) -> Order:
    source = SPEC.replace("name: dedupe", f"name: {name}").encode()
    return Order(parse_spec(source, f"specs/{name}.yaml"), source, **how)  # type: ignore[arg-type]


def build(shop: Shop, name: str = "dedupe") -> Built:
    return asyncio.run(pipeline.build(order(name), shop.workshop))
