"""The wiring of engines: from settings to the backend that answers for one tool.

A question passes the journal, then the rung of the ladder that it names; a paid rung waits for a place among the calls
in flight, retries within the deadline, and reserves what each call can cost before it is made.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from importlib import import_module
from pathlib import Path

from toolbuilder.adapters.anthropic.endpoint import Endpoint
from toolbuilder.adapters.budgeted_backend import BudgetedBackend
from toolbuilder.adapters.git.refs import tools_with_journals
from toolbuilder.adapters.journaled_backend import JournaledBackend
from toolbuilder.adapters.ladder_backend import LadderBackend
from toolbuilder.adapters.limited_backend import CallLimit, LimitedBackend
from toolbuilder.adapters.retrying_backend import RetryingBackend
from toolbuilder.brief import brief_of
from toolbuilder.budget import Ledger
from toolbuilder.errors import FileIsWrong, Problem
from toolbuilder.journal import Journal
from toolbuilder.lazy import LazyEngine, lazy_prices
from toolbuilder.ports import ModelBackend, Repository
from toolbuilder.pricing import Model
from toolbuilder.schema import canonical_json
from toolbuilder.settings import Settings
from toolbuilder.spec import Spec
from toolbuilder.spending import Bought, bought_by, build_cap, day_cap, run_cap

OFFLINE, SMALL, LARGE = "offline", "small", "large"
LADDERS: Mapping[str, tuple[str, ...]] = {
    "offline": (OFFLINE,),
    "auto": (OFFLINE, SMALL, SMALL, LARGE),  # what does not fit is told to the small model once, then to the large one
    "anthropic": (SMALL, SMALL, LARGE),
    "replay": (OFFLINE, OFFLINE, OFFLINE, OFFLINE),  # the journal answers whatever rung is asked
}
EPOCH = "0 +0000"


@dataclass(frozen=True)
class Engines:
    """The engines of one run of the command in one repository."""

    repository: Repository
    start: Path
    settings: Settings
    wanted: str

    @property
    def name(self) -> str:
        """The engine in force: `auto` without a key is the embedded one. Raises FileIsWrong for an unknown name."""
        if self.wanted not in LADDERS:
            message = f"there is no engine {self.wanted!r}: {', '.join(LADDERS)}"
            raise FileIsWrong([Problem("--engine", 0, 0, message)])
        return OFFLINE if self.wanted == "auto" and not self._can_pay else self.wanted

    @property
    def ladder(self) -> tuple[str, ...]:
        """Who is asked, one after the other."""
        return LADDERS[self.name]

    def backend(self, spec: Spec) -> ModelBackend:
        """Give the backend of a tool. Raises RepositoryError for a damaged journal."""
        journal = Journal(self.repository, spec.name, self._date)
        if self.name == "replay":
            return JournaledBackend(None, journal)
        return JournaledBackend(
            LadderBackend({rung: self._rung(rung, spec, journal) for rung in {*self.ladder}}), journal
        )

    def offline(self) -> ModelBackend:
        """Give the embedded engine; it says the last word where there is no other."""
        alone = self.ladder == (OFFLINE,)
        return LazyEngine(lambda: import_module("toolbuilder.adapters.offline.backend").offline_backend(alone=alone))

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
        return tuple(tools_with_journals(self.start))

    def bought(self) -> tuple[Bought, ...]:
        """Give every paid call that the repository's journals hold."""
        return bought_by(self.repository, self.tools())

    @cached_property
    def ledger(self) -> Ledger:
        """The money of this run: its own cap and the day's, where they are set."""
        ledger = Ledger()
        if self.settings.run_usd is not None:
            ledger = ledger.also(run_cap(self.settings.run_usd))
        if self.settings.day_usd is not None:
            today = datetime.now(UTC).date().isoformat()
            ledger = ledger.also(day_cap(self.settings.day_usd, today, self.bought()))
        return ledger

    @cached_property
    def limit(self) -> CallLimit:
        """The one limit of calls in flight."""
        return CallLimit(self.settings.calls)

    def _rung(self, rung: str, spec: Spec, journal: Journal) -> ModelBackend:
        if rung == OFFLINE:
            return self.offline()
        return LazyEngine(lambda: self._paid(self.models()[rung], self._ledger_of(spec), journal))

    def _paid(self, model: Model, ledger: Ledger, journal: Journal) -> ModelBackend:
        connect = import_module("toolbuilder.adapters.anthropic.backend").connect
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
