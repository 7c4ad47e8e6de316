"""Writing YAML: block style, one way to write each value, so that the same record is the same bytes."""

import json
import math
import re
from collections.abc import Iterable

from pydantic import JsonValue

from toolbuilder.yaml_files.scalars import MOST_DIGITS, TO_ESCAPE, may_stand_plain

DEEPEST = 100  # levels of nesting, of reader and writer alike
LONGEST_KEY = 500  # readers find the colon of a longer key only behind `? `
INDENT = "  "


def dump(value: JsonValue) -> str:
    """Give the YAML text of a JSON value; `load` gives exactly that value back, and so do readers of YAML 1.1.

    Keys stand in their given order, non-ASCII as it is; text of several lines becomes a `|` block where that is exact.
    Raises ValueError for what has no exact form: infinities, NaN, lone surrogates, more than 100 levels of nesting.
    """
    head, body = _head_and_body(value, 0)
    lines = [head, *_indented(body)] if head else body
    return "\n".join(lines) + "\n"


def _head_and_body(value: JsonValue, depth: int) -> tuple[str, list[str]]:
    """Give what stands on the line of the key or dash, and the lines below it, which the caller indents."""
    if depth > DEEPEST:
        raise ValueError(f"YAML text nested deeper than {DEEPEST} levels is not written")
    if isinstance(value, dict) and value:
        return "", [line for key, item in value.items() for line in _entry(key, item, depth + 1)]
    if isinstance(value, list) and value:
        return "", [line for item in value for line in _item(item, depth + 1)]
    if isinstance(value, str) and _is_exact_as_block(value):
        return _block(value)
    return _scalar(value), []


def _entry(key: str, value: JsonValue, depth: int) -> list[str]:
    name = _quoted_if_needed(key)
    opening = [f"{name}:"] if len(name) <= LONGEST_KEY else [f"? {name}", ":"]
    head, body = _head_and_body(value, depth)
    if head:
        opening[-1] += f" {head}"
    return [*opening, *_indented(body)]


def _item(value: JsonValue, depth: int) -> list[str]:
    head, body = _head_and_body(value, depth)
    first, *rest = [head, *body] if head else body
    return [f"- {first}", *_indented(rest)]


def _indented(lines: Iterable[str]) -> list[str]:
    return [line and INDENT + line for line in lines]


def _is_exact_as_block(text: str) -> bool:
    return "\n" in text and bool(text.strip("\n")) and not TO_ESCAPE.search(text)


def _block(text: str) -> tuple[str, list[str]]:
    indent = len(INDENT) if text[0] in " \t\n" else ""  # else the first line shows it
    content = text.removesuffix("\n")
    keep = "-" if content == text else "+" if content.endswith("\n") else ""
    return f"|{indent}{keep}", content.split("\n")


def _scalar(value: JsonValue) -> str:
    match value:
        case None | bool():
            return json.dumps(value)
        case int():
            return _integer(value)
        case float():
            return _float(value)
        case str():
            return _quoted_if_needed(value)
        case _:
            return "[]" if isinstance(value, list) else "{}"


def _integer(value: int) -> str:
    if abs(value) >= 10 ** (MOST_DIGITS - 1):
        raise ValueError("an integer this long has no exact form in YAML")
    return str(value)


def _float(value: float) -> str:
    if not math.isfinite(value):
        raise ValueError(f"{value} has no exact form in YAML")
    mantissa, e, exponent = repr(value).partition("e")
    return f"{mantissa}{'' if '.' in mantissa else '.0'}{e}{exponent}"  # YAML 1.1 takes 1e+16 for text


def _quoted_if_needed(text: str) -> str:
    if may_stand_plain(text):
        return text
    if "\n" in text or TO_ESCAPE.search(text):
        return _escaped(text)
    return "'" + text.replace("'", "''") + "'" if '"' in text or "\\" in text else f'"{text}"'


def _escaped(text: str) -> str:
    """Escape what must be, in the way that JSON and YAML share; characters beyond 16 bits are eight digits in YAML."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("a lone surrogate has no form in YAML")
    return '"' + re.sub(rf'["\\\n]|{TO_ESCAPE.pattern}', _escape, text) + '"'


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    if ord(character) > 0xFFFF:
        return f"\\U{ord(character):08x}"
    return json.dumps(character)[1:-1] if character < "\x7f" else f"\\u{ord(character):04x}"
