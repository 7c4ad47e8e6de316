"""The wiring of engines: from settings to the backend that answers for one tool.

A question passes the journal, then the rung of the ladder that it names. A paid rung first looks for what is paid for
already: in batches that an earlier run has left, and in the journals of other tools. Then it waits for a place among
the calls in flight, retries within the deadline, and reserves what each call can cost before it is made; or it leaves
the question to the next batch.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cache, cached_property, partial
from importlib import import_module
from pathlib import Path

from toolbuilder.adapters.anthropic.endpoint import Endpoint
from toolbuilder.adapters.batches.fetching import FetchingBackend
from toolbuilder.adapters.batches.post import BatchingBackend
from toolbuilder.adapters.batches.record import REF as BATCHES
from toolbuilder.adapters.batches.record import pledged
from toolbuilder.adapters.batches.waves import CountedBackend
from toolbuilder.adapters.budgeted_backend import BudgetedBackend
from toolbuilder.adapters.git.refs import JOURNALS, journal_tips
from toolbuilder.adapters.journaled_backend import JournaledBackend
from toolbuilder.adapters.ladder_backend import LadderBackend
from toolbuilder.adapters.limited_backend import CallLimit, LimitedBackend
from toolbuilder.adapters.pushed_repository import PushedRepository
from toolbuilder.adapters.retrying_backend import RetryingBackend
from toolbuilder.adapters.shared_backend import SharedBackend
from toolbuilder.batching import Batching
from toolbuilder.brief import Brief, brief_of
from toolbuilder.budget import Ledger
from toolbuilder.errors import FileIsWrong, Problem, RepositoryError
from toolbuilder.events import Listener
from toolbuilder.journal import Journal
from toolbuilder.ladders import LADDERS, LARGE, OFFLINE, SMALL
from toolbuilder.lazy import LazyEngine, LazySandbox, lazy_prices, load
from toolbuilder.ports import ModelBackend, Repository, Sandbox
from toolbuilder.pricing import Model
from toolbuilder.purse import Purse, Sources
from toolbuilder.runs import run_name
from toolbuilder.schema import canonical_json
from toolbuilder.settings import Settings
from toolbuilder.spec import Spec
from toolbuilder.spending import Books, Bought, Cost, bought_by, build_cap, run_cap

EPOCH = "0 +0000"
Explained = Callable[[Brief, Sandbox], tuple[int, str, str]]


@dataclass(frozen=True)
class Engines:
    """The engines of one run of the command in one repository."""

    repository: Repository
    start: Path
    settings: Settings
    wanted: str
    batch: bool = False  # questions of all builds go together, for half the price, and are answered within a day
    tell: Listener = lambda _: None

    @property
    def name(self) -> str:
        """The engine in force: `auto` without a key is the embedded one.

        Raises FileIsWrong for an unknown name, and for batches where the provider has none.
        """
        if self.wanted not in LADDERS:
            message = f"there is no engine {self.wanted!r}: {', '.join(LADDERS)}"
            raise FileIsWrong([Problem("--engine", 0, 0, message)])
        name = OFFLINE if self.wanted == "auto" and not self._can_pay else self.wanted
        if self.batch and SMALL in LADDERS[name] and self.settings.provider != "anthropic":
            message = f"{self.settings.provider} takes no batches: leave --batch out, or set `provider` to anthropic"
            raise FileIsWrong([Problem("--batch", 0, 0, message)])
        return name

    @property
    def ladder(self) -> tuple[str, ...]:
        """Who is asked, one after the other."""
        return LADDERS[self.name]

    def backend(self, spec: Spec) -> ModelBackend:
        """Give the backend of a tool. Raises RepositoryError for a damaged journal."""
        journal = self._journals[spec.name] = Journal(self.repository, spec.name, self._date)
        if self.name == "replay":
            return JournaledBackend(None, journal)
        ledger = cache(partial(self._ledger_of, spec))  # one for all rungs: together they stay below the build's cap
        rungs = {rung: self._rung(rung, ledger, spec.name, journal) for rung in {*self.ladder}}
        journaled = JournaledBackend(LadderBackend(rungs), journal)
        return CountedBackend(journaled, self.batching.waves, spec.name) if self.batch else journaled

    def underway(self, tool: str) -> AbstractContextManager[None]:
        """Count a build for as long as it lasts: a batch is sent when all that are underway wait."""
        return self.batching.waves.underway(tool) if self.batch else nullcontext()

    def offline(self) -> ModelBackend:
        """Give the embedded engine; it says the last word where there is no other."""
        alone = self.ladder == (OFFLINE,)
        module, sandbox = "toolbuilder.adapters.offline.backend", LazySandbox(self.settings.sandbox)
        return LazyEngine(lambda: import_module(module).offline_backend(alone=alone, sandbox=sandbox))

    def solved(self, spec: Spec) -> tuple[int, str, str]:
        """Give what the embedded engine makes of a spec: an exit code, words, and the same as JSON."""
        explained: Explained = import_module("toolbuilder.adapters.offline.explaining").explained
        return explained(brief_of(spec), LazySandbox(self.settings.sandbox))

    def models(self) -> dict[str, Model]:
        """Give the paid rungs' models with their prices."""
        ids = {SMALL: self.settings.small_model, LARGE: self.settings.large_model}
        price = lazy_prices(self.settings.provider, self.settings.prices)
        return {rung: Model(self.settings.provider, model, price) for rung, model in ids.items()}

    def paid_ladder(self) -> tuple[Model, ...]:
        """Give the paid rungs in order, whether there is a key or not: what a build with one would ask."""
        return tuple(self.models()[rung] for rung in LADDERS[self.wanted] if rung != OFFLINE)

    def tools(self) -> tuple[str, ...]:
        """Give the tools that have a journal."""
        return tuple(journal_tips(self.start))

    def bought(self) -> tuple[Bought, ...]:
        """Give every paid call that the repository's journals hold."""
        return bought_by(self.repository, self.tools())

    @cached_property
    def ledger(self) -> Ledger:
        """The money of this run: its own cap and the day's, where they are set."""
        ledger = Ledger() if self.purse is None else Ledger(purse=self.purse, book=self.purse.book)
        return ledger if self.settings.run_usd is None else ledger.also(run_cap(self.settings.run_usd))

    @cached_property
    def purse(self) -> Purse | None:
        """Where the money of a day comes from, if it has a cap; it reads and pushes nothing before it is drawn on."""
        if self.settings.day_usd is None:
            return None
        books, pushed = Books(self.repository, lambda: journal_tips(self.start)), self.repository

        def bought() -> list[Cost]:
            return [one.cost for one in books.bought()]

        sources = Sources(
            refresh=pushed.reconcile if isinstance(pushed, PushedRepository) else lambda _: None,
            batches=(BATCHES, lambda: pledged(self.batching.open.all())),
            journals=(JOURNALS, bought),
        )
        cap = Decimal(str(self.settings.day_usd))
        return Purse(cap, self.repository, sources, run_name(os.environ), self._date)

    def finish(self) -> None:
        """Give back what this run was granted and has not spent. Raises RepositoryError."""
        if self.purse:
            self.purse.give_back()

    @cached_property
    def limit(self) -> CallLimit:
        """The one limit of calls in flight."""
        return CallLimit(self.settings.calls)

    @cached_property
    def batching(self) -> Batching:
        """The batches of this run."""
        return Batching(self.repository, self.settings, self._endpoint, self._date, self._journal_of, self.tell)

    @cached_property
    def _journals(self) -> dict[str, Journal]:
        return {}

    def _journal_of(self, tool: str) -> Journal:
        return self._journals.get(tool) or self._journals.setdefault(tool, Journal(self.repository, tool, self._date))

    def _journals_but(self, tool: str) -> Iterator[Journal]:
        for other in self.tools():
            with suppress(RepositoryError):  # a damaged journal stops the builds of its own tool, not those of others
                if other != tool:
                    yield self._journal_of(other)

    def _rung(self, rung: str, ledger: Callable[[], Ledger], tool: str, journal: Journal) -> ModelBackend:
        if rung == OFFLINE:
            return self.offline()
        # Made when it is asked: what others have fetched and journalled by then counts against the caps.
        engine = LazyEngine(lambda: self._paid(self.models()[rung], ledger(), tool, journal))
        paid = SharedBackend(engine, lambda: self._journals_but(tool))
        has_batches = self.settings.provider == "anthropic"
        return FetchingBackend(paid, self.batching.unfetched, journal) if has_batches else paid

    def _paid(self, model: Model, ledger: Ledger, tool: str, journal: Journal) -> ModelBackend:
        if self.batch:
            return BatchingBackend(self.batching.post, tool, replace(model, price=self.batching.price), ledger)
        connect = load("toolbuilder.adapters.anthropic.backend").connect
        budgeted = BudgetedBackend(connect(self._endpoint, model.id), ledger, model, journal.record)
        return LimitedBackend(RetryingBackend(budgeted, heed=self.limit.heed), self.limit)

    def _ledger_of(self, spec: Spec) -> Ledger:
        if spec.budget is None:
            return self.ledger
        bought = bought_by(self.repository, [spec.name])
        return self.ledger.also(build_cap(spec.name, spec.budget.usd, canonical_json(brief_of(spec)), bought))

    @property
    def _endpoint(self) -> Endpoint:
        settings = self.settings
        return Endpoint(
            provider=settings.provider,
            key=settings.api_key,
            base_url=settings.base_url,
            region=settings.region,
            project=settings.project,
            enforced=settings.structured_output,
        )

    @property
    def _can_pay(self) -> bool:
        return bool(self.settings.api_key or self.settings.base_url) or self.settings.provider != "anthropic"

    @cached_property
    def _date(self) -> str:
        head = self.repository.log("HEAD", 1)
        return f"{int(datetime.fromisoformat(head[0].date).timestamp())} +0000" if head else EPOCH
