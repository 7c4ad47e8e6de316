"""Operations as they are emitted: functions made of nothing but their text."""

from collections.abc import Callable

from toolbuilder.synthesis.layout import Layout, Module, Role
from toolbuilder.synthesis.layouting import filled
from toolbuilder.synthesis.modules import Part, assemble
from toolbuilder.synthesis.operations import CATALOGUE
from toolbuilder.synthesis.source import LIBRARY, definitions, names_in

WHOLE = Layout(LIBRARY, "run", (Module("tool", frozenset({"read", "transform", "write"}), "One operation."),))


def emitted(operation: str) -> Callable[..., object]:
    """Give the operation as a function made of nothing but its emitted text."""
    names = [f"argument_{index}" for index in range(len(CATALOGUE[operation].takes))]
    code = filled(CATALOGUE[operation].code, names)
    function = f"def run({', '.join(names)}):\n    return {code}"
    roots = tuple(name for name in names_in(function) if name in definitions())
    namespace: dict[str, Callable[..., object]] = {}
    parts: dict[Role, Part] = {"read": Part(), "write": Part(), "transform": Part((function,), roots)}
    exec(assemble(parts, WHOLE)["tool"], namespace)  # noqa: S102
    return namespace["run"]
