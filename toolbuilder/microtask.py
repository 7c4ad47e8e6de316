"""A microtask: one small typed question; and the runner that gets it answered."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from toolbuilder.errors import AnswerMisfits, AnswerRejected, NeedsPerson
from toolbuilder.microtask_schema import demand_safe, schema_of
from toolbuilder.ports import Answer, ModelBackend, Question
from toolbuilder.schema import canonical_json, digest

In = TypeVar("In", bound=BaseModel)
Out = TypeVar("Out", bound=BaseModel)

PROMPTS = files("toolbuilder") / "stages" / "prompts"
RULES = "rules"  # what every question begins with, word for word in `stages/prompts/rules.md`
OFFLINE = "offline"
MOST_PROBLEMS = 10  # of one answer, told to the next rung


@dataclass(frozen=True)
class Microtask(Generic[In, Out]):
    """A question as data: the instruction stands in `stages/prompts/<name>.md`, the types are the contract.

    Defining one raises TypeError for an output that no provider's structured output can carry.
    """

    name: str
    input: type[In]
    output: type[Out]
    deadline: float = 60  # seconds
    max_tokens: int = 4_000

    def __post_init__(self) -> None:
        demand_safe(self.name, self.output)

    @property
    def instruction(self) -> str:
        """The instruction file, word for word."""
        return _instruction(self.name)

    @property
    def schema(self) -> str:
        """The JSON schema of the answer, as canonical JSON."""
        return _schema(self.output)

    @property
    def revision(self) -> str:
        """A digest that changes when the question itself does."""
        return digest(self.name, _instruction(RULES), self.instruction, self.schema, self.max_tokens)

    def question(self, value: In, context: str, feedback: str = "", rung: str = OFFLINE) -> Question:
        """Give the question that asks this microtask of one input."""
        return Question(
            microtask=self.name,
            instruction=self.instruction,
            context=context,
            input=canonical_json(value),
            schema=self.schema,
            deadline=self.deadline,
            max_tokens=self.max_tokens,
            feedback=feedback,
            rung=rung,
            rules=_instruction(RULES).strip(),
        )


class Silent:
    """The backend of a gate: whoever judges asks nothing."""

    async def ask(self, question: Question) -> Answer:
        """Raise AnswerRejected."""
        raise AnswerRejected(f"{question.microtask}: a gate asks no questions")


@dataclass
class Runner:
    """Asks microtasks of a backend, rung after rung, and remembers what the answers took."""

    backend: ModelBackend
    context: str = ""
    ladder: tuple[str, ...] = (OFFLINE,)
    asked: Callable[[str], None] = lambda _: None
    answers: list[Answer] = field(default_factory=list)

    async def ask(self, microtask: Microtask[In, Out], value: In, feedback: str = "") -> Out:
        """Give the answer to a microtask.

        A rung that declines, or whose answer does not fit, leads to the next one, which is told what did not fit.
        Raises what the last rung raised: AnswerRejected, or NeedsPerson when only a person can help.
        """
        self.asked(microtask.name)
        refusal: AnswerRejected | NeedsPerson | None = None
        for rung in self.ladder:
            try:
                return await self._ask(microtask, microtask.question(value, self.context, feedback, rung))
            except AnswerMisfits as error:
                refusal, feedback = error, f"{feedback}\nYour answer was rejected: {error}".strip()
            except (AnswerRejected, NeedsPerson) as error:
                refusal = error
        raise refusal or AnswerRejected(f"{microtask.name}: the ladder has no rung")

    async def _ask(self, microtask: Microtask[In, Out], question: Question) -> Out:
        answer = await self.backend.ask(question)
        self.answers.append(answer)
        if answer.withheld:
            raise AnswerMisfits(f"{microtask.name}: {answer.withheld}")
        try:
            return microtask.output.model_validate_json(answer.text)
        except ValidationError as error:
            problems = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors(include_url=False)]
            raise AnswerMisfits(f"{microtask.name}: {'; '.join(problems[:MOST_PROBLEMS])}") from error


@cache
def _schema(model: type[BaseModel]) -> str:
    return canonical_json(schema_of(model))


@cache
def _instruction(name: str) -> str:
    return (PROMPTS / f"{name}.md").read_text(encoding="utf-8")
