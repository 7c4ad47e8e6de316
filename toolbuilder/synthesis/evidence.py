"""Whether the examples say enough for a program: what speaks against one that fits them all."""

from toolbuilder.synthesis.program import Program
from toolbuilder.synthesis.search import Candidate
from toolbuilder.synthesis.support import constants, forgotten, lonely, unasked, unheeded, unnamed
from toolbuilder.synthesis.task import Task

DEAREST = 30  # a program that looks worse than this is a coincidence
TRUTHS = frozenset({"true", "false", "null", "yes", "no", "0", "1", ""})
PLAUSIBLE = (6, 6, 8)  # what a program may cost by the number of different telling outputs that the examples show
NAMED = 2  # times as much may a program cost that the description names
SHORTEST = 6  # what a program may cost beyond the characters of the different outputs
TABLES = frozenset({"csv", "tsv"})


def objection(task: Task, found: Program, best: Candidate) -> tuple[str, str | None] | None:
    """Say what speaks against the program, and the example that shows it; None when nothing does.

    `found` is the program as the search found it, `best` the same without steps that change nothing.
    """
    first = task.examples[0].id
    if all(example.expected == example.input for example in task.examples if not example.exit_code):
        return "no example shows an input that the tool changes: add one", first
    ignored = unheeded(task, found)
    if ignored:
        return f"the description says {ignored[0]!r}, of which the program that fits the examples does nothing", first
    weak = lonely(constants(task, best.program))
    if weak is not None:
        shown = weak.examples[0] if weak.examples else None
        return (
            f"only one example shows the constant {weak.constant!r}: add another, or name it in the description",
            shown,
        )
    doubt = _coincidence(task, best)
    return (doubt, first) if doubt else None


def _coincidence(task: Task, best: Candidate) -> str:
    """Say why the program may fit by chance; "" when nothing suggests it."""
    branch = unasked(task, best.program)
    if branch is not None:
        return f"the examples fit only if --{branch[0]} stands for what is not said of it: {branch[1]}"
    option = forgotten(task, best.program)
    if option is not None:
        return f"--{option[1]} changes nothing together with, or without, --{option[0]}: add an example that gives both"
    if best.score > DEAREST:
        return "the examples fit only by a program too far-fetched to trust: add examples, or name the operations"
    if thin(task, best):
        return "the examples show too few different outputs to tell this program from a coincidence: add examples"
    return ""


def thin(task: Task, best: Candidate) -> bool:
    """Tell whether the outputs say too little for a program that the description does not name either.

    The rows of a table count one by one; a mere truth value says nothing.
    """
    whole = [(example.expected or "").strip().lower() for example in task.examples if not example.exit_code]
    shown = {part for text in whole for part in (text.split("\n") if task.output_type in TABLES else [text])}
    telling = shown - TRUTHS
    short = best.score > SHORTEST + sum(map(len, telling))
    few = len(telling) < len(PLAUSIBLE) and best.score > PLAUSIBLE[len(telling)]
    far = few and best.score > NAMED * PLAUSIBLE[len(telling)]
    return far or ((short or few) and bool(unnamed(task, best.program)))
