"""Rivals: other programs that fit the examples too, and the inputs on which they differ."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from toolbuilder.synthesis.mutation import Probe
from toolbuilder.synthesis.operations import CATALOGUE
from toolbuilder.synthesis.program import Program
from toolbuilder.synthesis.search import Candidate
from toolbuilder.synthesis.support import forgotten, unasked
from toolbuilder.synthesis.task import Task
from toolbuilder.synthesis.terms import Call, Term, variants, walk
from toolbuilder.synthesis.thresholds import settled
from toolbuilder.synthesis.trial import Outcome, fits, run
from toolbuilder.synthesis.words import vocabulary

RIVALS = 10
PLAIN_STEPS = frozenset({"read_lines", "read_text", "each", "render_lines", "render_text"})
"""What is no transformation: reading lines and printing them."""


@dataclass(frozen=True)
class Rival:
    """Another program, how much worse it looks than the best, and whether the description names it as well."""

    program: Program
    gap: int
    named: bool


@dataclass(frozen=True)
class Difference:
    """A rival, and the first probe on which it differs from the best program."""

    rival: Rival
    probe: Probe
    here: Outcome
    there: Outcome


def rivals(task: Task, candidates: Sequence[Candidate]) -> list[Rival]:
    """Give the programs that fit the examples as the best one does, the closest first.

    One in which an option stands for what is not said of it is not worth a question, nor is one that takes "at least"
    for "more than".
    """
    best = candidates[0]
    words = vocabulary(task)
    gaps = {other.program: other.score - best.score for other in candidates[1:RIVALS]}
    for program in _swapped(best.program):
        if all(fits(program, example) for example in task.examples):
            gap = words.worth(program.term) - words.worth(best.program.term)
            gaps[program] = min(gap, gaps.get(program, gap))
    named = words.all_named(best.program.term)
    found = [
        Rival(program, gap, named <= words.all_named(program.term))
        for program, gap in gaps.items()
        if not unasked(task, program)
        and not forgotten(task, program)
        and not settled(task, best.program.term, program.term)
    ]
    return sorted(found, key=lambda rival: rival.gap)


def differences(
    program: Program,
    others: Sequence[Rival],
    probes: Sequence[Probe],
    matters: Callable[[Difference], bool] = bool,
) -> list[Difference]:
    """Give for each rival that differs from the program the first difference that matters, or else the first.

    Two refusals of an input are no difference, and what crashes is no rival.
    """
    here = [run(program, probe.input, probe.options, probe.files) for probe in probes]
    found: list[Difference] = []
    for rival in others:
        own: list[Difference] = []
        for probe, outcome in zip(probes, here, strict=True):
            there = run(rival.program, probe.input, probe.options, probe.files)
            if not there.same(outcome) and not there.crashed:
                own.append(Difference(rival, probe, outcome, there))
        found += [difference for difference in own if matters(difference)][:1] or own[:1]
    return found


def _swapped(program: Program) -> Iterator[Program]:
    """Exchange one operation for one that is easily taken for it, in every way."""
    for term in variants(program.term, _confused):
        yield replace(program, term=term)
    steps = {step for step in walk(program.term) if isinstance(step, Call) and step.operation not in PLAIN_STEPS}
    if len(steps) == 1:
        for term in variants(program.term, _finer):
            yield replace(program, term=term)


def _finer(term: Term) -> Iterator[Term]:
    if isinstance(term, Call):
        yield from (Call(other, term.arguments) for other in CATALOGUE[term.operation].finer)


def _confused(term: Term) -> Iterator[Term]:
    if isinstance(term, Call):
        yield from (Call(other, term.arguments) for other in CATALOGUE[term.operation].confused_with)
