"""What a task says of its options, and which operations that speaks of."""

import re
from collections.abc import Mapping

from toolbuilder.synthesis.operations import CATALOGUE, SEARCHED
from toolbuilder.synthesis.task import Option, Task
from toolbuilder.synthesis.words import KINDS, tokens

SENTENCE = re.compile(r"(?<=[.!?])\s+")
PARTICLES = tokens("a and by each first in it line not of on only order print than the with without")
SHORT = {
    "min": "minimum least",
    "max": "maximum most",
    "num": "number",
    "len": "length",
    "width": "width wrap",
    "limit": "first top",
    "count": "first top",
    "lines": "first last",
    "n": "first top number",
}
"""Names of options that stand for words of operations."""


def about(task: Task, option: Option) -> str:
    """Give what is said of the option: its name and help, and the sentences of the description that name it."""
    sentences = [part for part in SENTENCE.split(task.description) if option.name in part]
    meant = [SHORT.get(part, "") for part in option.name.split("-")]
    return " ".join((option.name, option.help, *meant, *sentences))


def told_of(task: Task, option: Option) -> frozenset[str]:
    """Give the telling words among those that are said of the option."""
    return tokens(about(task, option)) - PARTICLES


def speaks_of(operation: str, words: frozenset[str]) -> bool:
    """Tell whether a word of the operation is among the words."""
    known = CATALOGUE[operation]
    return bool(tokens(f"{known.words} {known.hints}") & words)


def uses(task: Task) -> Mapping[str, frozenset[str]]:
    """Give, by variable, the operations that an option may be an argument of, where what is said of it speaks of some.

    A flag may besides decide whether one of its operations is taken; those are given for every flag.
    """
    found: dict[str, frozenset[str]] = {}
    for option in task.options:
        words, kinds = told_of(task, option), KINDS.get(option.type, frozenset())
        spoken = frozenset(
            one.name
            for one in SEARCHED.values()
            if (option.type == "flag" or kinds & {*one.takes}) and speaks_of(one.name, words)
        )
        if spoken or option.type == "flag":
            found[option.variable] = spoken
    return found
