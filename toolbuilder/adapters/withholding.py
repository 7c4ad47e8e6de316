"""An answer that holds what looks like a credential: its text is kept nowhere, and what is kept says why."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

from toolbuilder.credentials import credentials_in
from toolbuilder.ports import Answer

Said: TypeAlias = tuple[str, str]  # where a string stands in an answer, and the string

ADVICE = "answers are kept, and credentials are not: write an obvious placeholder instead, such as YOUR_KEY_HERE"
THE_ANSWER = "the answer"
MOST_NAMED = 5
FIELD = re.compile(r"[a-z_]{1,30}")  # too short for a credential; other names may be one


def as_kept(answer: Answer) -> Answer:
    """Give an answer as it may be stored: without its text, and told why, where that seems to hold a credential."""
    found = list(dict.fromkeys(_found(answer.text)))
    if not found:
        return answer
    more = [f"and {len(found) - MOST_NAMED} more"] if len(found) > MOST_NAMED else []
    return replace(answer, text="", withheld=f"{'; '.join([*found[:MOST_NAMED], *more])}; {ADVICE}")


def _found(text: str) -> Iterator[str]:
    for where, said in _strings(text):
        for line, kind in credentials_in(said.encode(errors="replace")):
            yield f"{where}: line {line} holds what looks like {kind}"


def _strings(text: str) -> Iterator[Said]:
    """Give every string of a JSON text by its place, names of fields included; as a whole what is no JSON."""
    try:
        value = json.loads(text, object_pairs_hook=list)  # of two equal names, none gets lost
        yield from _in_value(value, "")
    except (ValueError, RecursionError):
        yield THE_ANSWER, text


def _in_value(value: object, path: str) -> Iterator[Said]:
    if isinstance(value, str):
        yield path or THE_ANSWER, value
    elif isinstance(value, tuple):
        name, inner = value
        yield path or THE_ANSWER, name
        shown = name if FIELD.fullmatch(name) else "?"
        yield from _in_value(inner, f"{path}.{shown}".lstrip("."))
    elif isinstance(value, list):
        for part in value:
            yield from _in_value(part, path)
