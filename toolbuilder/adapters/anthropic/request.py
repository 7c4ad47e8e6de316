"""From a question to the arguments of a Messages API call.

What all questions of a build share comes first, then what all questions of a microtask share, then the rest: a prompt
cache keeps the longest equal beginning. The schema counts as part of that beginning where the provider enforces it.
"""

import json

from anthropic import transform_schema
from anthropic.types import TextBlockParam
from anthropic.types.message_create_params import MessageCreateParamsNonStreaming

from toolbuilder.ports import Question
from toolbuilder.schema import canonical_json

AS_SCHEMA = "Answer with JSON of exactly this schema, without code fences:"


def request_of(question: Question, model: str, *, enforced: bool = True) -> MessageCreateParamsNonStreaming:
    """Give the arguments of the call that puts a question to a model.

    `enforced` has the provider hold the model to the schema; otherwise the schema is asked for in words.
    """
    wish = "" if enforced else f"\n\n{AS_SCHEMA}\n{question.schema}"
    arguments: MessageCreateParamsNonStreaming = {
        "model": model,
        "max_tokens": question.max_tokens,
        "system": [
            _cached(f"{question.rules}\n\n{_fenced('brief', question.context)}"),
            _cached(f"{question.instruction.strip()}{wish}"),
        ],
        "messages": [{"role": "user", "content": _asked(question)}],
    }
    if enforced:
        schema = transform_schema(json.loads(question.schema))
        arguments["output_config"] = {"format": {"type": "json_schema", "schema": schema}}
    return arguments


def _asked(question: Question) -> str:
    parts = [_fenced("input", question.input)]
    if question.feedback:
        parts += [
            "An answer before this one was not good enough, for this reason:",
            _fenced("feedback", canonical_json(question.feedback)),
        ]
    return "\n\n".join(parts)


def _fenced(tag: str, text: str) -> str:
    # In JSON "</" stands inside strings only, and means the same with its slash escaped: no data can close the fence.
    closed = text.replace("</", r"<\/")
    return f"<{tag}>\n{closed}\n</{tag}>"


def _cached(text: str) -> TextBlockParam:
    return {"type": "text", "text": text, "cache_control": {"type": "ephemeral"}}
