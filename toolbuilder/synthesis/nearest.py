"""Where the description speaks of what the catalogue does not have: the words, and the operations closest to them."""

import re
from collections import Counter

from toolbuilder.synthesis.operations import SEARCHED, Operation
from toolbuilder.synthesis.task import Task
from toolbuilder.synthesis.words import NUMBERS, ORDINALS, said, tokens

MOST = 5
NAMING = 3  # a word that asks for an operation counts as much as so many that it explains
SCARCE = 12  # a word that more operations explain tells none of them from the others
PLAIN = tokens(
    "a about above again all also always an and any are as at be become been below but by can case come contain do "
    "each either else every example file first following for form format from get give given has have how if in "
    "include input into is it its just keep kind let like line list make may means more most must name no none not "
    "of on one only option or order other out output over own print produce read rest result row same say second "
    "see set should show so some string such take takes text than that the their them then there these they thing "
    "this those to tool type under up use using value want what when where which who whose will with within without "
    "word write written you your"
)


def unknown_words(task: Task) -> tuple[str, ...]:
    """Give the words of the description that no operation knows and no example shows."""
    known = {word for one in SEARCHED.values() for word in tokens(f"{one.words} {one.hints}")}
    shown = tokens(" ".join(f"{one.input} {one.expected or ''} {one.stderr}" for one in task.examples))
    options = tokens(" ".join(option.name for option in task.options))
    left = known | shown | options | PLAIN | tokens(" ".join([*NUMBERS, *ORDINALS]))
    words = re.findall(r"[A-Za-z]{3,}", re.sub(r"`[^`]*`|--\S+|\"[^\"]*\"", " ", task.description))
    return tuple(dict.fromkeys(word for word in words if not tokens(word) & left))[:MOST]


def nearest_operations(task: Task) -> tuple[str, ...]:
    """Describe the operations of which the description says most, the closest first."""
    spoken = tokens(said(task)) - PLAIN
    usable = [one for one in SEARCHED.values() if _usable(one, task.input_type)]
    common = Counter(word for one in usable for word in tokens(f"{one.words} {one.hints}"))
    telling = frozenset(word for word in spoken if common[word] <= SCARCE)

    def closeness(one: Operation) -> int:
        return NAMING * len(tokens(one.words) & telling) + len(tokens(one.hints) & telling)

    close = sorted((one for one in usable if closeness(one) >= NAMING), key=closeness, reverse=True)
    return tuple(dict.fromkeys(_described(one) for one in close))[:MOST]


def _usable(operation: Operation, input_type: str) -> bool:
    of_files = bool({"Files", "FileList"} & {*operation.takes})
    return input_type in operation.formats if operation.formats else not of_files or input_type == "files"


def _described(operation: Operation) -> str:
    return operation.says.format("it", *["…"] * len(operation.takes))
