"""A client of the journal: it notes what it bought and what was acknowledged to it, and can be killed at any point.

Run as a process of its own by the tests of the journal, with one JSON argument.
"""

import asyncio
import json
import os
import signal
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.adapters.journaled_backend import JournaledBackend
from toolbuilder.journal import Entry, Journal
from toolbuilder.ports import Answer, Question

WORKERS = 4


@dataclass(frozen=True)
class Order:
    """What the client is to do, and where it is to die."""

    repository: str
    notes: str  # the client's own log
    questions: list[int]
    variant: str = "faithful"
    die_at: str = ""  # a named point
    die_after: int = 0  # how many times it is passed before
    wait: bool = False  # open the journal, then wait for a line on standard input


@dataclass(frozen=True)
class Diary:
    """The client's own log, and the fuse."""

    order: Order
    passed: Counter[str] = field(default_factory=Counter)

    def note(self, word: str, key: str, text: str) -> None:
        line = f"{word} {key} {text}\n".encode()
        with Path(self.order.notes).open("ab", buffering=0) as log:
            log.write(line)
        os.write(sys.stdout.fileno(), line)

    def point(self, name: str) -> None:
        self.passed[name] += 1
        if name == self.order.die_at and self.passed[name] > self.order.die_after:
            os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True)
class Shop:
    """A model whose every answer is another one, so that a second purchase shows."""

    diary: Diary

    async def ask(self, question: Question) -> Answer:
        self.diary.point("before ask")
        for _ in range(int(question.input) % 3):
            await asyncio.sleep(0)
        text = f"{os.getpid()}-{self.diary.passed['before ask']}"
        self.diary.note("bought", question.key, text)
        self.diary.point("after ask")
        return Answer(text, "shop", "shop-1", cost_usd=0.25)


class WatchedRepository(GitRepository):
    """Passes two of the points where the client may die."""

    def __init__(self, diary: Diary):
        super().__init__(Path(diary.order.repository))
        self.diary = diary

    def swap(self, ref: str, new: str, old: str | None) -> None:
        self.diary.point("mid flush")
        super().swap(ref, new, old)
        self.diary.point("after flush")


class OverwritingRepository(WatchedRepository):
    """Sabotaged: the last writer wins."""

    def swap(self, ref: str, new: str, old: str | None) -> None:
        assert old != new
        super().swap(ref, new, self.resolve(ref))


class UnwrittenJournal(Journal):
    """Sabotaged: answers stay in memory."""

    async def record(self, key: str, microtask: str, answer: Answer) -> None:
        self._entries = {**self._entries, key: Entry(microtask=microtask, answer=answer)}


class HastyJournal(UnwrittenJournal):
    """Sabotaged: an answer is acknowledged before the ref holds it; every fourth call stores what has gathered."""

    async def record(self, key: str, microtask: str, answer: Answer) -> None:
        await super().record(key, microtask, answer)
        if len(self._entries) % 4 == 0:
            gathered, self._entries = self._entries, {}
            await asyncio.to_thread(self._save, gathered)


class ForgetfulJournal(Journal):
    """Sabotaged: a new run does not look at what is stored."""

    def _load(self) -> tuple[str | None, dict[str, Entry]]:
        return super()._load()[0], {}


REPOSITORIES = {"overwriting": OverwritingRepository}
JOURNALS = {"unwritten": UnwrittenJournal, "hasty": HastyJournal, "forgetful": ForgetfulJournal}


async def run(order: Order) -> None:
    diary = Diary(order)
    repository = REPOSITORIES.get(order.variant, WatchedRepository)(diary)
    journal = JOURNALS.get(order.variant, Journal)(repository, "tool", "1700000000 +0000")
    backend = JournaledBackend(Shop(diary), journal)
    if order.wait:
        os.write(sys.stdout.fileno(), b"ready\n")
        sys.stdin.readline()
    left = iter(order.questions)

    async def work() -> None:
        for number in left:
            question = Question("count", "Count.", "", str(number), "{}", 1.0, 100)
            answer = await backend.ask(question)
            diary.note("acknowledged", question.key, answer.text)

    async with asyncio.TaskGroup() as group:
        for _ in range(WORKERS):
            group.create_task(work())


if __name__ == "__main__":
    asyncio.run(run(Order(**json.loads(sys.argv[1]))))
