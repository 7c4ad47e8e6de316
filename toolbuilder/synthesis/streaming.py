"""Programs whose output can be written while the input is read: line after line, or row after row."""

from collections.abc import Iterable

from toolbuilder.synthesis.operations import CATALOGUE
from toolbuilder.synthesis.operations.streams import ENDING
from toolbuilder.synthesis.program import Program
from toolbuilder.synthesis.terms import Call, Function, Term, Variable, walk

GIVEN = Variable("text", "Text")
LINES = Variable("lines", "Lines")


def streams(program: Program) -> bool:
    """Tell whether the program needs to keep no more than a line or a row of its input."""
    return streamed(program.term) is not None


def streamed(term: Term) -> "Term | None":
    """Give the term on streams, of which the variable `lines` is the input; None where it needs all of it at once."""
    match term:
        case Call("render_lines", (lines,)):
            return _passed_on(lines)
        case Call("when", (condition, one, other)) if _free([condition]):
            ways = streamed(one), streamed(other)
            return Call("when", (condition, ways[0], ways[1])) if ways[0] and ways[1] else None
        case Call(operation, _) if CATALOGUE[operation].role == "write":
            return _passed_on(term)
        case _:
            return None


def spine(term: Term) -> frozenset[Term]:
    """Give the steps of a term on streams that pass a stream on."""
    match term:
        case Call("when", (_, one, other)):
            return frozenset({term}) | spine(one) | spine(other)
        case Call(_, (source, *_)):
            return frozenset({term}) | spine(source)
        case _:
            return frozenset()


def _passed_on(term: Term) -> "Term | None":
    match term:
        case Call("each" | "keep" | "each_line", (source, Function(), *_)):
            operation = term.operation
        case Call(name, (source, *_)) if f"{name}{ENDING}" in CATALOGUE:
            operation = f"{name}{ENDING}"
        case _:
            return None
    inner = LINES if source == GIVEN else _passed_on(source)
    rest = term.arguments[1:]
    return Call(operation, (inner, *rest)) if inner and _free(rest) else None


def _free(terms: Iterable[Term]) -> bool:
    return all(inner != GIVEN for term in terms for inner in walk(term))
