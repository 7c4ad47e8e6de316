"""Python code as the rules of patterns look at it: functions, what they call, and where values go."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from toolbuilder.patterns.values import Derived, assigned, blocks, called, place

FunctionNode: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

LOOPS = (ast.For, ast.AsyncFor, ast.While)
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
DATA = frozenset(
    {"object", "str", "bytes", "int", "float", "bool", "dict", "list", "set", "tuple", "Mapping", "Sequence", "Path"}
)
MANY = 1000  # rounds; more are no bound


@dataclass(frozen=True)
class Code:
    """The syntax tree of one module."""

    tree: ast.Module

    @cached_property
    def functions(self) -> tuple["Function", ...]:
        """All functions and methods, those inside others too."""
        return tuple(_functions(self, self.tree, (), frozenset()))

    @cached_property
    def by_name(self) -> Mapping[str, "Function"]:
        """Functions and methods by their bare name."""
        return {function.node.name: function for function in self.functions}

    @property
    def workers(self) -> tuple["Function", ...]:
        """The functions that call work they were given."""
        return tuple(function for function in self.functions if function.work)

    def reach(self, node: ast.AST) -> Iterator[ast.AST]:
        """Give all nodes below a node, and below the functions of the module that are called there, and so on."""
        seen: set[str] = set()
        waiting = [node]
        while waiting:
            for inner in ast.walk(waiting.pop()):
                yield inner
                name = called(inner).rpartition(".")[2] if isinstance(inner, ast.Call) else ""
                if name in self.by_name and name not in seen:
                    seen.add(name)
                    waiting.append(self.by_name[name].node)


@dataclass(frozen=True)
class Function:
    """One function, and the parameters and fields, its own and those around it, that may be work."""

    code: Code
    node: FunctionNode
    given: frozenset[str]

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """The nodes of the body, without those of functions and classes inside it; lambdas are left out too."""
        return tuple(inner for statement in self.node.body for inner in _own(statement))

    @cached_property
    def work(self) -> tuple[ast.Call, ...]:
        """The calls of what the function was given: it cannot know what they cost or give."""
        return tuple(node for node in self.nodes if isinstance(node, ast.Call) and called(node) in self.given)

    @cached_property
    def parents(self) -> Mapping[ast.AST, ast.AST]:
        """The node right above each node of the body."""
        return {child: node for node in ast.walk(self.node) for child in ast.iter_child_nodes(node)}

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """Give the nodes above a node, from the nearest to the function itself."""
        while node is not self.node:
            node = self.parents[node]
            yield node

    def loops_around(self, node: ast.AST) -> list[ast.For | ast.AsyncFor | ast.While]:
        """Give the loops around a node, the innermost first."""
        return [one for one in self.above(node) if isinstance(one, LOOPS)]

    def after(self, node: ast.AST) -> Iterator[ast.stmt]:
        """Give the statements that follow a node without a loop in between, the nearest first."""
        inner = node
        for outer in self.above(node):
            for block in blocks(outer):
                if inner in block:
                    yield from block[block.index(inner) + 1 :]
            if isinstance(outer, LOOPS):
                return
            inner = outer

    def derived(self, seeds: Iterable[ast.AST], without: Iterable[ast.AST] = ()) -> "Derived":
        """Give what is made from the values of some nodes, by assignments in any order, except through `without`."""
        origin, cut = frozenset(seeds), frozenset(without)
        names: frozenset[str] = frozenset()
        while True:
            found = Derived(origin, names, cut)
            more = names | {name for node in self.nodes for name in assigned(node, found)}
            if more == names:
                return found
            names = more


def rounds(source: ast.expr, code: Code) -> int | None:
    """Give how often a loop over a source goes round: 0 where only a run can tell, None where there is no bound."""
    if isinstance(source, ast.Tuple | ast.List):
        return len(source.elts)
    if not isinstance(source, ast.Call) or not source.args:
        return None
    if called(source) == "enumerate":
        return rounds(source.args[0], code)
    numbers = [_number(argument, code) for argument in source.args]
    if called(source) != "range" or any("maxsize" in place(node) for node in ast.walk(source)):
        return None
    start, stop = (0, numbers[0]) if len(numbers) == 1 else (numbers[0], numbers[1])
    if start is None or stop is None:
        return 0
    return stop - start if stop - start <= MANY else None


def _number(node: ast.expr, code: Code) -> int | None:
    for statement in code.tree.body:
        if isinstance(statement, ast.Assign) and place(node) in map(place, statement.targets):
            return _number(statement.value, code)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, int) else None


def _own(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    if not isinstance(node, SCOPES):
        for child in ast.iter_child_nodes(node):
            yield from _own(child)


def _functions(code: Code, node: ast.AST, around: tuple[ast.AST, ...], given: frozenset[str]) -> Iterator[Function]:
    for child in ast.iter_child_nodes(node):
        inner = given
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            inner = given | _given(child, around)
            yield Function(code, child, inner)
        yield from _functions(code, child, (*around, child), inner)


def _given(function: FunctionNode, around: tuple[ast.AST, ...]) -> frozenset[str]:
    """Give the dotted names by which a function can call what it was given: parameters and fields of its object."""
    arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    holder = next((node for node in reversed(around) if isinstance(node, ast.ClassDef)), None)
    direct = around and around[-1] is holder
    own = arguments[1:] if holder and direct else arguments
    plain = {argument.arg for argument in own if not _is_class(argument.annotation)}
    methods = {
        called(node)
        for argument in own
        if not _is_data(argument.annotation)
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and _is_asked(node, argument.arg)
    }
    return frozenset(plain | methods | (_fields(holder, function, arguments) if holder and direct else set()))


def _is_asked(call: ast.Call, name: str) -> bool:
    """Tell whether a call asks something of a parameter, other than what its shape is."""
    method = isinstance(call.func, ast.Attribute) and place(call.func.value) == name
    return method and not any(word in called(call) for word in ("validate", "schema"))


def _is_data(annotation: ast.AST | None) -> bool:
    names = {place(node) for node in ast.walk(annotation)} if annotation else set()
    return bool(names & DATA)


def _is_class(annotation: ast.AST | None) -> bool:
    named = annotation.value if isinstance(annotation, ast.Subscript) else annotation
    return named is not None and place(named) == "type"


def _fields(holder: ast.ClassDef, function: FunctionNode, arguments: list[ast.arg]) -> set[str]:
    methods = {node.name for node in holder.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    me = arguments[0].arg if arguments else ""
    names = {called(node) for node in ast.walk(function) if isinstance(node, ast.Call)}
    return {
        name
        for name in names
        if name.startswith(f"{me}.") and name.count(".") == 1 and name[len(me) + 1 :] not in methods
    }
