"""Groups: elements of a list that share a key, and what they amount to; the keys are found in what is wanted."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from toolbuilder.synthesis.evaluate import compiled
from toolbuilder.synthesis.goals import Goal
from toolbuilder.synthesis.library.tables import Table
from toolbuilder.synthesis.operations import CATALOGUE
from toolbuilder.synthesis.scope import Entry, Scope
from toolbuilder.synthesis.terms import Call, Literal, Variable

SUMMARIES = ("totals_by_key", "largest_by_key", "smallest_by_key", "means_by_key")
REWRITTEN = frozenset({"shares_of_counts", "shares_of_totals", "rounded_totals"})
FOLLOWING = frozenset({"Counts", "Totals", "Tallies", "Amounts", "Number", "Integer"})
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
KEYS = 4
NUMBERS = 3
SOURCES, TRIED = 8, 200  # of each kind
ELEMENTS = ("Records", "Objects", "Lines")
KEY_LEVEL = 7
ORDER_LEVEL = 8


@dataclass(frozen=True)
class Row:
    """A row of what is wanted: its cells, or a line that they stand in."""

    cells: tuple[str, ...]
    line: str = ""

    def holds(self, text: str) -> bool:
        """Tell whether the text is a cell, or stands in the line."""
        return text in self.cells or bool(text and text in self.line)

    @property
    def numbers(self) -> set[Decimal]:
        """Give the numbers in the row."""
        return {Decimal(found) for found in NUMBER.findall(" ".join((*self.cells, self.line)))}


def grouped(scope: Scope, goal: Goal) -> Iterator[Scope]:
    """Open a scope for what the elements of a list amount to by a key, where the rows wanted name the keys."""
    wanted = [rows_of(value) for value in goal.values]
    if not any(wanted) or not _spoken(scope):
        return
    for source in _sources(scope, [len(rows) for rows in wanted]):
        inner = scope.inner(source)
        inner.grow(min(scope.level, KEY_LEVEL))
        for key in islice(_keys(scope, inner, wanted), KEYS):
            for amounts in _amounts(scope, inner, source, key, wanted):
                yield _continued(scope, amounts)


def rows_of(value: object) -> list[Row]:
    """Give the rows of a wanted value: members, items, lines."""
    match value:
        case Table():
            return [Row(tuple(row)) for row in value.rows]
        case dict():
            return [Row((key, _text(inner))) for key, inner in value.items()]
        case list():
            return [_row(element) for element in value]
        case _:
            return []


def _row(element: object) -> Row:
    if isinstance(element, str):
        return Row((), element)
    inner = element.values() if isinstance(element, dict) else element if isinstance(element, list) else [element]
    return Row(tuple(map(_text, inner)))


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _spoken(scope: Scope) -> set[str]:
    """Name the summaries of which the description speaks."""
    return {name for name in (*SUMMARIES, "count_values") if scope.vocabulary.explained(name)}


def _sources(scope: Scope, least: Sequence[int]) -> Iterator[Entry]:
    """Give the lists with no fewer elements than there are rows, and more somewhere; each list in one order only.

    Those that are cheap, and of which the description speaks, come first.
    """
    for kind in ELEMENTS:
        found: dict[tuple[tuple[str, ...], ...], Entry] = {}
        for source in islice(scope.all(kind), TRIED):
            lists = [value for value in source.values if isinstance(value, list)]
            enough = all(len(value) >= rows for value, rows in zip(lists, least, strict=True))
            if enough and [*map(len, lists)] != [*least]:
                found.setdefault(tuple(tuple(sorted(map(repr, value))) for value in lists), source)
        yield from sorted(found.values(), key=lambda one: one.cost - len(one.explained))[:SOURCES]


def _keys(scope: Scope, inner: Scope, wanted: Sequence[Sequence[Row]]) -> Iterator[Entry]:
    """Give the texts of the elements that are the keys of the rows, the cheapest first."""
    limited = any(entry.kind == "Size" and not entry.cost for entry in (*scope.variables, *scope.literals))
    for entry in inner.all("Line"):
        groups = [list(dict.fromkeys(map(str, values))) for values in inner.grouped(entry.values, len(wanted))]
        pairs = list(zip(groups, wanted, strict=True))
        enough = all(len(keys) == len(rows) or (limited and len(keys) > len(rows)) for keys, rows in pairs)
        if (
            enough
            and sum(map(len, groups)) < len(entry.values)
            and all(any(map(row.holds, keys)) for keys, rows in pairs for row in rows)
        ):
            yield entry


def _amounts(scope: Scope, inner: Scope, source: Entry, key: Entry, wanted: Sequence[Sequence[Row]]) -> Iterator[Entry]:
    """Give the number of elements of each key, and the sums and such of their numbers that the rows may show."""
    cost = source.cost + 1 + key.cost
    if "count_values" in _spoken(scope):
        plain = [variable.term for variable in inner.own] == [key.term]
        keys = source.term if plain else Call("each", (source.term, inner.function(source, key.term)))
        yield _summed(scope, Call("count_values", (keys,)), cost, inner.grouped(key.values, len(wanted)))
    free = any(scope.vocabulary.explained(name) for name in REWRITTEN)
    for name in sorted(_spoken(scope) - {"count_values"}, key=SUMMARIES.index):
        shown = 0
        for number in inner.all("Number"):
            pairs = Call("each", (source.term, inner.function(source, Call("pair", (key.term, number.term)))))
            groups = inner.grouped([*zip(key.values, number.values, strict=True)], len(wanted))
            entry = _summed(scope, Call(name, (pairs,)), cost + number.cost, groups)
            if free or _shows(entry, wanted):
                yield entry
                shown += 1
            if shown == NUMBERS:
                break


def _summed(scope: Scope, term: Call, cost: int, groups: Sequence[object]) -> Entry:
    """Make the entry of a summary of elements, which cost so much."""
    words, name = scope.vocabulary, term.operation
    values = tuple(compiled(name)(group) for group in groups)
    price = cost + words.price(name)
    return Entry(term, CATALOGUE[name].gives, price, values, words.all_named(term), words.all_explained(term))


def _shows(amounts: Entry, wanted: Sequence[Sequence[Row]]) -> bool:
    """Tell whether each row has the number of a key that it holds."""
    return all(
        any(row.holds(key) and number in row.numbers for key, number in totals.items())
        for totals, rows in zip(amounts.values, wanted, strict=True)
        for row in rows
        if isinstance(totals, dict)
    )


def _continued(scope: Scope, amounts: Entry) -> Scope:
    """Open a scope in which the amounts are put in order, cut off and written."""
    usable = tuple(operation for operation in scope.operations if operation.takes and operation.takes[0] in FOLLOWING)
    options = tuple(entry for entry in scope.variables if isinstance(entry.term, Variable) and entry.kind != "Text")
    literals = tuple(entry for entry in scope.literals if isinstance(entry.term, Literal))
    opened = Scope((amounts, *options), literals, scope.owners, usable, scope.vocabulary, scope.meter, scope.uses)
    opened.grow(amounts.cost + ORDER_LEVEL)
    return opened
