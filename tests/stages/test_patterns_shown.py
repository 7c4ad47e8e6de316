"""Who writes or repairs a module sees the patterns that the tool carries, body and all, and no other pattern."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.pipeline_world import SPEC
from tests.sabotage import Protection, assert_guarded
from tests.stages.bench import context_of, produce, spec_of
from toolbuilder import repair
from toolbuilder.artifacts import Architecture
from toolbuilder.microtask import Runner
from toolbuilder.patterns import PACKAGE, carried, chosen, load_patterns
from toolbuilder.ports import Answer, Question
from toolbuilder.schema import canonical_json
from toolbuilder.stage import Attempt, Context, Finding
from toolbuilder.stages import generation
from toolbuilder.stages.architecture import ARCHITECTURE
from toolbuilder.stages.requirements import REQUIREMENTS

ROOT = Path(__file__).parents[2]
LIBRARY = load_patterns(ROOT / "patterns")
THINKING = (ROOT / "specs/blog-writer.yaml").read_text()
CARRIED = {"microtask_executor", "incremental_save", "feedback_loop"}
SAID = {
    "write_module": {"source": "X = 1\n", "notes": []},
    "write_tests": {"source": "", "tested": []},
    "repair_module": {"source": "X = 2\n"},
}


@dataclass
class Asked:
    """A model that says little, and what it was asked."""

    questions: list[Question] = field(default_factory=list)

    async def ask(self, question: Question) -> Answer:
        self.questions.append(question)
        return Answer(canonical_json(SAID[question.microtask]), "scripted", "scripted-1")

    def sees(self, microtask: str, package: str) -> list[set[str]]:
        """Give, for each question of a microtask, the patterns whose bodies it shows."""
        texts = [f"{q.rules}{q.instruction}{q.context}{q.input}" for q in self.questions if q.microtask == microtask]
        assert not any(PACKAGE in text for text in texts)
        bodies = {one.id: canonical_json(one.source(package))[1:-1] for one in LIBRARY}
        return [{name for name, body in bodies.items() if body in text} for text in texts]


@cache
def planned(text: str) -> Context:
    """Give a tool that is planned with the patterns that it carries, among all that there are."""
    spec = spec_of(text)
    carrying = replace(context_of(spec), patterns=chosen(spec, LIBRARY))
    return replace(produce(carrying, REQUIREMENTS, ARCHITECTURE), patterns=LIBRARY)


def asked(text: str, ask: Callable[[Context, Any], Any]) -> tuple[Asked, str, int]:
    """Put a question about each of a tool's own modules; give what was asked, its package and how many there are."""
    model = Asked()
    known = planned(text)
    context = replace(known, runner=Runner(model, known.runner.context))
    own = [module for module in context.artifact(Architecture).modules if module.pattern is None]
    for module in own:
        asyncio.run(ask(context, module))
    return model, context.spec.package, len(own)


def a_writer_sees_what_the_tool_carries(part: Any) -> None:
    model, package, modules = asked(THINKING, part._write)
    assert model.sees("write_module", package) == [CARRIED] * modules != []


def who_repairs_sees_the_same(part: Any) -> None:
    def ask(context: Context, module: Any) -> Any:
        failed = Attempt((Finding("pattern", "flow", "saves nothing"),), {}, "Save.")
        return part._repair(replace(context, attempts=(failed,), advice="Save."), module, b"X = 1\n")

    model, package, modules = asked(THINKING, ask)
    assert model.sees("repair_module", package) == [CARRIED] * modules != []


def a_tool_without_patterns_is_shown_none(part: Any) -> None:
    model, package, modules = asked(SPEC, part._write)
    assert model.sees("write_module", package) == [set()] * modules != []


def a_carried_pattern_is_given_as_the_tool_has_it(part: Any) -> None:
    library = [one.model_copy(update={"body": f"from {PACKAGE} import errors\n"}) for one in LIBRARY]
    shown = part.carried(library, {"incremental_save", None}, "blog_writer")
    assert [(one.module, one.source) for one in shown] == [("saving", "from blog_writer import errors\n")]


CHOICE = "{one.pattern for one in architecture.modules}"
ALL = "{one.id for one in context.patterns}"
GUARDED: list[tuple[Any, Protection]] = [
    (generation, (a_writer_sees_what_the_tool_carries, "architecture=architecture, patterns=shown)", "architecture=architecture)")),
    (generation, (a_writer_sees_what_the_tool_carries, CHOICE, ALL)),
    (generation, (a_tool_without_patterns_is_shown_none, CHOICE, ALL)),
    (repair, (who_repairs_sees_the_same, f"        patterns=carried(context.patterns, {CHOICE}, context.spec.package),\n", "")),
    (repair, (who_repairs_sees_the_same, CHOICE, ALL)),
    (carried, (a_carried_pattern_is_given_as_the_tool_has_it, " if p.id in ids", "")),
    (carried, (a_carried_pattern_is_given_as_the_tool_has_it, "p.source(package)", "p.body")),
]  # fmt: skip


@pytest.mark.parametrize(("module", "protection"), GUARDED)
def test_the_bodies_of_the_patterns_to_follow_reach_whoever_writes_and_no_others_do(
    module: Any, protection: Protection
) -> None:
    assert_guarded(module, protection)
