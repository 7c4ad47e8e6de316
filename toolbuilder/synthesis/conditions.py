"""Conditions on options: which examples give a flag, choose a word, or give an option at all."""

from collections.abc import Iterator

from toolbuilder.synthesis.task import Option, OptionValue, Task
from toolbuilder.synthesis.terms import Call, Literal, Term, Variable


def conditions(task: Task) -> list[tuple[Term, tuple[bool, ...]]]:
    """Give the conditions that hold for some good examples and not for others."""
    good = [example for example in task.examples if not example.exit_code]
    found: list[tuple[Term, tuple[bool, ...]]] = []
    for option in task.options:
        values = [example.options.get(option.name, option.default) for example in good]
        for term, wanted in _of(option):
            holds = tuple(_holds(value, wanted) for value in values)
            if len(set(holds)) == 2:
                found.append((term, holds))
    return found


def _of(option: Option) -> Iterator[tuple[Term, OptionValue]]:
    if option.type == "flag":
        yield Variable(option.variable, "Flag"), True
    elif option.type == "choice":
        for choice in option.choices:
            yield Call("chosen", (Variable(option.variable, "Choice"), Literal(choice, "Choice"))), choice
    elif option.default is None:
        yield Call("given", (Variable(option.variable, "Word"),)), None


def _holds(value: OptionValue, wanted: OptionValue) -> bool:
    """Compare the option's value; a wanted None means that it is given at all."""
    return value is not None if wanted is None else value == wanted
