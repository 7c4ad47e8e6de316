"""Every question is asked as early as its dependencies allow, and nobody is idle meanwhile; proven without a clock.

All questions are held until a build can do nothing without an answer; then all are answered at once. That is a round. A
build's wall time is its rounds times the time of an answer, so that a stage that asks too late takes more of them.
`make bench-latency` measures it.
"""

import asyncio
import json
import threading
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from types import ModuleType
from typing import Any

import pytest

from tests.agreeable import Agreeable, TwoFiles
from tests.known_model import KnownModel
from tests.pipeline_world import SPEC
from tests.sabotage import sabotaged
from toolbuilder.adapters.batches.waves import CountedBackend, Waves
from toolbuilder.artifacts import Architecture
from toolbuilder.brief import brief_of
from toolbuilder.errors import AnswerRejected
from toolbuilder.microtask import Runner
from toolbuilder.ports import Answer, Command, Question, Ran
from toolbuilder.schema import canonical_json
from toolbuilder.spec.file import parse_spec
from toolbuilder.stage import Context
from toolbuilder.stages import STAGES, architecture, generation, packaging, requirements, verification

TOOL = "dedupe"
WANTED = {"requirements": 3, "architecture": 2, "generation": 2, "verification": 1, "packaging": 1}
MODULES = (1, 3, 6, 12)


def answered(model: KnownModel, question: Question) -> Answer:
    return Answer(canonical_json(model.answer(question)), "known", "known-1")


