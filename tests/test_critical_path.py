"""Every question is asked as early as its dependencies allow; proven by counting rounds, without a clock.

All questions are held until a build can do nothing without an answer; then all are answered at once. That is a round. A
build's wall time is its rounds times the time of an answer, so that a stage that asks too late takes more of them.
"""

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Any

import pytest

from tests.pipeline_world import SPEC
from tests.sabotage import sabotaged
from toolbuilder.adapters.batches.waves import CountedBackend, Waves
from toolbuilder.adapters.offline.backend import RULES
from toolbuilder.artifacts import Architecture, Entry, Interface, Module
from toolbuilder.brief import brief_of
from toolbuilder.microtask import Runner
from toolbuilder.ports import Answer, Command, Question, Ran
from toolbuilder.schema import canonical_json
from toolbuilder.spec.file import parse_spec
from toolbuilder.stage import Context
from toolbuilder.stages import STAGES, architecture, generation, requirements
from toolbuilder.stages.architecture import Design, Errors, Interfaces
from toolbuilder.stages.generation import Written, WrittenTests
from toolbuilder.stages.packaging import Description
from toolbuilder.stages.verification import Review

TOOL = "dedupe"
WANTED = {"requirements": 3, "architecture": 2, "generation": 2, "verification": 1, "packaging": 1}
MODULES = (1, 3, 6, 12)


def scripted(modules: int) -> Mapping[str, object]:
    """The answers of a model that lays the tool out in so many modules."""
    names = [f"part_{number}" for number in range(modules)]
    parts = tuple(Module(name=name, summary="Do a part.", roles=("work",), covers=("R1",)) for name in names)
    interfaces = tuple(Interface(module=n, signature="def run(text: str) -> str", purpose="Do it.") for n in names)
    return {
        "design_modules": Design(modules=parts, entry=Entry(module=names[0], function="run"), dependencies=()),
        "define_interfaces": Interfaces(interfaces=interfaces),
        "design_errors": Errors(errors=()),
        "write_module": Written(source='"""A part."""\n', notes=()),
        "write_tests": WrittenTests(source="", tested=()),
        "review_code": Review(remarks=()),
        "write_readme": Description(summary="It works.", when_to_use="Always.", limits=()),
    }


@dataclass
class Rounds:
    """Holds every question; answers all that are held when the build waits for them."""

    answers: Mapping[str, object]
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
            value = self.answers.get(question.microtask) or RULES[question.microtask](question)
            answer.set_result(Answer(canonical_json(value), "scripted", "scripted-1"))


class Agreeable:
    """A sandbox in which everything succeeds and nothing runs; what commands would leave behind is there."""

    kind = "none"

    def run(self, command: Command) -> Ran:
        words = command.argv[1:3]
        if words == ("-m", "hatchling"):
            (command.folder / ".toolbuilder-built").mkdir()
            (command.folder / ".toolbuilder-built/dedupe-1-py3-none-any.whl").write_bytes(b"wheel")
        if words[:1] == ("venv",):
            (command.folder / "env/lib" / f"python{sys.version_info.major}" / "site-packages").mkdir(parents=True)
            (command.folder / "env/bin").mkdir()
            (command.folder / "env/bin" / TOOL).write_text("")
        return Ran(0, b"", b"")


class OneFile:
    """A scaffolder with a template of one file."""

    def render(self, template: str, answers: Mapping[str, object]) -> Mapping[str, bytes]:
        return {"pyproject.toml": f"# {template}, {len(answers)} answers\n".encode()}


def rounds_of(stages: tuple[Any, ...], modules: int) -> dict[str, int]:
    """Run stages one after the other, as a build does; count the rounds of each."""
    rounds = Rounds(scripted(modules))
    spec = parse_spec(SPEC.encode(), "specs/dedupe.yaml")
    runner = Runner(CountedBackend(rounds, rounds.waves, TOOL), canonical_json(brief_of(spec)))

    async def build() -> dict[str, int]:
        here = Context(spec, (), {}, (), runner, Agreeable(), OneFile())
        counts: dict[str, int] = {}
        with rounds.waves.underway(TOOL):
            async with asyncio.timeout(60):
                for stage in stages:
                    before = len(rounds.rounds)
                    produced = await stage.run(here)
                    counts[stage.name] = len(rounds.rounds) - before
                    files = {**here.files, **produced.files}
                    here = replace(here, earlier=(*here.earlier, produced.artifact), files=files)
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
        "await asyncio.gather(ask(SPLIT_CODE_AND_AI, stated), ask(MAP_DATA_FLOWS, stated))",
        "await ask(SPLIT_CODE_AND_AI, stated), await ask(MAP_DATA_FLOWS, stated)",
    ),
    (
        architecture,
        "ARCHITECTURE",
        "await asyncio.gather(ask(DEFINE_INTERFACES, design), ask(DESIGN_ERRORS, design))",
        "await ask(DEFINE_INTERFACES, design), await ask(DESIGN_ERRORS, design)",
    ),
    (
        generation,
        "GENERATION",
        "await asyncio.gather(\n        _scaffold(context), asyncio.gather(*(_write(context, module) for module in modules))\n    )",
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
