"""A model that knows the tool of `pipeline_world.SPEC`, in as many modules as are wanted; the tool is real and works.

What it says about requirements are the embedded engine's rules: they cost no time.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf
from typing import Any, TypeAlias

from pydantic import BaseModel

from tests.paid_provider import Provider, question_of
from toolbuilder.adapters.offline import requirements
from toolbuilder.artifacts import Entry, Interface, Module, TestedObligation
from toolbuilder.brief import Brief
from toolbuilder.metacognition import Diagnosis
from toolbuilder.ports import Question
from toolbuilder.repair import Repaired
from toolbuilder.schema import canonical_json
from toolbuilder.stages.architecture import Design, Errors, Interfaces, ToDesign
from toolbuilder.stages.generation import ToTest, ToWrite, Written, WrittenTests
from toolbuilder.stages.packaging import Description
from toolbuilder.stages.requirements import SplitAndFlows, StatedProblem, Wanted
from toolbuilder.stages.verification import Review

Rule: TypeAlias = Callable[[Question], BaseModel]

ENTRY = Entry(module="dedupe", function="remove_duplicates")
SIGNATURE = f"def {ENTRY.function}(text: str) -> str"
PART_SIGNATURE = "def keep(lines: list[str]) -> list[str]"
PART = f'''\
"""A step on the way of the lines."""


{PART_SIGNATURE}:
    """Give the lines as they are."""
    return list(lines)
'''
PART_TEST = '''\
"""What a step does."""

from {package}.{module} import keep


def test_lines_are_kept() -> None:
    """Nothing is lost."""
    assert keep(["a", "b"]) == ["a", "b"]
'''


@dataclass(frozen=True)
class KnownModel:
    """The answers by microtask, for a tool of so many modules."""

    modules: int = 1

    def answer(self, question: Question) -> BaseModel:
        """Give what the model says to a question."""
        brief = Brief.model_validate_json(question.context)
        known: dict[str, Rule] = {
            "identify_problem": lambda q: requirements.identify_problem(brief, Wanted.model_validate_json(q.input)),
            "split_code_and_ai": lambda q: requirements.split_code_and_ai(
                brief, StatedProblem.model_validate_json(q.input)
            ),
            "map_data_flows": lambda q: requirements.map_data_flows(brief, StatedProblem.model_validate_json(q.input)),
            "choose_agents": lambda q: requirements.choose_agents(brief, SplitAndFlows.model_validate_json(q.input)),
            "design_modules": lambda q: self._design(ToDesign.model_validate_json(q.input)),
            "define_interfaces": lambda _: self._interfaces(),
            "design_errors": lambda _: Errors(errors=()),
            "write_module": lambda q: self._written(ToWrite.model_validate_json(q.input), brief.package),
            "write_tests": lambda q: self._tested(ToTest.model_validate_json(q.input), brief.package),
            "review_code": lambda _: Review(remarks=()),
            "diagnose": lambda _: Diagnosis(cause="generation", evidence="E4", advice="Repair it.", retry=True),
            "repair_module": lambda _: Repaired(source=self._entry(brief.package)),
            "write_readme": lambda _: Description(summary="It drops repetitions.", when_to_use="Always.", limits=()),
        }
        return known[question.microtask](question)

    @property
    def _parts(self) -> tuple[str, ...]:
        return tuple(f"part_{number}" for number in range(1, self.modules))

    def _design(self, known: ToDesign) -> Design:
        ids = tuple(one.id for one in known.requirements.requirements)
        entry = Module(name=ENTRY.module, summary="Drop repetitions.", roles=("work",), covers=ids, uses=self._parts)
        parts = (Module(name=n, summary="Keep lines.", roles=("work",), covers=ids[:1]) for n in self._parts)
        return Design(modules=(entry, *parts), entry=ENTRY, dependencies=known.may_depend_on)

    def _interfaces(self) -> Interfaces:
        entry = Interface(module=ENTRY.module, signature=SIGNATURE, purpose="Give the whole output.")
        parts = (Interface(module=name, signature=PART_SIGNATURE, purpose="Keep lines.") for name in self._parts)
        return Interfaces(interfaces=(entry, *parts))

    def _written(self, wanted: ToWrite, package: str) -> Written:
        return Written(source=PART if wanted.module.name != ENTRY.module else self._entry(package), notes=())

    def _entry(self, package: str) -> str:
        imports = "".join(f"from {package} import {name}\n" for name in sorted(self._parts))
        steps = "".join(f"    lines = {name}.keep(lines)\n" for name in self._parts)
        head = f'"""Drop repeated lines."""\n\n{imports}\n\n{SIGNATURE}:\n    """Keep each first occurrence."""\n'
        return f'{head}    lines = list(dict.fromkeys(text.splitlines()))\n{steps}    return "".join(f"{{line}}\\n" for line in lines)\n'

    def _tested(self, wanted: ToTest, package: str) -> WrittenTests:
        if wanted.module.name == ENTRY.module:
            shown = TestedObligation(id="R1", tests=("tests/test_examples.py::test_example[E1]",))
            return WrittenTests(source="", tested=(shown,))
        return WrittenTests(source=PART_TEST.format(package=package, module=wanted.module.name), tested=())


@dataclass
class KnownProvider(Provider):
    """A provider whose model is known; `first` is when it was first asked, `said` what it answered last."""

    model: KnownModel = KnownModel()
    first: float = inf
    said: dict[str, str] = field(default_factory=dict)  # the first line of an instruction -> the answer

    async def _think(self, body: dict[str, Any]) -> str:
        self.first = min(self.first, time.monotonic())
        question = question_of(body)
        answer = canonical_json(self.model.answer(question))
        self.said[question.instruction.splitlines()[0]] = answer
        return answer
