"""What a description says: its words, the operations they name, and those left unexplained."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from toolbuilder.synthesis.operations import CATALOGUE
from toolbuilder.synthesis.phrases import bounds_as_words, orders_as_words
from toolbuilder.synthesis.task import Task
from toolbuilder.synthesis.terms import Display, Term, operations_of, walk

NUMBERS = {
    word: value
    for value, word in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
    )
}
ORDINALS = {
    word: value
    for value, word in enumerate(
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"], start=1
    )
}


KINDS = {"int": frozenset({"Size", "Places", "Integer", "Value", "Real"}), "float": frozenset({"Real", "Value"})}
"""What an option of such a type can be to an operation."""
CODE = re.compile(r"`[^`]*`")  # quotes names, maybe of alternatives: they speak for an operation but do not demand it
CLEAR = 3  # the weight of a word that asks for one of few operations
DEMANDING = frozenset({"sort"})  # asks for one of many operations, and never for none
COMMON = (
    "after before begin character column count end field first last length letter level number once query start "
    "timestamp top url where whose word"
)
"""Words that often stand in a description for another reason than to ask for an operation."""


def stem(word: str) -> str:
    """Reduce a word to what its inflections share."""
    root = word.lower()
    for endings in (("es", "s"), ("ly",), ("al",), ("ing", "ed"), ("e",)):
        ending = next((ending for ending in endings if root.endswith(ending)), "")
        root = root.removesuffix(ending) if len(root) - len(ending) >= 3 else root
    return root[:-1] if len(root) > 3 and root[-1] == root[-2] else root


@cache
def tokens(text: str) -> frozenset[str]:
    """Give the stems of the words in a text; a hyphenated word counts whole and in parts, a phrase as one word."""
    found = re.findall(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*", orders_as_words(bounds_as_words(text)))
    spellings = {part for word in found for part in (*word.split("-"), word.replace("-", ""))}
    return frozenset(map(stem, spellings))


@dataclass(frozen=True)
class Vocabulary:
    """The words of a description that ask for operations, each with the cost of leaving it unexplained.

    `naming` gives for each operation the words that ask for it, `explaining` those that it explains.
    """

    naming: Mapping[str, frozenset[str]]
    explaining: Mapping[str, frozenset[str]]
    weights: Mapping[str, int]

    def named(self, operation: str) -> frozenset[str]:
        """Give the words of the description that ask for the operation."""
        return self.naming[operation]

    def explained(self, operation: str) -> frozenset[str]:
        """Give the words of the description that the operation explains."""
        return self.explaining[operation]

    def all_named(self, term: Term) -> frozenset[str]:
        """Give the words of the description that ask for operations of the term."""
        return frozenset().union(*(self.naming[name] for name in operations_of(term)))

    def all_explained(self, term: Term) -> frozenset[str]:
        """Give the words of the description that operations of the term explain, or that name what it prints."""
        keys = tokens(" ".join(key for inner in walk(term) if isinstance(inner, Display) for key in inner.keys))
        return keys.union(*(self.explaining[name] for name in operations_of(term)))

    def price(self, operation: str) -> int:
        """Give the cost of using the operation: little if the description names it."""
        cost = CATALOGUE[operation].cost
        if not cost:
            return 0
        if self.naming[operation]:
            return min(cost, 1)
        return max(cost - 1, 1) if self.explaining[operation] else cost

    def unexplained(self, term: Term) -> int:
        """Give the cost of the words that no operation of the term explains."""
        return self.left(self.all_explained(term))

    def left(self, explained: frozenset[str]) -> int:
        """Give the cost of the words of the description that are not among the explained ones."""
        return sum(weight for word, weight in self.weights.items() if word not in explained)

    def worth(self, term: Term) -> int:
        """Give the cost of the operations of a term and of the words that they leave unexplained."""
        return self.unexplained(term) + sum(map(self.price, operations_of(term)))


def said(task: Task) -> str:
    """Give all that the task says in words: the description, and the names and helps of the options."""
    return " ".join((task.description, *(f"{option.name} {option.help}" for option in task.options)))


def _heard(task: Task, kinds: frozenset[str]) -> frozenset[str]:
    """Give the words that speak to operations of such arguments; those about a number, to whom it can be one."""
    deaf = [option for option in task.options if option.type in KINDS and not KINDS[option.type] & kinds]
    return tokens(said(replace(task, options=tuple(option for option in task.options if option not in deaf))))


def main_sentence(task: Task) -> str:
    """Give the first sentence of the description: what it says must be done, the others say how."""
    return re.split(r"(?<=[.!?])\s", task.description.strip(), maxsplit=1)[0]


def vocabulary(task: Task) -> Vocabulary:
    """Find the words of a task that ask for operations; those of the first sentence, and rare ones, weigh more."""
    asked = Counter(
        word
        for operation in CATALOGUE.values()
        if not operation.formats or task.input_type in operation.formats
        for word in tokens(operation.words)
    )
    spoken, main, common = tokens(said(task)), tokens(CODE.sub(" ", main_sentence(task))), tokens(COMMON)

    def weight(word: str) -> int:
        if word not in main:
            return 1
        if word in DEMANDING:
            return CLEAR
        return 2 if asked[word] > 4 or word in common else CLEAR

    coded = tokens(" ".join(CODE.findall(said(task))))
    heard = {one.name: _heard(task, frozenset(one.takes)) for one in CATALOGUE.values()}
    naming = {one.name: tokens(one.words) & heard[one.name] | tokens(one.hints) & coded for one in CATALOGUE.values()}
    explaining = {one.name: naming[one.name] | tokens(one.hints) & heard[one.name] for one in CATALOGUE.values()}
    return Vocabulary(naming, explaining, {word: weight(word) for word in sorted(spoken & asked.keys())})
