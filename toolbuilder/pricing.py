"""What a call costs, and what it can cost at most."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated, TypeAlias

from pydantic import Field

from toolbuilder.ports import Answer, Question
from toolbuilder.schema import canonical_json

FRAME_TOKENS = 2_000  # what stands around a question: rules, roles, and the words that ask for the schema

NotNegative: TypeAlias = Annotated[Decimal, Field(ge=0, allow_inf_nan=False)]  # else it would raise every cap


@dataclass(frozen=True)
class Usage:
    """The tokens of one call; those read from or written to the cache are among the input tokens."""

    input_tokens: int
    output_tokens: int
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0


Price: TypeAlias = Callable[[str, Usage], Decimal | None]  # model's id, usage -> USD; None: the price is not known


@dataclass(frozen=True)
class OwnPrice:
    """What a person says that a model costs, in USD per million tokens; a cache changes nothing."""

    input: NotNegative
    output: NotNegative


@dataclass(frozen=True)
class Model:
    """A model behind a backend: who sells it, its id, and what it costs."""

    engine: str
    id: str
    price: Price

    def worst(self, question: Question) -> Decimal | None:
        """Give what a question can cost at most; cached or not, whichever is dearer. None: no price is known."""
        usage = worst_case(question)
        prices = [self.price(self.id, usage), self.price(self.id, replace(usage, cache_write_tokens=0))]
        return max((price for price in prices if price is not None), default=None)

    def cost(self, answer: Answer) -> Decimal | None:
        """Give what an answer did cost. None: no price is known."""
        cached = answer.cache_read_tokens, answer.cache_write_tokens
        return self.price(self.id, Usage(answer.input_tokens, answer.output_tokens, *cached))


def worst_case(question: Question) -> Usage:
    """Give the most tokens that a question and its answer can have.

    A byte-level tokenizer makes at most one token of a byte. All input may have to be written to the cache, which
    costs more than reading it plainly.
    """
    schema = 2 * _most_bytes(question.schema)  # some providers want it in other words
    parts = (question.instruction, question.context, question.input, canonical_json(question.feedback))
    tokens = sum(map(_most_bytes, parts)) + schema + FRAME_TOKENS
    return Usage(tokens, question.max_tokens, cache_write_tokens=tokens)


def _most_bytes(text: str) -> int:
    return len(text.encode(errors="surrogatepass")) + text.count("</")  # a fence is kept shut by one more character