@dataclass
class Rounds:
    """Holds every question; answers all that are held when the build waits for them."""

    model: KnownModel
    waves: Waves = field(default_factory=Waves)
    held: list[tuple[Question, asyncio.Future[Answer]]] = field(default_factory=list)
    rounds: list[list[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.waves.go = self.answer_all

    async def ask(self, question: Question) -> Answer:
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self.held.append((question, answer))
        self.waves.hold(TOOL, question.key)
        return await answer

    def answer_all(self) -> None:
        held, self.held = self.held, []
        self.rounds.append([question.microtask for question, _ in held])
        for question, answer in held:
            self.waves.release(TOOL, question.key)
            answer.set_result(answered(self.model, question))


async def built(stages: tuple[Any, ...], here: Context) -> Context:
    """Run stages one after the other, as a build does; give the context that they leave."""
    async with asyncio.timeout(60):
        for stage in stages:
            produced = await stage.run(here)
            files = {**here.files, **produced.files}
            here = replace(here, earlier=(*here.earlier, produced.artifact), files=files)
    return here


def rounds_of(stages: tuple[Any, ...], modules: int) -> dict[str, int]:
    """Run stages one after the other, as a build does; count the rounds of each."""
    rounds = Rounds(KnownModel(modules))
    spec = parse_spec(SPEC.encode(), "specs/dedupe.yaml")
    runner = Runner(CountedBackend(rounds, rounds.waves, TOOL), canonical_json(brief_of(spec)))

    async def build() -> dict[str, int]:
        here = Context(spec, (), {}, (), runner, Agreeable(), TwoFiles())
        counts: dict[str, int] = {}
        with rounds.waves.underway(TOOL):
            for stage in stages:
                before = len(rounds.rounds)
                here = await built((stage,), here)
                counts[stage.name] = len(rounds.rounds) - before
        assert len(here.artifact(Architecture).modules) == modules
        return counts

    return asyncio.run(build())


@pytest.mark.parametrize("modules", MODULES)
def test_a_build_is_nine_answers_deep_however_many_modules_it_has(modules: int) -> None:
    assert rounds_of(STAGES, modules) == WANTED


SABOTAGED: list[tuple[ModuleType, str, str, str]] = [
    (
        requirements,
        "REQUIREMENTS",
        "await both(ask(SPLIT_CODE_AND_AI, stated), ask(MAP_DATA_FLOWS, stated))",
        "await ask(SPLIT_CODE_AND_AI, stated), await ask(MAP_DATA_FLOWS, stated)",
    ),
    (
        architecture,
        "ARCHITECTURE",
        "await both(ask(DEFINE_INTERFACES, design), ask(DESIGN_ERRORS, design))",
        "await ask(DEFINE_INTERFACES, design), await ask(DESIGN_ERRORS, design)",
    ),
    (
        generation,
        "GENERATION",
        "await both(_scaffold(context), every(_write(context, module) for module in modules))",
        "await _scaffold(context), [await _write(context, module) for module in modules]",
    ),
]


@pytest.mark.parametrize(("module", "name", "text", "instead"), SABOTAGED)
def test_a_stage_that_asks_one_after_the_other_would_be_noticed(
    module: ModuleType, name: str, text: str, instead: str
) -> None:
    slow = getattr(sabotaged(module, text, instead), name)
    stages = tuple(slow if stage.name == slow.name else stage for stage in STAGES)
    counts = rounds_of(stages, 3)
    assert counts.pop(slow.name) > WANTED[slow.name]
    assert counts == {name: count for name, count in WANTED.items() if name != slow.name}


@dataclass
class Meeting(Agreeable, TwoFiles):
    """A model, a sandbox and a scaffolder: a question and the local work beside it end only once both have begun."""

    microtask: str
    work: str  # a word of the command, or "render"
    patience: float
    model: KnownModel = field(default_factory=KnownModel)
    asked: threading.Event = field(default_factory=threading.Event)
    begun: threading.Event = field(default_factory=threading.Event)

    async def ask(self, question: Question) -> Answer:
        if question.microtask == self.microtask:
            self.asked.set()
            assert await asyncio.to_thread(self.begun.wait, self.patience), f"no {self.work} beside {self.microtask}"
        return answered(self.model, question)

    def run(self, command: Command) -> Ran:
        self.meet(*command.argv)
        return super().run(command)

    def render(self, template: str, answers: Mapping[str, object]) -> Mapping[str, bytes]:
        self.meet("render")
        return super().render(template, answers)

    def meet(self, *words: str) -> None:
        if self.work in words:
            self.begun.set()
            assert self.asked.wait(self.patience), f"{self.microtask} is not asked beside {self.work}"


@cache
def before(name: str, modules: int = 1) -> Context:
    """Give the context that a stage finds."""
    spec = parse_spec(SPEC.encode(), "specs/dedupe.yaml")
    nobody = Meeting("nobody", "nothing", 0, KnownModel(modules))
    runner = Runner(nobody, canonical_json(brief_of(spec)))
    here = Context(spec, (), {}, (), runner, nobody, nobody)
    names = [stage.name for stage in STAGES]
    return asyncio.run(built(STAGES[: names.index(name)], here))


def met(stage: Any, microtask: str, work: str, patience: float = 30) -> None:
    """Run a stage with a meeting. Raises AssertionError when it does not come about."""
    meeting, here = Meeting(microtask, work, patience), before(stage.name)
    runner = replace(here.runner, backend=meeting)
    asyncio.run(built((stage,), replace(here, runner=runner, sandbox=meeting, scaffolder=meeting)))


MEETINGS = [
    (generation, "write_module", "render"),
    *((verification, "review_code", work) for work in ("check", "mypy", "pytest", "hatchling")),
    (packaging, "write_readme", "venv"),
]


@pytest.mark.parametrize(("module", "microtask", "work"), MEETINGS)
def test_local_work_is_done_while_a_model_thinks(module: ModuleType, microtask: str, work: str) -> None:
    name = module.__name__.rpartition(".")[2].upper()
    met(getattr(module, name), microtask, work)
    idle = sabotaged(module, "await both(", "await one_by_one(")
    idle.one_by_one = one_by_one
    with pytest.raises(AssertionError, match=microtask):
        met(getattr(idle, name), microtask, work, patience=0.05)


@dataclass
class OneRefusal:
    """A model that refuses to write one module at once, and takes its time for the others."""

    model: KnownModel
    given: list[str] = field(default_factory=list)

    async def ask(self, question: Question) -> Answer:
        if question.microtask == "write_module" and json.loads(question.input)["module"]["name"] == "part_1":
            raise AnswerRejected("no")
        for _ in range(20):
            await asyncio.sleep(0)
        self.given.append(question.microtask)
        return answered(self.model, question)


def given_beside_a_refusal(stage: Any) -> list[str]:
    """Generate a tool of three modules, one of which is refused; give the questions that were answered by then."""
    model = OneRefusal(KnownModel(3))
    here = before("generation", 3)

    async def run() -> list[str]:
        with pytest.raises(AnswerRejected):
            await stage.run(replace(here, runner=replace(here.runner, backend=model)))
        return [*model.given]

    return asyncio.run(run())


def test_a_module_that_is_refused_does_not_cost_the_others_their_answers() -> None:
    kept = ["write_module", "write_module", "write_tests", "write_tests"]
    assert sorted(given_beside_a_refusal(generation.GENERATION)) == kept
    together = "every(_write(context, module) for module in modules)"
    hasty = sabotaged(generation, together, "asyncio.gather(*(_write(context, module) for module in modules))")
    assert len(given_beside_a_refusal(hasty.GENERATION)) < len(kept)


async def one_by_one(one: Coroutine[Any, Any, Any], other: Coroutine[Any, Any, Any]) -> tuple[Any, Any]:
    """Wait for one thing, and only then begin the other."""
    try:
        return await one, await other
    finally:
        other.close()
