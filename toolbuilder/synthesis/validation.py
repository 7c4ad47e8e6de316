"""Examples of wrong input: the program is made to refuse them, with the message that they show."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from toolbuilder.synthesis.expressions import fallible
from toolbuilder.synthesis.kinds import KINDS
from toolbuilder.synthesis.naming import kind_of, noun
from toolbuilder.synthesis.operations import CATALOGUE
from toolbuilder.synthesis.program import Program
from toolbuilder.synthesis.task import Example, Task
from toolbuilder.synthesis.terms import Call, Function, Literal, Term, Variable, variants
from toolbuilder.synthesis.trial import fits
from toolbuilder.synthesis.words import tokens

CHECKS = {
    kind: tuple(one for one in CATALOGUE.values() if one.takes == (kind, "Message"))
    for kind in ("Lines", "Line", "Table")
}
VALUE = re.compile(r""": (?:'[^']*'|"[^"]*")$""")  # what is wrong with one input is no part of the complaint
LOCATED = re.compile(r"^(?:line|row|item) \d+(?:, column \d+)?: ")


def validated(task: Task, program: Program) -> Program | None:
    """Give the program, or else its simplest variant that also refuses the wrong inputs of the examples."""
    bad = [example for example in task.examples if example.exit_code]
    for variant in _variants(program, bad):
        if all(fits(variant, example) for example in task.examples):
            return variant
    return None


def _variants(program: Program, bad: list[Example]) -> Iterator[Program]:
    yield program
    yield from (replace(program, term=term) for term in variants(program.term, _stricter))
    for complaint in dict.fromkeys(VALUE.sub("", LOCATED.sub("", example.stderr)) for example in bad):
        for change in (_complaining, _explaining, _requiring):
            for term in variants(program.term, partial(change, message=Literal(complaint, "Message"))):
                yield replace(program, term=term)


def _stricter(term: Term) -> Iterator[Term]:
    """Exchange a step for one that refuses more."""
    if isinstance(term, Call):
        yield from (Call(other, term.arguments) for other in CATALOGUE[term.operation].stricter)


def _complaining(term: Term, message: Literal) -> Iterator[Term]:
    """Where a line cannot be converted, complain with the message and the line's number."""
    match term:
        case Call("each", (Call("read_lines", _) as source, Function() as function)) if fallible(function):
            yield Call("each_line", (source, function, message))
        case _:
            return


def _explaining(term: Term, message: Literal) -> Iterator[Term]:
    """Where a step finds its value wrong, put the message before its own."""
    if not isinstance(term, Call) or any(isinstance(argument, Function) for argument in term.arguments):
        return
    first = term.arguments[0] if term.arguments else None
    if first is None or kind_of(first) not in KINDS:
        return
    parameter = first if isinstance(first, Variable) else Variable(noun(first), kind_of(first))
    function = Function(kind_of(first), (parameter,), Call(term.operation, (parameter, *term.arguments[1:])))
    if fallible(function):
        yield Call("explained", (first, function, message))


def _requiring(term: Term, message: Literal) -> Iterator[Term]:
    """Require something of the value before it is used; what the message speaks of comes first."""
    spoken = tokens(str(message.value))
    if isinstance(term, Call):
        checks = CHECKS.get(CATALOGUE[term.operation].gives, ())
        for check in sorted(checks, key=lambda one: (not tokens(one.words + one.hints) & spoken, one.cost)):
            yield Call(check.name, (term, message))
