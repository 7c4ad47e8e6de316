"""Lists put in order, or rid of repetitions, by a key of each element that the wanted order shows."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from toolbuilder.synthesis.evaluate import FAILURES, compiled
from toolbuilder.synthesis.goals import Goal
from toolbuilder.synthesis.operations.names import NAMES
from toolbuilder.synthesis.scope import Entry, Scope
from toolbuilder.synthesis.terms import Call, literals_of, operations_of

ORDERS = ("sorted_by", "sorted_down_by")
CHOICES = ("first_by_key", "last_by_key", "latest_by_key")
ORDERED = ("Line", "Integer", "Number", "Integers")
NAMED = frozenset(operation.name for operation in NAMES)
FIELDS = frozenset({"word", "field", "value_at"})
SELECTING = NAMED | FIELDS | {"record_field", "as_object", "member", "as_text", "lower", "number"}
"""What a key may be made of: it selects a part of the element, and rewrites nothing."""
SOURCES = 6
KEY_LEVEL = 6
KEPT = 3


def arranged(scope: Scope, goal: Goal) -> Iterator[Entry]:
    """Sort a list, or drop repetitions from it, by a key of each element that the description speaks of."""
    wanted = [value for value in goal.values if isinstance(value, list)]
    if len(wanted) < len(goal.values) or not any(len(value) > 1 for value in wanted):
        return
    for source in islice(scope.sources(), SOURCES):
        given = [value for value in source.values if isinstance(value, list)]
        changed = any(one != other for one, other in zip(given, wanted, strict=True))
        if changed and all(map(_within, given, wanted)):
            same = all(len(one) == len(other) for one, other in zip(given, wanted, strict=True))
            yield from _arranged(scope, source, wanted, ORDERS if same else CHOICES)


def _within(given: Sequence[object], wanted: Sequence[object]) -> bool:
    return not Counter(map(repr, wanted)) - Counter(map(repr, given))


def _arranged(
    scope: Scope, source: Entry, wanted: Sequence[Sequence[object]], operations: Sequence[str]
) -> Iterator[Entry]:
    """Give the operations and keys that make the wanted lists, the cheapest key of each operation first."""
    inner = scope.inner(source)
    inner.grow(min(scope.level, KEY_LEVEL))
    for name in operations:
        if scope.vocabulary.explained(name):
            fitting = (key for key in _keys(inner, operations) if _gives(inner, source, name, key, wanted))
            for key in islice(fitting, KEPT):
                yield _entry(scope, inner, source, name, key)


def _keys(inner: Scope, operations: Sequence[str]) -> Iterator[Entry]:
    """Give what the elements may be ordered, or told from each other, by: parts that the description names."""
    said = {literal.term for literal in inner.literals if not literal.cost}
    for kind in ORDERED if operations is ORDERS else ("Line",):
        for entry in inner.all(kind):
            used = frozenset(operations_of(entry.term))
            telling = used & (NAMED if operations is ORDERS else NAMED | FIELDS)
            named = any(inner.vocabulary.explained(name) for name in telling) or said & {*literals_of(entry.term)}
            if used and used <= SELECTING and named and len(set(map(repr, entry.values))) > 1:
                yield entry


def _gives(inner: Scope, source: Entry, name: str, key: Entry, wanted: Sequence[Sequence[object]]) -> bool:
    """Tell whether the operation with this key makes the wanted lists."""
    arrange: Callable[..., object] = compiled(name)
    keys = inner.grouped(key.values, len(wanted))
    for elements, known, result in zip(source.values, keys, wanted, strict=True):
        pairs = list(zip(elements, known, strict=True)) if isinstance(elements, list) else []
        try:
            found = arrange(pairs, lambda pair: pair[1])
        except FAILURES:
            return False
        if not isinstance(found, list) or [element for element, _ in found] != result:
            return False
    return True


def _entry(scope: Scope, inner: Scope, source: Entry, name: str, key: Entry) -> Entry:
    term = Call(name, (source.term, inner.function(source, key.term)))
    words = scope.vocabulary
    values = source.values
    cost = source.cost + key.cost + words.price(name)
    return Entry(term, source.kind, cost, values, words.all_named(term), words.all_explained(term))
