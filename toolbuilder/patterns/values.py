"""Values in Python code: the names that hold them, and what is made from them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

Block: TypeAlias = list[ast.stmt]

KEEPS = frozenset({"add", "append", "update", "setdefault", "extend", "insert"})


@dataclass(frozen=True)
class Derived:
    """Values made from others: the nodes that they come from, the names that hold them, the nodes that end the line."""

    origin: frozenset[ast.AST]
    names: frozenset[str]
    cut: frozenset[ast.AST] = frozenset()

    def within(self, node: ast.AST | None) -> bool:
        """Tell whether such a value is used in an expression."""
        if node is None or node in self.cut:
            return False
        if node in self.origin or place(node) in self.names:
            return True
        return any(self.within(child) for child in ast.iter_child_nodes(node))


def called(call: ast.Call) -> str:
    """Give the dotted name of what is called; of a call on another value, what comes after it, with a leading dot."""
    return place(call.func) or (f".{call.func.attr}" if isinstance(call.func, ast.Attribute) else "")


def place(node: ast.AST) -> str:
    """Give a name, or names joined by dots, as text; empty for any other expression."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (before := place(node.value)):
        return f"{before}.{node.attr}"
    return ""


def arguments(call: ast.Call) -> list[ast.expr]:
    """Give all that a call is handed, by position and by name."""
    return [*call.args, *(keyword.value for keyword in call.keywords)]


def blocks(node: ast.AST) -> list[Block]:
    """Give the lists of statements right below a node."""
    values = [getattr(node, name, None) for name in ("body", "orelse", "finalbody")]
    return [value for value in values if isinstance(value, list)]


def assigned(node: ast.AST, source: Derived) -> Iterator[str]:
    """Give the names that a node fills from derived values."""
    match node:
        case ast.Assign(targets=targets, value=value) if source.within(value):
            yield from (name for target in targets for name in _targets(target))
        case ast.AnnAssign(target=target, value=value) | ast.AugAssign(target=target, value=value) if source.within(
            value
        ):
            yield from _targets(target)
        case ast.NamedExpr(target=target, value=value) if source.within(value):
            yield target.id
        case ast.For(target=target, iter=value) if source.within(value):
            yield from _targets(target)
        case ast.Call(func=ast.Attribute(value=holder, attr=attr), args=arguments) if attr in KEEPS:
            if any(source.within(argument) for argument in arguments):
                yield place(holder)


def _targets(target: ast.AST) -> Iterator[str]:
    if isinstance(target, ast.Tuple | ast.List | ast.Starred):
        for child in ast.iter_child_nodes(target):
            yield from _targets(child)
    elif isinstance(target, ast.Subscript):
        yield place(target.value)
    elif name := place(target):
        yield name
