"""What pydantic finds wrong with the content of a file, in words for the person who wrote it."""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from pydantic_core import ErrorDetails

from toolbuilder.yaml_files.broken import near_miss
from toolbuilder.yaml_files.forms import IN_WORDS

Context: TypeAlias = Mapping[str, Any]  # pydantic's own: a limit, a pattern, the values expected

_KINDS = {
    "string_type": "text",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "keys and values",
    "model_type": "keys and values",
}

_SENTENCES: dict[str, Callable[[Context], str]] = {
    "string_pattern_mismatch": lambda c: f"must be {IN_WORDS.get(c['pattern'], 'of the form ' + c['pattern'])}",
    "string_too_short": lambda c: f"must have at least {c['min_length']} characters",
    "string_too_long": lambda c: f"must have at most {c['max_length']} characters",
    "too_short": lambda c: f"must have at least {_counted(c['min_length'])}",
    "too_long": lambda c: f"must have at most {_counted(c['max_length'])}",
    "greater_than_equal": lambda c: f"must be at least {c['ge']:g}",
    "less_than_equal": lambda c: f"must be at most {c['le']:g}",
    "finite_number": lambda _: "is too large a number",
    "int_from_float": lambda _: "must be a whole number",
}


def sentence(name: str, errors: list[ErrorDetails]) -> str:
    """Say what is wrong with one value: several errors are the several types that it could have had."""
    telling = [error for error in errors if not _is_kind(error)]
    if telling:
        return _telling(name, telling[0])
    expected = list(dict.fromkeys(_expected(error) for error in errors))
    value = errors[-1]["input"]
    choices = [choice for error in errors for choice in _choices(error)]
    hint = _quoting(value, expected, choices) or near_miss(value, choices)
    return f"{name} must be {_either(expected)}, not {described(value)}{hint}"


def described(value: object) -> str:
    """Name a value of a file shortly."""
    match value:
        case None:
            return "empty"
        case bool():
            return str(value).lower()
        case str():
            return f"`{_short(value)}`" if value else "empty text"
        case int() | float():
            return f"the number {_short(str(value))}"
        case _:
            return "a list" if isinstance(value, list) else "keys and values"


def _is_kind(error: ErrorDetails) -> bool:
    return error["type"] in _KINDS or error["type"] == "literal_error"


def _expected(error: ErrorDetails) -> str:
    return _KINDS.get(error["type"]) or _either(_choices(error))


def _either(kinds: list[str]) -> str:
    *others, last = kinds
    return f"{', '.join(others)} or {last}" if others else last


def _choices(error: ErrorDetails) -> list[str]:
    expected = error.get("ctx", {}).get("expected", "")
    return re.findall(r"'([^']*)'", expected) or re.findall(r"\w+(?=,|$| or)", expected)


def _telling(name: str, error: ErrorDetails) -> str:
    said = _SENTENCES.get(error["type"])
    return f"{name} {said(error.get('ctx', {}))}" if said else f"{name}: {error['msg'].removeprefix('Value error, ')}"


def _quoting(value: object, expected: list[str], choices: list[str]) -> str:
    if "text" in expected and isinstance(value, bool | int | float):
        return "; write it in quotes"
    number_wanted = any("number" in kind for kind in expected)
    if value in choices or (number_wanted and isinstance(value, str) and value.strip("+-").isdigit()):
        return "; write it without quotes"
    return ""


def _counted(number: int) -> str:
    return f"{number} {'entry' if number == 1 else 'entries'}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else f"{line[:40]}…"
