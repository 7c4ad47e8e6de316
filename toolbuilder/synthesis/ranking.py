"""Which end of a list of amounts comes first: where the description says so, the program has to see to it."""

from toolbuilder.synthesis.operations import CATALOGUE
from toolbuilder.synthesis.phrases import LEAST_FIRST, MOST_FIRST
from toolbuilder.synthesis.task import Task
from toolbuilder.synthesis.terms import Term, operations_of
from toolbuilder.synthesis.words import tokens

AMOUNTS = frozenset({"Counts", "Tallies", "Totals", "Amounts"})


def as_said(task: Task, term: Term) -> bool:
    """Tell whether amounts are put in the order that the description names, if the term has any and it names one."""
    steps = [CATALOGUE[name] for name in operations_of(term)]
    wanted = {MOST_FIRST, LEAST_FIRST} & tokens(task.description)
    if len(wanted) != 1 or not any(step.gives in AMOUNTS for step in steps):
        return True
    return any(wanted & tokens(f"{step.words} {step.hints}") for step in steps)
