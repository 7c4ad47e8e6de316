"""Programs that go by a key of each element: groups of a list, and lists in order or without repetitions."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from toolbuilder.synthesis.arranging import arranged
from toolbuilder.synthesis.goals import Goal
from toolbuilder.synthesis.grouping import grouped
from toolbuilder.synthesis.rules import solve
from toolbuilder.synthesis.scope import Entry, Scope

GROUPED = frozenset({"Json", "Items", "Lines", "Table"})
ARRANGED = frozenset({"Json", "Items", "Lines"})
LATEST = 7  # the level of the last new key
KEPT = 6
EACH = 4


def derived(scope: Scope, goal: Goal) -> Iterator[Entry]:
    """Find terms that give the goal by way of a key that the elements of a list have."""
    if scope.level > LATEST:
        return
    if goal.kind in ARRANGED:
        yield from islice(arranged(scope, goal), KEPT)
    if goal.kind in GROUPED:
        for amounts in grouped(scope, goal):
            yield from (replace(entry, kind=goal.kind) for entry in solve(amounts, goal, depth=1)[:EACH])
