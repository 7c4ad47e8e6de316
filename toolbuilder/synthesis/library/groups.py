"""Rows and objects in groups: those with the same value in one column, or under one key."""

from collections.abc import Callable
from decimal import Decimal

from toolbuilder.synthesis.library.arithmetic import (
    exact_number,
    json_number,
    mean_of,
    parse_number,
    plain_number,
)
from toolbuilder.synthesis.library.errors import InputError
from toolbuilder.synthesis.library.json_values import Json, plain_json
from toolbuilder.synthesis.library.tables import Table, column_values


def grouped_values(table: Table, key: str, value: str) -> dict[str, list[str]]:
    """Give the values of a column for each distinct value of the key column, in order."""
    groups: dict[str, list[str]] = {}
    for name, cell in zip(column_values(table, key), column_values(table, value), strict=True):
        groups.setdefault(name, []).append(cell)
    return groups


def summed_up(
    table: Table, key: str, value: str, summary: Callable[[list[str]], str], title: str
) -> Table:
    """Give one row for each distinct value of the key column, with the summary of its values."""
    groups = grouped_values(table, key, value)
    return Table([key, title], [[name, summary(cells)] for name, cells in groups.items()])


def largest_value(cells: list[str]) -> str:
    """Give the largest number as it is written."""
    return max(cells, key=parse_number)


def smallest_value(cells: list[str]) -> str:
    """Give the smallest number as it is written."""
    return min(cells, key=parse_number)


def mean_value(cells: list[str]) -> str:
    """Give the arithmetic mean of the numbers."""
    return plain_number(mean_of([parse_number(cell) for cell in cells]))


def distinct_values(cells: list[str]) -> str:
    """Count the different values."""
    return str(len(set(cells)))


def distinct_counts(table: Table, key: str, value: str) -> dict[str, int]:
    """Count the different values of a column for each distinct value of the key column."""
    return {name: len(set(cells)) for name, cells in grouped_values(table, key, value).items()}


def grouped_members(objects: list[dict[str, Json]], key: str, value: str) -> dict[str, list[Json]]:
    """Give the values under one key for each distinct value under another, in order."""
    groups: dict[str, list[Json]] = {}
    for number, entry in enumerate(objects, start=1):
        for name in (key, value):
            if name not in entry:
                raise InputError(f"item {number}: there is no key {name!r}")
        groups.setdefault(plain_json(entry[key]), []).append(entry[value])
    return groups


def numbers_by(
    objects: list[dict[str, Json]],
    key: str,
    value: str,
    summary: Callable[[list[Decimal]], Decimal],
) -> dict[str, Json]:
    """Give the summary of the numbers under one key for each distinct value under another."""
    groups = grouped_members(objects, key, value)
    return {name: json_number(summary(numbers_in(values))) for name, values in groups.items()}


def numbers_in(values: list[Json]) -> list[Decimal]:
    """Give the values as exact numbers."""
    for value in values:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise InputError(f"not a number: {plain_json(value)}")
    return [exact_number(value) for value in values if isinstance(value, int | float)]


def distinct_by(objects: list[dict[str, Json]], key: str, value: str) -> dict[str, Json]:
    """Count the different values under one key for each distinct value under another."""
    groups = grouped_members(objects, key, value)
    return {name: len(set(map(plain_json, values))) for name, values in groups.items()}
