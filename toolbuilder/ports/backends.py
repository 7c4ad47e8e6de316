"""The door to whoever answers questions."""

from dataclasses import dataclass
from typing import Literal, Protocol

from toolbuilder.schema import digest


@dataclass(frozen=True)
class Question:
    """What a backend is asked: constant parts first, so that a prompt cache can keep them."""

    microtask: str
    instruction: str  # the instruction file, word for word
    context: str  # what all questions of one build share
    input: str  # JSON of the input model
    schema: str  # JSON schema of the answer
    deadline: float  # seconds
    max_tokens: int
    feedback: str = ""  # why the answer before was rejected, or what a diagnosis advises
    rung: str = "offline"  # who is to answer: offline, small or large
    rules: str = ""  # what all questions are told first, of whatever build

    @property
    def key(self) -> str:
        """The content key under which the answer is journalled; who answers is no part of it."""
        said = (self.rules, self.instruction, self.context, self.input)
        parts = (self.microtask, *said, self.schema, self.max_tokens)
        return digest(*parts, *([self.feedback] if self.feedback else []))


@dataclass(frozen=True)
class Purchase:
    """What the books hold of a paid call."""

    at: str  # when it was made, ISO 8601 in UTC: a journal commit's date is the base commit's
    build: str  # digest of the context that all questions of one build share
    cost: Literal["exact", "at most", "unknown"] = "exact"  # what `cost_usd` is; "unknown": no price is known
    answered: bool = True  # False: paid for, but no usable answer came of it
    grant: str = ""  # by which it was allowed, where the day has a cap


@dataclass(frozen=True)
class Answer:
    """What a backend said: JSON text, and what it took to get it."""

    text: str
    engine: str  # "offline", or the provider
    model: str  # the model's id, or the revision of the embedded engine
    input_tokens: int = 0  # all of them, those read from or written to the cache included
    output_tokens: int = 0
    cost_usd: float = 0.0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    purchase: Purchase | None = None  # None: it was not bought
    withheld: str = ""  # why its text is not kept: it seems to hold a credential


class ModelBackend(Protocol):
    """Answers questions. Raises AnswerRejected when it declines, NeedsPerson when only a person can help."""

    async def ask(self, question: Question) -> Answer:
        """Answer one question."""
