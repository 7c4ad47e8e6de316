"""The search: candidates that fit the examples, from the cheapest on."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from toolbuilder.synthesis.conditions import conditions
from toolbuilder.synthesis.constants import mine
from toolbuilder.synthesis.derived import derived
from toolbuilder.synthesis.evaluate import value_of
from toolbuilder.synthesis.goals import Target, targets
from toolbuilder.synthesis.operations import CATALOGUE
from toolbuilder.synthesis.options import uses
from toolbuilder.synthesis.program import Program
from toolbuilder.synthesis.ranking import as_said
from toolbuilder.synthesis.rules import solve
from toolbuilder.synthesis.scope import Entry, Meter, Scope
from toolbuilder.synthesis.task import Example, Task
from toolbuilder.synthesis.terms import Call, Term, Variable, literals_of, operations_of, walk
from toolbuilder.synthesis.words import Vocabulary, vocabulary

LEVELS = (3, 5, 7, 9, 11, 13)
MARGIN = 4
LATER = 1  # so many levels more are tried after the first program, for one that explains more words
BRANCHES = 3
PART = 8  # a program without a condition may take one of so many parts of the budget, where options suggest conditions
SHARE = 2  # what is wanted may be taken apart for half of what is left, so that a dearer level has its turn as well
RELUCTANCE = 4  # for reading an output in a less natural way
IDLE = 20  # an option that the program does not use
OPTION_KINDS = {
    "int": ("Size", "Places", "Integer", "Value", "Real"),
    "str": ("Word", "Delimiter", "Separator", "Mark", "Column", "Key", "JsonWord", "DateFormat", "Line"),
    "choice": ("Word", "Column", "Key", "JsonWord"),
    "flag": ("Flag",),
    "float": ("Real", "Value"),
}


@dataclass(frozen=True)
class Candidate:
    """A program that fits the examples, and how good it looks: the lower the score, the better."""

    program: Program
    score: int


def search(task: Task, meter: Meter) -> list[Candidate]:
    """Find programs that fit every good example, best first."""
    split = conditions(task)
    part = Meter(meter.limit // PART) if split else meter
    found = _unconditional(task, part, 1 if split else SHARE)
    meter.spent += part.spent if split else 0
    if not found or _idle(task, found[0].program.term):
        for condition, holds in split:
            found += _conditional(task, condition, holds, meter)
    scored = [replace(one, score=one.score + IDLE * _idle(task, one.program.term)) for one in found]
    return sorted([one for one in scored if as_said(task, one.program.term)] or scored, key=_rank)


def _rank(candidate: Candidate) -> tuple[int, int]:
    """Order by the score; of equals, the one with fewer steps comes first."""
    return candidate.score, len(operations_of(candidate.program.term))


def _idle(task: Task, term: Term) -> int:
    """Count the options that the term does not use."""
    used = {inner.name for inner in walk(term) if isinstance(inner, Variable)}
    return sum(option.variable not in used for option in task.options)


def _conditional(task: Task, condition: Term, holds: tuple[bool, ...], meter: Meter) -> list[Candidate]:
    """Find one program for the examples where the condition holds, and one for the others."""
    good = [example for example in task.examples if not example.exit_code]
    words = vocabulary(task)
    branches: list[list[Candidate]] = []
    for wanted in (True, False):
        part = tuple(example for example, held in zip(good, holds, strict=True) if held == wanted)
        found = search(replace(task, examples=part), meter)
        branches.append([one for one in found if condition not in walk(one.program.term)][:BRANCHES])
    pairs = [(one, other) for one in branches[0] for other in branches[1]]
    return [_joined(task, condition, one, other, words) for one, other in pairs]


def _joined(task: Task, condition: Term, one: Candidate, other: Candidate, words: Vocabulary) -> Candidate:
    """Join two programs; steps that they share count once."""
    term = Call("when", (condition, one.program.term, other.program.term))
    shared = set(walk(one.program.term)) & set(walk(other.program.term))
    saved = sum(words.price(step.operation) for step in shared if isinstance(step, Call))
    idle = IDLE * (_idle(task, one.program.term) + _idle(task, other.program.term))
    gained = words.unexplained(one.program.term) + words.unexplained(other.program.term) - words.unexplained(term)
    return Candidate(replace(one.program, term=term), one.score + other.score - idle - saved - gained + 1)


def _unconditional(task: Task, meter: Meter, share: int) -> list[Candidate]:
    """Find programs without a condition; a level may spend one of so many parts of what is left."""
    words = vocabulary(task)
    scope = _scope(task, words, meter)
    found: dict[Term, Candidate] = {}
    rounds = 0
    for level in LEVELS:
        scope.grow(level)
        meter.limit, whole = meter.spent + (meter.limit - meter.spent) // share, meter.limit
        for rank, target in enumerate(targets(task)):
            for entry in (*solve(scope, target.goal), *derived(scope, target.goal)):
                candidate = _candidate(task, target, entry, words, rank)
                found.setdefault(candidate.program.term, candidate)
        if meter.empty:
            scope.scopes.clear()
        meter.limit = whole
        best = min((candidate.score for candidate in found.values()), default=None)
        if meter.empty or rounds == LATER or (best is not None and best <= level + MARGIN):
            break
        rounds += bool(found)
    return sorted(found.values(), key=_rank)


def _scope(task: Task, words: Vocabulary, meter: Meter) -> Scope:
    good = [example for example in task.examples if not example.exit_code]
    literals = tuple(
        Entry(literal, literal.kind, cost, (value_of(literal),) * len(good)) for literal, cost in mine(task)
    )
    usable = tuple(
        operation
        for operation in CATALOGUE.values()
        if operation.role != "write"
        and (not operation.formats or task.input_type in operation.formats)
        and (not operation.asked or words.explained(operation.name))
    )
    variables = tuple(_variables(task, good))
    return Scope(variables, literals, tuple(range(len(good))), usable, words, meter, uses(task))


def _variables(task: Task, good: list[Example]) -> Iterator[Entry]:
    if task.input_type == "files":
        yield Entry(Variable("files", "Files"), "Files", 0, tuple(dict(example.files) for example in good))
    elif task.input_type != "none":
        yield Entry(Variable("text", "Text"), "Text", 0, tuple(example.input for example in good))
    for option in task.options:
        values = tuple(example.options.get(option.name, option.default) for example in good)
        for kind in OPTION_KINDS[option.type]:
            yield Entry(Variable(option.variable, kind), kind, 0, values)


def _candidate(task: Task, target: Target, entry: Entry, words: Vocabulary, rank: int) -> Candidate:
    term = Call(target.writer, (entry.term,))
    program = Program(task.description, task.input_type, task.output_type, task.options, term)
    chosen = {literal for literal in literals_of(term) if literal.kind in {"Word", "Delimiter"}}
    return Candidate(program, entry.cost + words.unexplained(term) + len(chosen) + RELUCTANCE * rank)
