"""A microtask: one small typed question; and the runner that gets it answered."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from toolbuilder.errors import AnswerRejected
from toolbuilder.ports import Answer, ModelBackend, Question
from toolbuilder.schema import canonical_json, digest

In = TypeVar("In", bound=BaseModel)
Out = TypeVar("Out", bound=BaseModel)

PROMPTS = files("toolbuilder") / "stages" / "prompts"


@dataclass(frozen=True)
class Microtask(Generic[In, Out]):
    """A question as data: the instruction stands in `stages/prompts/<name>.md`, the types are the contract."""

    name: str
    input: type[In]
    output: type[Out]
    deadline: float = 60  # seconds
    max_tokens: int = 4_000

    @property
    def instruction(self) -> str:
        """The instruction file, word for word."""
        return _instruction(self.name)

    @property
    def schema(self) -> str:
        """The JSON schema of the answer, as canonical JSON."""
        return canonical_json(self.output.model_json_schema())

    @property
    def revision(self) -> str:
        """A digest that changes when the question itself does."""
        return digest(self.name, self.instruction, self.schema, self.max_tokens)

    def question(self, value: In, context: str) -> Question:
        """Give the question that asks this microtask of one input."""
        text = canonical_json(value)
        return Question(self.name, self.instruction, context, text, self.schema, self.deadline, self.max_tokens)


class Silent:
    """The backend of a gate: whoever judges asks nothing."""

    async def ask(self, question: Question) -> Answer:
        """Raise AnswerRejected."""
        raise AnswerRejected(f"{question.microtask}: a gate asks no questions")


@dataclass
class Runner:
    """Asks microtasks of a backend, and remembers what the answers took."""

    backend: ModelBackend
    context: str = ""
    asked: Callable[[str], None] = lambda _: None
    answers: list[Answer] = field(default_factory=list)

    async def ask(self, microtask: Microtask[In, Out], value: In) -> Out:
        """Give the answer to a microtask. Raises AnswerRejected when it is not of the type asked for."""
        self.asked(microtask.name)
        answer = await self.backend.ask(microtask.question(value, self.context))
        self.answers.append(answer)
        try:
            return microtask.output.model_validate_json(answer.text)
        except ValidationError as error:
            raise AnswerRejected(f"{microtask.name}: {error}") from error


@cache
def _instruction(name: str) -> str:
    return (PROMPTS / f"{name}.md").read_text(encoding="utf-8")
