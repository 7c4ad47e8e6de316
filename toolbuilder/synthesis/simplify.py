"""Steps that change nothing, on any input tried, are left out of a program."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from toolbuilder.synthesis.mutation import Probe
from toolbuilder.synthesis.naming import kind_of
from toolbuilder.synthesis.operations import CATALOGUE
from toolbuilder.synthesis.program import Program
from toolbuilder.synthesis.task import Task
from toolbuilder.synthesis.terms import Call, Function, Term, Variable, variants, walk
from toolbuilder.synthesis.trial import fits, run


def simplified(task: Task, program: Program, probes: Sequence[Probe]) -> Program:
    """Leave out steps for as long as the examples and the probes show no difference."""
    for term in variants(program.term, _without):
        shorter = replace(program, term=term)
        if (
            _bare(term) <= _bare(program.term)
            and all(fits(shorter, example) for example in task.examples)
            and _alike(program, shorter, probes)
        ):
            return simplified(task, shorter, probes)
    return program


def _alike(one: Program, other: Program, probes: Sequence[Probe]) -> bool:
    return all(
        run(one, probe.input, probe.options, probe.files).same(run(other, probe.input, probe.options, probe.files))
        for probe in probes
    )


def _bare(term: Term) -> set[Term]:
    """Give the steps that take a name from all of a line, of which the name is only a part."""
    calls = [inner for inner in walk(term) if isinstance(inner, Call) and CATALOGUE[inner.operation].bare]
    return {call for call in calls if isinstance(call.arguments[0], Variable)}


def _without(term: Term) -> Iterator[Term]:
    """Replace a step by what it is applied to, where that is of the same kind."""
    match term:
        case Call("each", (source, Function(parameters=(only,), body=body))) if body == only:
            yield source
        case Call(_, (first, *_)) if kind_of(first) == kind_of(term):
            yield first
        case _:
            return
