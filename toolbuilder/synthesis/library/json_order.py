"""The order of JSON values: null, false, true, numbers, strings, arrays, objects."""

from functools import cmp_to_key

from toolbuilder.synthesis.library.errors import InputError
from toolbuilder.synthesis.library.json_values import Json

JSON_TYPES = {
    type(None): "null",
    bool: "boolean",
    int: "number",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
}


def json_type(value: Json) -> str:
    """Name the type of a JSON value."""
    return JSON_TYPES[type(value)]


def compare_json(one: Json, other: Json) -> int:
    """Compare two JSON values: negative when the first comes earlier, 0 when they are equal."""
    if json_type(one) != json_type(other):
        order = list(dict.fromkeys(JSON_TYPES.values()))
        return order.index(json_type(one)) - order.index(json_type(other))
    if isinstance(one, int | float) and isinstance(other, int | float):
        return (one > other) - (one < other)
    if isinstance(one, str) and isinstance(other, str):
        return (one > other) - (one < other)
    if isinstance(one, list) and isinstance(other, list):
        return compare_arrays(one, other)
    if isinstance(one, dict) and isinstance(other, dict):
        by_keys = compare_arrays([*sorted(one)], [*sorted(other)])
        return by_keys or compare_arrays(
            [one[key] for key in sorted(one)], [other[key] for key in sorted(other)]
        )
    return 0


def compare_arrays(one: list[Json], other: list[Json]) -> int:
    """Compare two arrays item by item; where no item decides, the shorter one comes first."""
    compared = (compare_json(*pair) for pair in zip(one, other, strict=False))
    return next((order for order in compared if order), len(one) - len(other))


def sort_items(items: list[Json]) -> list[Json]:
    """Sort JSON values of any type."""
    return sorted(items, key=cmp_to_key(compare_json))


def unique_items(items: list[Json]) -> list[Json]:
    """Sort JSON values and keep one of each."""
    kept: list[Json] = []
    for item in sort_items(items):
        if not kept or compare_json(kept[-1], item):
            kept.append(item)
    return kept


def least_item(items: list[Json]) -> Json:
    """Give the first of the items in the order of JSON values."""
    if not items:
        raise InputError("there is no smallest of no items")
    return min(items, key=cmp_to_key(compare_json))


def greatest_item(items: list[Json]) -> Json:
    """Give the last of the items in the order of JSON values."""
    if not items:
        raise InputError("there is no largest of no items")
    return sort_items(items)[-1]
