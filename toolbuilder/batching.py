"""The wiring of batches: one post for all tools of a run, and what earlier runs have left to be fetched."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from toolbuilder.adapters.anthropic.endpoint import Endpoint
from toolbuilder.adapters.batches.fetching import Fetcher, Unfetched
from toolbuilder.adapters.batches.post import Post
from toolbuilder.adapters.batches.record import OpenBatches
from toolbuilder.adapters.batches.waves import Waves
from toolbuilder.events import Listener
from toolbuilder.journal import Journal
from toolbuilder.lazy import load
from toolbuilder.ports import Repository
from toolbuilder.pricing import Price
from toolbuilder.settings import Settings


@dataclass(frozen=True)
class Batching:
    """The batches of one run of the command in one repository."""

    repository: Repository
    settings: Settings
    endpoint: Endpoint
    date: str
    journal_of: Callable[[str], Journal]
    tell: Listener = lambda _: None

    @cached_property
    def waves(self) -> Waves:
        """Who waits for whom."""
        return Waves()

    @cached_property
    def post(self) -> Post:
        """Where questions are held, and sent from."""
        return Post(self.fetcher, self.waves, tell=self.tell)

    @cached_property
    def open(self) -> OpenBatches:
        """What was sent and not yet fetched."""
        return OpenBatches(self.repository, self.date)

    @cached_property
    def unfetched(self) -> Unfetched:
        """What earlier runs have sent."""
        return Unfetched(lambda: self.fetcher, self.open)

    @cached_property
    def fetcher(self) -> Fetcher:
        """Who fetches batches; making it loads the SDK."""
        connect = load("toolbuilder.adapters.anthropic.batches").connect
        return Fetcher(connect(self.endpoint), self.open, self.journal_of, self.price)

    @cached_property
    def price(self) -> Price:
        """The price list for batches; making it takes half a second."""
        listed = load("toolbuilder.adapters.prices").price_list
        prices: Price = listed(self.settings.provider, self.settings.prices, processing="batch")
        return prices
