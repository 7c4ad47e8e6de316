"""The embedded engine: answers every microtask by rules and by program synthesis; no key, no network, no cost."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import BaseModel

from toolbuilder.adapters.offline import architecture, generation, requirements, review
from toolbuilder.adapters.offline.background import in_background
from toolbuilder.adapters.offline.program import Solver
from toolbuilder.adapters.offline.searching import SandboxedSolver
from toolbuilder.brief import Brief
from toolbuilder.errors import AnswerRejected
from toolbuilder.metacognition import DIAGNOSE
from toolbuilder.microtask import Microtask
from toolbuilder.ports import Answer, Question, Sandbox
from toolbuilder.schema import canonical_json
from toolbuilder.stages.architecture import DEFINE_INTERFACES, DESIGN_ERRORS, DESIGN_MODULES
from toolbuilder.stages.generation import WRITE_MODULE, WRITE_TESTS
from toolbuilder.stages.packaging import WRITE_README
from toolbuilder.stages.requirements import CHOOSE_AGENTS, IDENTIFY_PROBLEM, MAP_DATA_FLOWS, SPLIT_CODE_AND_AI
from toolbuilder.stages.verification import REVIEW_CODE
from toolbuilder.synthesis import solve

ENGINE = "offline"
REVISION = "synthesis-2"

In = TypeVar("In", bound=BaseModel)
Out = TypeVar("Out", bound=BaseModel)
Answerer = Callable[[Question, Solver], BaseModel]


def by_rule(microtask: Microtask[In, Out], rule: Callable[[Brief, In], Out]) -> tuple[str, Answerer]:
    """Tie a rule to the microtask that it answers."""
    return by_search(microtask, lambda brief, given, _solver: rule(brief, given))


def by_search(microtask: Microtask[In, Out], rule: Callable[[Brief, In, Solver], Out]) -> tuple[str, Answerer]:
    """Tie a rule that needs the program to the microtask that it answers."""

    def answer(question: Question, solver: Solver) -> BaseModel:
        brief = Brief.model_validate_json(question.context)
        return rule(brief, microtask.input.model_validate_json(question.input), solver)

    return microtask.name, answer


RULES: Mapping[str, Answerer] = dict(
    [
        by_rule(IDENTIFY_PROBLEM, requirements.identify_problem),
        by_rule(SPLIT_CODE_AND_AI, requirements.split_code_and_ai),
        by_rule(MAP_DATA_FLOWS, requirements.map_data_flows),
        by_rule(CHOOSE_AGENTS, requirements.choose_agents),
        by_search(DESIGN_MODULES, architecture.design_modules),
        by_search(DEFINE_INTERFACES, architecture.define_interfaces),
        by_rule(DESIGN_ERRORS, architecture.design_errors),
        by_search(WRITE_MODULE, generation.write_module),
        by_search(WRITE_TESTS, generation.write_tests),
        by_search(REVIEW_CODE, review.review_determined),
        by_rule(WRITE_README, review.write_readme),
    ]
)


# Where no model stands behind it, the engine has the last word.
ALONE: Mapping[str, Answerer] = dict(
    [by_rule(DIAGNOSE, review.diagnose), by_rule(REVIEW_CODE, review.review_code)],
)


@dataclass(frozen=True)
class OfflineBackend:
    """Answers from the brief and the question alone; the same question always has the same answer."""

    rules: Mapping[str, Answerer] = field(default_factory=lambda: {**RULES, **ALONE})
    solver: Solver = solve

    async def ask(self, question: Question) -> Answer:
        """Answer a question.

        Raises AnswerRejected for a microtask without a rule, NeedsPerson when the examples determine no program.
        """
        rule = self.rules.get(question.microtask)
        if rule is None:
            raise AnswerRejected(f"the embedded engine has no rule for {question.microtask}")
        answer = await in_background(lambda: rule(question, self.solver))
        return Answer(text=canonical_json(answer), engine=ENGINE, model=REVISION)


def offline_backend(*, alone: bool, sandbox: Sandbox) -> OfflineBackend:
    """Give the embedded engine, which searches in the sandbox.

    It is the only one, or the first rung of a ladder: there it leaves judging to models.
    """
    return OfflineBackend({**RULES, **ALONE} if alone else RULES, SandboxedSolver(sandbox))
