"""A small real world for the pipeline: real git, real stages one and two, a third stage that needs no sandbox.

Run as a script it is the client of the kill tests: `pipeline_world.py REPOSITORY LOG POINT [SABOTAGE]` builds the
tool, appends every question that reaches the engine and every commit that it was told of to LOG, and kills itself with
SIGKILL at the given point, counted over everything that touches the repository or the engine.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.adapters.journaled_backend import JournaledBackend
from toolbuilder.adapters.offline.backend import OfflineBackend
from toolbuilder.artifacts import Architecture, Generation, WrittenFile
from toolbuilder.build import Built, Order, Workshop
from toolbuilder.events import Event
from toolbuilder.journal import Journal
from toolbuilder.pipeline import build
from toolbuilder.ports import Answer, Command, Commit, LogEntry, Question, Ran
from toolbuilder.spec.file import parse_spec
from toolbuilder.stage import Context, Files, Finding, Produced
from toolbuilder.stages.architecture import ARCHITECTURE
from toolbuilder.stages.generation import GENERATION
from toolbuilder.stages.requirements import REQUIREMENTS

DATE = "1700000000 +0000"
SPEC = """\
name: dedupe
description: Remove duplicate lines, keeping the first occurrence and the order.
input_type: lines
output_type: lines
examples:
  - {input: "b\\na\\nb\\n", output: "b\\na\\n"}
  - {input: "x\\nx\\nx\\ny\\n", output: "x\\ny\\n"}
  - {input: "3\\n1\\n2\\n1\\n3\\n", output: "3\\n1\\n2\\n"}
