"""The text of the library's functions, and what each of them needs."""

import ast
import builtins
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

LIBRARY = "toolbuilder.synthesis.library"


@dataclass(frozen=True)
class Definition:
    """A function, class or constant of the library: its text, the names that it uses, and its place."""

    name: str
    text: str
    uses: tuple[str, ...]
    sort: Literal["constant", "class", "function"]
    place: int


@cache
def definitions() -> Mapping[str, Definition]:
    """Give every definition of the library by name."""
    found: dict[str, Definition] = {}
    for text in _modules():
        for node in ast.parse(text).body:
            name = _name(node)
            if name:
                source = "\n".join(text.split("\n")[node.lineno - 1 : node.end_lineno])
                sort: Literal["constant", "class", "function"] = "constant"
                if isinstance(node, ast.FunctionDef | ast.ClassDef):
                    sort = "function" if isinstance(node, ast.FunctionDef) else "class"
                found[name] = Definition(name, source, tuple(names_in(source)), sort, len(found))
    return found


@cache
def imports() -> Mapping[str, str]:
    """Give the module from which the library imports each foreign name; "" where the name is a module."""
    found: dict[str, str] = {}
    for text in _modules():
        for node in ast.parse(text).body:
            if isinstance(node, ast.Import):
                found |= {alias.name: "" for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not (node.module or "").startswith(LIBRARY):
                found |= {alias.name: node.module or "" for alias in node.names}
    return found | {"Mapping": "collections.abc", "islice": "itertools"}


def names_in(code: str) -> dict[str, None]:
    """Give the names that the code reads and does not bind, but for Python's own, in order."""
    nodes = list(ast.walk(ast.parse(code)))
    bound = {node.arg for node in nodes if isinstance(node, ast.arg)}
    bound |= {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    read = [node for node in nodes if isinstance(node, ast.Name) and node.id not in bound]
    in_order = sorted(read, key=lambda node: (node.lineno, node.col_offset))
    return {node.id: None for node in in_order if not hasattr(builtins, node.id)}


def needed(names: Iterable[str]) -> list[str]:
    """Give the library's definitions among the names, each followed by those that it needs in its turn."""
    known = definitions()
    reached: dict[str, None] = {}

    def reach(name: str) -> None:
        if name in known and name not in reached:
            reached[name] = None
            for used in known[name].uses:
                reach(used)

    for name in names:
        reach(name)
    return list(reached)


def _modules() -> list[str]:
    folder = sorted(files(LIBRARY).iterdir(), key=lambda path: path.name)
    return [path.read_text("utf-8") for path in folder if path.name.endswith(".py") and path.name != "errors.py"]


def _name(node: ast.stmt) -> str:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return node.name
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return node.target.id
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    return ""
