"""One number for each key: added up, compared, and put in order."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from toolbuilder.synthesis.library.arithmetic import (
    add_up,
    json_number,
    largest_of,
    mean_of,
    plain_number,
    smallest_of,
)
from toolbuilder.synthesis.library.errors import InputError
from toolbuilder.synthesis.library.tables import Table


def numbers_by_key(
    pairs: Iterable[tuple[str, Decimal]], summary: Callable[[list[Decimal]], Decimal]
) -> dict[str, Decimal]:
    """Give the summary of the numbers of each key, in order of first occurrence."""
    groups: dict[str, list[Decimal]] = {}
    for key, number in pairs:
        groups.setdefault(key, []).append(number)
    return {key: summary(numbers) for key, numbers in groups.items()}


def totals_by_key(pairs: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """Add up the numbers of each key, in order of first occurrence."""
    totals: dict[str, Decimal] = {}
    for key, number in pairs:
        totals[key] = add_up([totals.get(key, Decimal(0)), number])
    return totals


def largest_by_key(pairs: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """Give the largest number of each key, in order of first occurrence."""
    return numbers_by_key(pairs, largest_of)


def smallest_by_key(pairs: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """Give the smallest number of each key, in order of first occurrence."""
    return numbers_by_key(pairs, smallest_of)


def means_by_key(pairs: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """Give the arithmetic mean of the numbers of each key, in order of first occurrence."""
    return numbers_by_key(pairs, mean_of)


def largest_first(totals: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Order by the numbers, largest first, ties in their given order."""
    return dict(sorted(totals.items(), key=lambda item: -item[1]))


def smallest_first(totals: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Order by the numbers, smallest first, ties in their given order."""
    return dict(sorted(totals.items(), key=lambda item: item[1]))


def largest_first_sorted(totals: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Order by the numbers, largest first, ties in the order of the keys."""
    return dict(sorted(totals.items(), key=lambda item: (-item[1], item[0])))


def first_totals(totals: Mapping[str, Decimal], count: int) -> dict[str, Decimal]:
    """Keep the first keys with their numbers."""
    return dict(list(totals.items())[:count])


def shares_of(amounts: Mapping[str, int | Decimal]) -> dict[str, Decimal]:
    """Give for each key the percentage that its number is of the total."""
    total = add_up(map(Decimal, amounts.values()))
    if amounts and not total:
        raise InputError("there are no shares of a total of 0")
    return {key: amount * 100 / total for key, amount in amounts.items()}


def rounded_totals(totals: Mapping[str, Decimal], places: int) -> dict[str, Decimal]:
    """Round each number to so many decimals, halves to the even digit."""
    return {key: Decimal(f"{number:.{places}f}") for key, number in totals.items()}


def table_of(amounts: Mapping[str, int | Decimal], titles: list[str]) -> Table:
    """Make a table with a row for each key and its number."""
    return Table(titles, [[key, plain_number(Decimal(amount))] for key, amount in amounts.items()])


def json_numbers(totals: Mapping[str, Decimal]) -> dict[str, int | float]:
    """Give the numbers as JSON writes them: whole ones without a decimal point."""
    return {key: json_number(number) for key, number in totals.items()}