constraints: [Use the standard library only.]
"""
NAMES = ("requirements", "architecture", "generation")


class NoSandbox:
    """The sandbox of a world in which nothing is run."""

    kind = "none"

    def run(self, command: Command) -> Ran:
        raise AssertionError(f"nothing is run here: {command.argv}")


class NoScaffolder:
    """The scaffolder of a world in which nothing is rendered."""

    def render(self, template: str, answers: Mapping[str, object]) -> Mapping[str, bytes]:
        raise AssertionError(f"nothing is rendered here: {template}, {len(answers)} answers")


async def write_a_module(context: Context) -> Produced[Generation]:
    """Write a module that shows which architecture it was made from."""
    entry = context.artifact(Architecture).entry
    path = f"src/dedupe/{entry.module}.py"
    lines = [
        f'"""{context.spec.description}"""',
        "",
        "ONE = 1",
        "TWO = 2",
        "THREE = 3",
        "",
        f"NAME = '{entry.function}'",
    ]
    return Produced(Generation(files=(WrittenFile(path=path, by="module"),), tested=()), {path: _text(lines)})


def no_todo(_context: Context, _artifact: Generation, files: Files) -> list[Finding]:
    """Refuse unfinished files."""
    return [Finding("files", path, "says TODO") for path, content in files.items() if b"TODO" in content]


STAGES = (REQUIREMENTS, ARCHITECTURE, replace(GENERATION, run=write_a_module, gate=no_todo))


@dataclass
class World:
    """A workshop around a repository, what its engine was asked, and what it told."""

    folder: Path
    engine: object = field(default_factory=OfflineBackend)
    asked: list[str] = field(default_factory=list)
    told: list[Event] = field(default_factory=list)
    patterns: tuple[()] = ()
    template: str = "template-1"
    stages: tuple[object, ...] = STAGES
    acknowledged: Callable[[str], None] = lambda _: None
    wrap: Callable[[object], object] = lambda repository: repository

    async def ask(self, question: Question) -> Answer:
        self.asked.append(question.microtask)
        answer: Answer = await self.engine.ask(question)  # type: ignore[attr-defined]  # a fake of many kinds
        return answer

    @property
    def workshop(self) -> Workshop:
        repository: Any = self.wrap(GitRepository(self.folder))
        return Workshop(
            repository=repository,
            backend=lambda spec: Client(
                JournaledBackend(self, Journal(repository, spec.name, DATE)), self.acknowledged
            ),
            sandbox=NoSandbox(),
            scaffolder=NoScaffolder(),
            patterns=self.patterns,
            fingerprint=lambda _: self.template,
            stages=self.stages,  # type: ignore[arg-type]
            tell=self.told.append,
        )

    def build(self, spec: str = SPEC, **how: str | bool | None) -> Built:
        order = Order(parse_spec(spec.encode(), "specs/dedupe.yaml"), spec.encode(), **how)  # type: ignore[arg-type]
        return asyncio.run(build(order, self.workshop))


def _text(lines: list[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode()


@dataclass
class Client:
    """Asks, and takes down each key whose answer it was given."""

    inner: JournaledBackend
    acknowledged: Callable[[str], None]

    async def ask(self, question: Question) -> Answer:
        answer = await self.inner.ask(question)
        self.acknowledged(question.key)
        return answer


@dataclass
class Bomb:
    """Counts what happens, and kills this process at one point."""

    point: int
    count: int = 0

    def tick(self) -> None:
        self.count += 1
        if self.count == self.point:
            os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class MinedRepository:
    """A repository that may not survive a write or a swap, before it or after it."""

    inner: GitRepository
    bomb: Bomb

    def write(self, commit: Commit) -> str:
        self.bomb.tick()
        made = self.inner.write(commit)
        self.bomb.tick()
        return made

    def swap(self, ref: str, new: str, old: str | None) -> None:
        self.bomb.tick()
        self.inner.swap(ref, new, old)
        self.bomb.tick()

    def resolve(self, ref: str) -> str | None:
        return self.inner.resolve(ref)

    def read(self, commit: str, under: str = "") -> Mapping[str, bytes]:
        return self.inner.read(commit, under)

    def log(self, ref: str, limit: int = 0) -> list[LogEntry]:
        return self.inner.log(ref, limit)

    def merge(self, base: str, ours: bytes, theirs: bytes) -> bytes | None:
        return self.inner.merge(base, ours, theirs)


@dataclass
class MinedEngine:
    """An engine that logs what it is asked, and may not survive it."""

    log: Path
    bomb: Bomb

    async def ask(self, question: Question) -> Answer:
        self.bomb.tick()
        with self.log.open("a") as log:
            log.write(f"asked {question.key}\n")
        answer = await OfflineBackend().ask(question)
        self.bomb.tick()
        return answer


class ForgetfulRepository(MinedRepository):
    """A sabotaged repository: it says that the journal was moved, and does not move it."""

    def swap(self, ref: str, new: str, old: str | None) -> None:
        if "/journal/" not in ref:
            super().swap(ref, new, old)


class ImpatientRepository(MinedRepository):
    """A sabotaged repository: each write carries the time of day, so that no two builds are alike."""

    def write(self, commit: Commit) -> str:
        return super().write(replace(commit, date=f"{os.getpid() + 1_700_000_000} +0000"))


SABOTAGE = {"": MinedRepository, "forgetful": ForgetfulRepository, "impatient": ImpatientRepository}


def main(folder: str, log: str, point: str, sabotage: str = "") -> None:
    """Build the tool, and die at the point."""
    bomb = Bomb(int(point))
    kind = SABOTAGE[sabotage]

    def take_down(line: str) -> None:
        with Path(log).open("a") as file:
            file.write(f"{line}\n")

    world = World(
        Path(folder),
        MinedEngine(Path(log), bomb),
        wrap=lambda inner: kind(inner, bomb),  # type: ignore[arg-type]
        acknowledged=lambda key: take_down(f"acknowledged {key}"),
    )
    built = world.build()
    take_down(f"points {bomb.count}\ntip {built.tip}")


if __name__ == "__main__":
    main(*sys.argv[1:])
