"""JSON documents and JSON lines."""

import json
import math
from collections.abc import Iterable
from typing import TypeAlias, TypeVar

from toolbuilder.synthesis.library.errors import InputError

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Inner = TypeVar("Inner")


def object_of(members: Iterable[tuple[str, Inner]]) -> dict[str, Inner]:
    """Make an object of keys and values; raise InputError where a key occurs twice."""
    entries: dict[str, Inner] = {}
    for key, value in members:
        if key in entries:
            raise InputError(f"the key {key!r} occurs twice")
        entries[key] = value
    return entries


def read_json(text: str) -> Json:
    """Read one JSON document."""
    try:
        return load_json(text)
    except json.JSONDecodeError as error:
        raise InputError(
            f"line {error.lineno}, column {error.colno}: invalid JSON: {error.msg}"
        ) from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"invalid JSON: {error}") from error


def load_json(text: str) -> Json:
    """Read JSON strictly: NaN and numbers without end are none."""
    value: Json = json.loads(text, parse_constant=finite_number, parse_float=finite_number)
    return value


def finite_number(text: str) -> float:
    """Read a number of a JSON document; raise ValueError when it is none that JSON can say."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is not a finite number")
    return number


def read_json_lines(text: str) -> list[Json]:
    """Read one JSON document a line; blank lines are skipped."""
    values: list[Json] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            values.append(load_json(line))
        except json.JSONDecodeError as error:
            raise InputError(
                f"line {number}, column {error.colno}: invalid JSON: {error.msg}"
            ) from error
        except (ValueError, RecursionError) as error:
            raise InputError(f"line {number}: invalid JSON: {error}") from error
    return values


def render_json(value: object) -> str:
    """Write the value as indented JSON."""
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def render_json_line(value: object) -> str:
    """Write the value as JSON on one line."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False) + "\n"


def render_compact_json(value: object) -> str:
    """Write the value as JSON without any white space."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n"


def render_json_lines(values: Iterable[object]) -> str:
    """Write each value as JSON on a line of its own."""
    return "".join(
        json.dumps(value, ensure_ascii=False, allow_nan=False) + "\n" for value in values
    )


def render_compact_json_lines(values: Iterable[object]) -> str:
    """Write each value as JSON without white space on a line of its own."""
    return "".join(
        json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n"
        for value in values
    )


def as_items(value: Json) -> list[Json]:
    """Take the value as an array."""
    if not isinstance(value, list):
        raise InputError("expected a JSON array")
    return value


def as_object(value: Json) -> dict[str, Json]:
    """Take the value as an object."""
    if not isinstance(value, dict):
        raise InputError("expected a JSON object")
    return value


def as_objects(values: list[Json]) -> list[dict[str, Json]]:
    """Take every value as an object."""
    objects: list[dict[str, Json]] = []
    for number, value in enumerate(values, start=1):
        if not isinstance(value, dict):
            raise InputError(f"item {number}: expected a JSON object")
        objects.append(value)
    return objects


def member_of(entry: dict[str, Json], key: str) -> Json:
    """Give the value under the key."""
    if key not in entry:
        raise InputError(f"there is no key {key!r} in {json.dumps(entry, ensure_ascii=False)}")
    return entry[key]


def plain_json(value: Json) -> str:
    """Write a string as it is, and any other value as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def flatten_object(value: Json, separator: str, prefix: str = "") -> dict[str, Json]:
    """Give the leaves of nested objects under their joined keys; arrays are left as they are."""
    if not isinstance(value, dict):
        raise InputError("expected a JSON object")
    flat: dict[str, Json] = {}
    for key, inner in value.items():
        if isinstance(inner, dict) and inner:
            flat |= flatten_object(inner, separator, f"{prefix}{key}{separator}")
        else:
            flat[prefix + key] = inner
    return flat
