"""Whether a bound belongs to what it limits: "at least" and "more than" say so, and then no example has to."""

import re
from itertools import zip_longest

from toolbuilder.synthesis.phrases import AT_LEAST, AT_MOST, bounds_as_words
from toolbuilder.synthesis.task import Task
from toolbuilder.synthesis.terms import Term, literals_of, operations_of
from toolbuilder.synthesis.words import said

WITHIN = frozenset({"at_least", "at_least_long", "at_most_long", "not_above", "not_below", "rows_from", "rows_up_to"})
BEYOND = frozenset({"above", "below", "greater", "longer_than", "rows_above", "rows_below", "shorter_than"})

_WITHIN = re.compile(f"{AT_LEAST}|{AT_MOST}")
_BEYOND = re.compile(r"\b\w+er than\b|\b(?:more|less) than\b(?! (?:once|one)\b)|\bexceed|\bstrictly\b")


def settled(task: Task, mine: Term, other: Term) -> bool:
    """Tell whether the words of a task are for one term where the two differ only by whether bounds belong.

    Words that say both settle nothing: which of them means this bound is not known.
    """
    text = bounds_as_words(said(task)).lower()
    within, beyond = bool(_WITHIN.search(text)), bool(_BEYOND.search(text))
    if within == beyond or literals_of(mine) != literals_of(other):
        return False
    meant, unmeant = (WITHIN, BEYOND) if within else (BEYOND, WITHIN)
    pairs = list(zip_longest(operations_of(mine), operations_of(other)))
    return all(here == there or (here in meant and there in unmeant) for here, there in pairs)
