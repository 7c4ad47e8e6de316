"""From a response of the Messages API to an answer, or to the reason why it is none."""

import re
from collections.abc import Mapping

from anthropic import BaseModel as SdkModel
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from toolbuilder.adapters.anthropic.quoting import quoted
from toolbuilder.adapters.outcomes import RejectedAnswer, Transient
from toolbuilder.adapters.withholding import as_kept
from toolbuilder.errors import ToolbuilderError
from toolbuilder.ports import Answer, Question

DONE = "end_turn"
UNFINISHED: Mapping[str | None, str] = {
    "max_tokens": "the answer was cut off at its limit of {limit} tokens",
    "model_context_window_exceeded": "the question and its answer do not fit into the model's context window",
    "refusal": "the model refuses to answer",
    "pause_turn": "the model paused before it had answered",
    "stop_sequence": "the answer was stopped by a stop sequence that nobody asked for",
    "tool_use": "the model called a tool where there is none",
    None: "the answer breaks off without a reason",
}
FENCE = re.compile(r"\s*```(?:json)?[ \t]*\n(.*)\n\s*```\s*\Z", re.DOTALL)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class _Block(_Part):
    type: str
    text: str = ""


class _Details(_Part):
    category: str | None = None
    explanation: str | None = None


class _Usage(_Part):
    input_tokens: int = Field(ge=0)
    output_tokens: int = Field(ge=0)
    cache_creation_input_tokens: int | None = Field(default=None, ge=0)
    cache_read_input_tokens: int | None = Field(default=None, ge=0)


class _Message(_Part):
    """What is used of a message. The SDK's own type is not enough: it is filled without being checked."""

    model: str
    content: tuple[_Block, ...]
    stop_reason: str | None = None
    stop_details: _Details | None = None
    usage: _Usage


def answer_of(response: object, question: Question, model: str, engine: str) -> Answer | ToolbuilderError:
    """Give the answer that a model's response carries, or what to raise: Transient or RejectedAnswer.

    One that seems to hold a credential comes without its text: whatever is done with it, nobody can keep that.
    """
    message = _message(response)
    if message is None:
        wrong = "the server answered with something that is no message: is the base URL right?"
        return Transient(f"{model}: {wrong}", maybe_billed=True)
    answer = _answer(message, engine)
    if reason := _why_not(message, answer, question):
        return RejectedAnswer(f"{question.microtask}: {message.model}: {reason}", answer)
    return as_kept(answer)


def _message(response: object) -> _Message | None:
    if not isinstance(response, SdkModel):  # a page of HTML with status 200 comes as a str
        return None
    try:
        return _Message.model_validate(response.model_dump(mode="json", warnings=False))
    except ValidationError:
        return None


def _answer(message: _Message, engine: str) -> Answer:
    usage = message.usage
    read, written = usage.cache_read_input_tokens or 0, usage.cache_creation_input_tokens or 0
    return Answer(
        text=_bare("".join(block.text for block in message.content if block.type == "text")),
        engine=engine,
        model=message.model,
        input_tokens=usage.input_tokens + read + written,
        output_tokens=usage.output_tokens,
        cache_read_tokens=read,
        cache_write_tokens=written,
    )


def _bare(text: str) -> str:
    """Take a fence of code away: models that nobody holds to a schema like to put one around JSON."""
    found = FENCE.match(text)
    return found[1] if found else text


def _why_not(message: _Message, answer: Answer, question: Question) -> str:
    if message.stop_reason != DONE:
        known = UNFINISHED.get(message.stop_reason, f"the answer stopped for an unknown reason, {message.stop_reason}")
        details = message.stop_details or _Details()
        return ": ".join([known.format(limit=question.max_tokens), *_said(details)])
    return "" if answer.text.strip() else "the answer is empty"


def _said(details: _Details) -> list[str]:
    return [quoted(part) for part in (details.category, details.explanation) if part]
