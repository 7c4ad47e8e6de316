"""The provider of `paid_provider`, which also takes batches: in a folder, so that they outlive the process."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx2

from tests.paid_provider import MODEL, Provider, price
from tests.pipeline_world import DATE, SPEC, STAGES, World
from toolbuilder.adapters.anthropic.batches import AnthropicBatches
from toolbuilder.adapters.anthropic.client import SharedClient
from toolbuilder.adapters.batches.fetching import Fetcher, FetchingBackend, Rhythm, Unfetched, utc_now
from toolbuilder.adapters.batches.post import BatchingBackend, Post
from toolbuilder.adapters.batches.record import OpenBatches
from toolbuilder.adapters.batches.waves import CountedBackend, Waves
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.adapters.journaled_backend import JournaledBackend
from toolbuilder.budget import Ledger
from toolbuilder.build import Built, Order, Workshop
from toolbuilder.errors import ToolbuilderError
from toolbuilder.journal import Journal
from toolbuilder.pipeline import build
from toolbuilder.ports import ModelBackend
from toolbuilder.pricing import Model, Usage
from toolbuilder.spec import Spec
from toolbuilder.spec.file import parse_spec

URL = "https://api.anthropic.com/v1/messages/batches"
AT = "2026-11-22T10:00:00Z"
Json = dict[str, Any]
Fate = Callable[[int, int], Json | None]  # batch, place in it -> a result instead of an answer


def half(model: str, usage: Usage) -> Decimal:
    """The price of a call in a batch."""
    return price(model, usage) / 2


async def no_pause(_seconds: float) -> None:
    """Wait for nobody."""
    await asyncio.sleep(0)


@dataclass
class BatchedProvider(Provider):
    """A batch has ended when somebody has asked after it as often as `polls` says."""

    folder: Path = Path()
    polls: int = 2
    url: str = URL
    fate: Fate = lambda _batch, _place: None
    calls: list[str] = field(default_factory=list)

    @property
    def batches(self) -> list[Json]:
        """Every batch so far, with its requests."""
        return [json.loads(path.read_text()) for path in sorted(self.folder.glob("*.json"))]

    @property
    def charged(self) -> Decimal:
        """What all batches come to."""
        return sum((Decimal(batch["usd"]) for batch in self.batches), Decimal(0))

    async def handle(self, request: httpx2.Request) -> httpx2.Response:
        if "/batches" not in request.url.path:
            return await super().handle(request)
        await asyncio.sleep(0)
        if request.method == "POST":
            self.calls.append("send")
            return await self._take(json.loads(request.content)["requests"])
        if request.url.path.endswith("/batches"):
            return self._listed()
        name = request.url.path.removesuffix("/results").rpartition("/")[2]
        path = self.folder / f"{name}.json"
        if not path.exists():
            error = {"type": "error", "error": {"type": "not_found_error", "message": "no such batch"}}
            return httpx2.Response(404, json=error)
        return self._results(path) if request.url.path.endswith("/results") else self._state(path)

    async def _take(self, requests: list[Json]) -> httpx2.Response:
        number = len(self.batches)
        before, results = self.billed, []
        for place, one in enumerate(requests):
            result = self.fate(number, place)
            if result is None:
                reply = await self._reply(one["params"])
                good = {"type": "succeeded", "message": reply.json()}
                result = good if reply.is_success else {"type": "errored", "error": reply.json()}
            results.append({"custom_id": one["custom_id"], "result": result})
        usd = (self.billed - before) / 2
        path = self.folder / f"msgbatch_{number:03}.json"
        batch = {"requests": requests, "results": results, "asked": 0, "usd": str(usd), "at": utc_now().isoformat()}
        path.write_text(json.dumps(batch))
        return self._shown(path.stem, "in_progress")

    def _listed(self) -> httpx2.Response:
        self.calls.append("list")
        newest_first = sorted(self.folder.glob("*.json"), reverse=True)
        shown = [self._shown(path.stem, "in_progress").json() for path in newest_first]
        return httpx2.Response(200, json={"data": shown, "has_more": False, "first_id": None, "last_id": None})

    def _state(self, path: Path) -> httpx2.Response:
        self.calls.append("ask")
        batch = json.loads(path.read_text())
        batch["asked"] += 1
        path.write_text(json.dumps(batch))
        return self._shown(path.stem, "ended" if batch["asked"] >= self.polls else "in_progress")

    def _results(self, path: Path) -> httpx2.Response:
        self.calls.append("fetch")
        lines = [json.dumps(line) for line in reversed(json.loads(path.read_text())["results"])]
        return httpx2.Response(200, text="\n".join(lines) + "\n", headers={"content-type": "application/binary"})

    def _shown(self, name: str, state: str) -> httpx2.Response:
        batch = json.loads((self.folder / f"{name}.json").read_text())
        counts = dict.fromkeys(("succeeded", "errored", "canceled", "expired"), 0)
        counts["processing"] = len(batch["requests"])
        body = {"id": name, "type": "message_batch", "processing_status": state, "request_counts": counts}
        times = {
            "created_at": batch["at"],
            "expires_at": AT,
            "ended_at": None,
            "archived_at": None,
            "cancel_initiated_at": None,
        }
        url = f"{self.url}/{name}/results" if state == "ended" else None
        return httpx2.Response(200, json={**body, **times, "results_url": url})


@dataclass
class BatchShop:
    """One run of the command: the post, and a backend a tool, around one provider."""

    repository: Path
    provider: BatchedProvider
    ledger: Ledger = field(default_factory=Ledger)
    rhythm: Rhythm = field(default_factory=lambda: Rhythm(sleep=no_pause))
    waves: Waves = field(default_factory=Waves)
    journals: dict[str, Journal] = field(default_factory=dict)
    records: type[OpenBatches] = OpenBatches
    ignores: bool = False  # sabotage: what earlier runs have sent is forgotten

    def __post_init__(self) -> None:
        git = GitRepository(self.repository)
        self.open = self.records(git, DATE)
        batches = AnthropicBatches(SharedClient(self.provider.client))
        self.fetcher = Fetcher(batches, self.open, self.journal, half, self.rhythm)
        self.post = Post(self.fetcher, self.waves)
        self.unfetched = Unfetched(lambda: self.fetcher, self.open, _done=self.ignores)

    def journal(self, tool: str) -> Journal:
        return self.journals.setdefault(tool, Journal(GitRepository(self.repository), tool, DATE))

    def backend(self, spec: Spec) -> ModelBackend:
        journal, model = self.journal(spec.name), Model("anthropic", MODEL, half)
        paid = BatchingBackend(self.post, spec.name, model, self.ledger)
        journaled = JournaledBackend(FetchingBackend(paid, self.unfetched, journal), journal)
        return CountedBackend(journaled, self.waves, spec.name)

    @property
    def workshop(self) -> Workshop:
        world = World(self.repository, stages=STAGES).workshop
        return replace(world, backend=self.backend, ladder=("small", "large"), underway=self.waves.underway)


def run(shop: BatchShop, *names: str) -> Mapping[str, Built | ToolbuilderError]:
    """Build tools side by side, as the command does."""

    async def one(name: str, here: Workshop) -> Built | ToolbuilderError:
        source = SPEC.replace("name: dedupe", f"name: {name}").encode()
        try:
            with here.underway(name):
                return await build(Order(parse_spec(source, f"specs/{name}.yaml"), source), here)
        except ToolbuilderError as error:
            return error

    async def all_of_them() -> list[Built | ToolbuilderError]:
        async with asyncio.timeout(60):
            return await asyncio.gather(*(one(name, shop.workshop) for name in names))

    return dict(zip(names, asyncio.run(all_of_them()), strict=True))
