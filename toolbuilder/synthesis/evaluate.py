"""Running operations: each is compiled once, from the source that is later emitted."""

from collections.abc import Callable, Sequence
from functools import cache

from toolbuilder.synthesis.library import (
    arithmetic,
    arranged,
    checks,
    codes,
    columns,
    files,
    formats,
    grid,
    groups,
    json_arrays,
    json_objects,
    json_order,
    json_scalars,
    json_values,
    moments,
    names,
    phrases,
    streams,
    tables,
    tabs,
    text,
    totals,
    units,
)
from toolbuilder.synthesis.operations import CATALOGUE
from toolbuilder.synthesis.terms import Literal

LIBRARY = (
    *(text, arithmetic, tables, tabs, json_values, json_order, json_arrays, json_objects, json_scalars),
    *(phrases, grid, formats, codes, units, checks, files, streams, groups),
    *(totals, names, moments, columns, arranged),
)
NAMED_KINDS = frozenset({"Length", "Mass", "Duration"})
"""The kinds of literals that stand for a named constant of the library."""

LARGEST = 20_000
MOST_COPIES = 10_000  # of a text that an operation repeats
FAILURES = (ValueError, LookupError, TypeError, ArithmeticError, AttributeError, RecursionError, OSError)
"""What an operation may raise on a value that it is not made for."""


@cache
def compiled(operation: str) -> Callable[..., object]:
    """Compile the operation's code to a function of its arguments."""
    names = [f"_{index}" for index in range(len(CATALOGUE[operation].takes))]
    code = CATALOGUE[operation].code.format(*names)
    namespace = {name: value for module in LIBRARY for name, value in vars(module).items()}
    function: Callable[..., object] = eval(f"lambda {', '.join(names)}: {code}", namespace)  # noqa: S307  our own catalogue
    return function


def value_of(literal: Literal) -> object:
    """Give the value that a literal stands for."""
    if literal.kind in NAMED_KINDS:
        return vars(units)[str(literal.value)]
    if literal.kind == "Meanings" and isinstance(literal.value, tuple):
        return dict(zip(literal.value[::2], literal.value[1::2], strict=True))
    return list(literal.value) if isinstance(literal.value, tuple) else literal.value


def size(value: object) -> int:
    """Measure a value: characters, or elements and what is in them."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(1 + size(inner) for inner in value.values())
    if isinstance(value, list | tuple):
        return sum(1 + size(inner) for inner in value)
    return 1


def _implied_limit(operation: str) -> int:
    """Bound the numbers of an operation that repeats text: of each it would make as many copies."""
    repeats = " * " in CATALOGUE[operation].code and '"' in CATALOGUE[operation].code
    return MOST_COPIES if repeats else 0


def apply(operation: str, columns: Sequence[Sequence[object]]) -> tuple[object, ...] | None:
    """Apply the operation in every instance; None when it fails or grows too large in any."""
    if CATALOGUE[operation].bare and all(" " in str(text) or "\t" in str(text) for text in columns[0]):
        return None
    function, limit = compiled(operation), CATALOGUE[operation].limit or _implied_limit(operation)
    results: list[object] = []
    for arguments in zip(*columns, strict=True):
        if limit and any(isinstance(argument, int | float) and abs(argument) > limit for argument in arguments):
            return None
        try:
            result = function(*arguments)
        except (*FAILURES, MemoryError):
            return None
        if size(result) > LARGEST:
            return None
        results.append(result)
    return tuple(results)
