"""Numbers that another number was added to, subtracted from, or multiplied by."""

from collections.abc import Iterator

from toolbuilder.synthesis.goals import Goal
from toolbuilder.synthesis.scope import Entry, Scope
from toolbuilder.synthesis.terms import Call, Literal

SHIFT = 3
SAME = {"plus": 0, "minus": None, "times": 1}


def shifts(scope: Scope, goal: Goal, _depth: int) -> Iterator[Entry]:
    """Find a number that the same other number was added to, or subtracted from, or multiplied by."""
    if goal.kind != "Json" or not all(map(_is_number, goal.values)):
        return
    for kind in ("Value", "Integer"):
        for entry in scope.all(kind):
            if len(set(entry.values)) > 1 and all(map(_is_number, entry.values)):
                yield from _shifts(entry, goal)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _shifts(entry: Entry, goal: Goal) -> Iterator[Entry]:
    pairs = [(float(str(one)), float(str(other))) for one, other in zip(entry.values, goal.values, strict=True)]
    sums, gaps = ({one + other for one, other in pairs}, {other - one for one, other in pairs})
    factors = {other / one if one else None for one, other in pairs}
    for found, operation, swap in ((gaps, "plus", False), (sums, "minus", True), (factors, "times", False)):
        number = next(iter(found))
        if len(found) == 1 and number is not None and number != SAME[operation]:
            literal = Literal(int(number) if number.is_integer() else number, "Constant")
            arguments = (literal, entry.term) if swap else (entry.term, literal)
            yield Entry(Call(operation, arguments), "Value", entry.cost + SHIFT, goal.values)
