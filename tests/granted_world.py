"""Runs that share the cap of a day, and take turns in an order that a seed decides: whatever happens is repeatable.

Each run is a thread with a purse, a journal and a ledger of its own around one repository in memory; before it touches
a ref or asks the provider it waits for its turn. So hundreds of orders are tried in a second.
"""

import asyncio
import random
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from toolbuilder.adapters.batches.record import REF as BATCHES
from toolbuilder.adapters.budgeted_backend import BudgetedBackend
from toolbuilder.adapters.git.refs import JOURNALS
from toolbuilder.adapters.journaled_backend import JournaledBackend
from toolbuilder.budget import Ledger
from toolbuilder.errors import BudgetReached, RaceLost
from toolbuilder.journal import Journal
from toolbuilder.ports import Answer, Commit, LogEntry, Question
from toolbuilder.pricing import Model, Usage, worst_case
from toolbuilder.purse import Purse, Sources
from toolbuilder.spending import Books

DATE = "1700000000 +0000"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
QUESTION = Question("write_module", "Write.", "brief", "{}", "{}", deadline=10, max_tokens=1_000)


def price(_model: str, usage: Usage) -> Decimal:
    return Decimal(usage.input_tokens + 5 * usage.output_tokens) / 1_000_000


MODEL = Model("shop", "shop-1", price)
WORST = MODEL.worst(QUESTION) or Decimal(0)


@dataclass
class Turns:
    """Lets one run go at a time: as soon as all wait, chance says who is next."""

    seed: int
    alive: set[str] = field(default_factory=set)
    waiting: set[str] = field(default_factory=set)
    current: str = ""

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)  # noqa: S311  (an order that can be repeated)
        self.changed = threading.Condition()

    def take(self, name: str) -> None:
        """Wait for the turn of a run."""
        with self.changed:
            self.waiting.add(name)
            self._choose()
            assert self.changed.wait_for(lambda: self.current == name, timeout=60), f"{name} waits for ever"
            self.waiting.remove(name)
            self.current = ""

    def leave(self, name: str) -> None:
        """Say that a run has ended."""
        with self.changed:
            self.alive.remove(name)
            self._choose()

    def _choose(self) -> None:
        if self.alive and self.waiting == self.alive:
            self.current = self.chance.choice(sorted(self.waiting))
            self.changed.notify_all()


@dataclass
class Memory:
    """A repository in memory: commits, and refs that move by compare-and-swap."""

    commits: list[Mapping[str, bytes]] = field(default_factory=list)
    refs: dict[str, str] = field(default_factory=dict)

    def resolve(self, ref: str) -> str | None:
        return self.refs.get(ref)

    def read(self, commit: str, under: str = "") -> Mapping[str, bytes]:
        files = self.commits[int(commit)]
        return {path: content for path, content in files.items() if not under or path.startswith(f"{under}/")}

    def write(self, commit: Commit) -> str:
        kept = dict(self.commits[int(commit.parents[0])]) if commit.parents else {}
        self.commits.append({path: one for path, one in {**kept, **commit.files}.items() if path not in commit.removed})
        return str(len(self.commits) - 1)

    def swap(self, ref: str, new: str, old: str | None) -> None:
        if self.refs.get(ref) != old:
            raise RaceLost(ref)
        self.refs[ref] = new

    def log(self, ref: str, limit: int = 0) -> list[LogEntry]:
        raise AssertionError(f"nobody looks at the history of {ref} ({limit})")

    def merge(self, base: str, ours: bytes, theirs: bytes) -> bytes | None:
        raise AssertionError(f"nobody merges {base}: {ours!r}, {theirs!r}")


@dataclass
class ByTurns(Memory):
    """The same repository as one run sees it: it waits for its turn before it moves a ref."""

    turns: Turns = field(default_factory=lambda: Turns(0))
    name: str = ""

    def swap(self, ref: str, new: str, old: str | None) -> None:
        self.turns.take(self.name)
        super().swap(ref, new, old)


@dataclass
class Till:
    """A provider whose answers are as dear as they can be, and what it bills."""

    billed: Decimal = Decimal(0)

    async def ask(self, question: Question) -> Answer:
        worst = worst_case(question)
        self.billed += price("", worst)
        return Answer("{}", "shop", "shop-1", worst.input_tokens, worst.output_tokens)


@dataclass
class Run:
    """One run of the command: it asks some questions for its tool, one after the other, and gives back what is left."""

    name: str
    memory: Memory
    turns: Turns
    till: Till
    cap: Decimal
    kind: type[Purse] = Purse
    hasty: bool = False  # it says that it has ended before its last answer is journalled
    deaf: bool = False  # it never hears an answer, though each is billed
    ledger: type[Ledger] = Ledger
    answered: int = 0
    refusal: str = ""
    failure: BaseException | None = None

    def __post_init__(self) -> None:
        self.repository = ByTurns(self.memory.commits, self.memory.refs, self.turns, self.name)
        books = Books(self.repository, self._journals)
        sources = Sources(
            refresh=lambda _: self.turns.take(self.name),
            batches=(BATCHES, tuple),
            journals=(JOURNALS, lambda: [one.cost for one in books.bought()]),
        )
        clock = lambda: NOON  # noqa: E731
        self.purse = self.kind(self.cap, self.repository, sources, self.name, DATE, clock, lambda _: None)

    def _journals(self) -> Mapping[str, str]:
        refs = self.memory.refs.items()
        return {ref.removeprefix(JOURNALS): tip for ref, tip in refs if ref.startswith(JOURNALS)}

    def go(self, calls: int) -> None:
        """Ask so many questions, or until the cap says no."""
        try:
            asyncio.run(self._asked(calls))
        except BudgetReached as error:
            self.refusal = str(error)
        except BaseException as error:  # noqa: BLE001  (the test tells)
            self.failure = error
        self.purse.give_back()
        self.turns.leave(self.name)

    async def _asked(self, calls: int) -> None:
        ledger = self.ledger(purse=self.purse, book=self.purse.book)
        journal = Journal(self.repository, self.name, DATE)
        paid = BudgetedBackend(self, ledger, MODEL, journal.record, now=lambda: NOON)
        backend = JournaledBackend(paid, journal)
        for number in range(calls):
            self.last = number == calls - 1
            with suppress(TimeoutError):  # nobody knows how that call has ended
                await backend.ask(replace(QUESTION, input=f"{self.name} {number:02}"))
            self.answered += 1

    async def ask(self, question: Question) -> Answer:
        """Pass a question on to the provider when it is this run's turn."""
        self.turns.take(self.name)
        answer = await self.till.ask(question)
        if self.deaf:
            raise TimeoutError
        if self.hasty and self.last:
            self.purse.give_back()
        return answer


@dataclass(frozen=True)
class Outcome:
    """What some runs came to."""

    billed: Decimal
    runs: tuple[Run, ...]


def shared(seed: int, cap: Decimal, calls: tuple[int, ...], kind: type[Purse] = Purse, **how: Any) -> Outcome:
    """Let runs spend below one cap, in the order that a seed gives; each asks so many questions."""
    names = {f"run-{number}" for number in range(len(calls))}
    turns, till, memory = Turns(seed, {*names}), Till(), Memory()
    runs = tuple(Run(name, memory, turns, till, cap, kind, **how) for name in sorted(names))
    threads = [threading.Thread(target=run.go, args=(count,)) for run, count in zip(runs, calls, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Outcome(till.billed, runs)
