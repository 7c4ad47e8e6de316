"""Programs as expressions: variables, literals, calls of operations, and functions of elements."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from toolbuilder.synthesis.task import Json

Constant: TypeAlias = "str | int | float | bool | tuple[str, ...] | tuple[int, ...] | None"


@dataclass(frozen=True)
class Variable:
    """A value that has a name: the input, an option, or (part of) an element."""

    name: str
    kind: str


@dataclass(frozen=True)
class Literal:
    """A constant; its kind says what it is for (a delimiter, a column's name …)."""

    value: Constant
    kind: str


@dataclass(frozen=True)
class Call:
    """An operation of the catalogue applied to arguments."""

    operation: str
    arguments: tuple["Term", ...]


@dataclass(frozen=True)
class Function:
    """A function of one element, of the given kind, whose parts are bound to the parameters."""

    element: str
    parameters: tuple[Variable, ...]
    body: "Term"


@dataclass(frozen=True)
class Template:
    """Texts written one after the other."""

    parts: tuple["Term", ...]


@dataclass(frozen=True)
class Display:
    """An object with fixed keys, or (without keys) a list with a fixed number of items."""

    keys: tuple[str, ...]
    values: tuple["Term", ...]


Term: TypeAlias = "Variable | Literal | Call | Function | Template | Display"


def children(term: Term) -> tuple[Term, ...]:
    """Give the terms directly inside the term."""
    match term:
        case Call(_, inner) | Template(inner) | Display(_, inner):
            return inner
        case Function(body=body):
            return (body,)
        case _:
            return ()


def rebuilt(term: Term, inner: Sequence[Term]) -> Term:
    """Give the term with other terms directly inside it, as many as there are."""
    match term:
        case Call(operation, _):
            return Call(operation, tuple(inner))
        case Template():
            return Template(tuple(inner))
        case Display(keys, _):
            return Display(keys, tuple(inner))
        case Function(element, parameters, _):
            return Function(element, parameters, inner[0])
        case _:
            return term


def variants(term: Term, change: Callable[[Term], Iterable[Term]]) -> Iterator[Term]:
    """Change one place of the term, innermost first, in every way."""
    inner = children(term)
    for index, child in enumerate(inner):
        for changed in variants(child, change):
            yield rebuilt(term, (*inner[:index], changed, *inner[index + 1 :]))
    yield from change(term)


def walk(term: Term) -> Iterator[Term]:
    """Give the term and every term inside it, innermost and leftmost first."""
    for child in children(term):
        yield from walk(child)
    yield term


def operations_of(term: Term) -> list[str]:
    """Name the operations of the term in the order in which they are applied."""
    return [inner.operation for inner in walk(term) if isinstance(inner, Call)]


def literals_of(term: Term) -> list[Literal]:
    """Give the term's literals, each once."""
    return list(dict.fromkeys(inner for inner in walk(term) if isinstance(inner, Literal)))


def to_json(term: Term) -> Json:
    """Give a canonical JSON form of the term."""
    match term:
        case Variable(name, kind):
            return {"variable": name, "kind": kind}
        case Literal(value, kind):
            plain: Json = list(value) if isinstance(value, tuple) else value
            return {"literal": plain, "kind": kind}
        case Call(operation, arguments):
            return {"call": operation, "arguments": [to_json(argument) for argument in arguments]}
        case Function(element, parameters, body):
            return {"function": element, "of": [to_json(parameter) for parameter in parameters], "body": to_json(body)}
        case Template(parts):
            return {"template": [to_json(part) for part in parts]}
        case Display(keys, values):
            return {"display": list(keys), "values": [to_json(value) for value in values]}


def from_json(form: Json) -> Term:
    """Read the form that `to_json` gives; raise ValueError when it is no term."""
    match form:
        case {"variable": str(name), "kind": str(kind)}:
            term: Term = Variable(name, kind)
        case {"literal": list(values), "kind": str(kind)}:
            numbers = tuple(value for value in values if isinstance(value, int))
            term = Literal(numbers or tuple(str(value) for value in values), kind)
        case {"literal": str() | int() | float() | None as value, "kind": str(kind)}:
            term = Literal(value, kind)
        case {"call": str(operation), "arguments": list(inner)}:
            term = Call(operation, tuple(map(from_json, inner)))
        case {"function": str(element), "of": list(inner), "body": body}:
            parameters = [part for part in map(from_json, inner) if isinstance(part, Variable)]
            term = Function(element, tuple(parameters), from_json(body))
        case {"template": list(inner)}:
            term = Template(tuple(map(from_json, inner)))
        case {"display": list(keys), "values": list(inner)}:
            term = Display(tuple(map(str, keys)), tuple(map(from_json, inner)))
        case _:
            raise ValueError(f"not a term: {json.dumps(form)[:80]}")
    return term
