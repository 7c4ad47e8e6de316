"""Rules about saving: that answers reach a file in one move, at once, and are looked up before they are asked for."""

import ast
from collections.abc import Iterator

from toolbuilder.patterns.code import Code, Function
from toolbuilder.patterns.values import KEEPS, arguments, called, place

WRITES = frozenset({"write_text", "write_bytes"})
READS = frozenset({"read_text", "read_bytes"})
OPENS = frozenset({"open", "fdopen"})
TEMPORARY = frozenset({"NamedTemporaryFile", "mkstemp", "TemporaryFile"})
MOVES = frozenset({"replace", "rename"})


def saved_atomically(function: Function) -> bool:
    """Tell whether the module writes beside the place of a file, and only then moves what it wrote there."""
    writers = [one for one in function.code.functions if any(map(_is_write, one.nodes))]
    return bool(writers) and all(_moves_into_place(writer) for writer in writers)


def saved_after_each(function: Function) -> bool:
    """Tell whether each result is kept and written before anything else is asked or given back."""
    return bool(function.work) and all(_is_saved(function, call) for call in function.work)


def read_before_asking(function: Function) -> bool:
    """Tell whether the work is called only where what was read from a file does not hold its result."""
    return bool(function.work) and all(
        any(_comes_from_a_file(function, store) for store in _looked_up(function, call)) for call in function.work
    )


def _is_write(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    name = called(node).rpartition(".")[2]
    return name in WRITES or name in TEMPORARY or (name in OPENS and bool(set(_mode(node)) & set("wax+")))


def _is_read(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    name = called(node).rpartition(".")[2]
    return name in READS or (name in OPENS and not set(_mode(node)) & set("wax"))


def _mode(call: ast.Call) -> str:
    given = [*call.args, *(keyword.value for keyword in call.keywords if keyword.arg == "mode")]
    texts = [one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return next((text for text in texts if len(text) <= 3 and set(text) <= set("rwaxbt+")), "r")


def _moves_into_place(writer: Function) -> bool:
    moves = [move for node in writer.nodes if (move := _move(node))]
    writes = [node for node in writer.nodes if isinstance(node, ast.Call) and _is_write(node)]
    return bool(moves) and all(
        any(_at(write) < _at(source) and _written(write) != ast.dump(target) for source, target in moves)
        and _is_beside(write)
        for write in writes
    )


def _move(node: ast.AST) -> tuple[ast.expr, ast.expr] | None:
    """Give what is moved and where to, for a call that replaces a file by another."""
    if not isinstance(node, ast.Call) or called(node).rpartition(".")[2] not in MOVES:
        return None
    if called(node) in {"os.replace", "os.rename"} and len(node.args) == 2:
        return node.args[0], node.args[1]
    if isinstance(node.func, ast.Attribute) and len(arguments(node)) == 1:
        return node.func.value, arguments(node)[0]
    return None


def _at(node: ast.expr) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _written(write: ast.Call) -> str:
    """Give the file that a call writes to, as text that is the same for the same expression."""
    on_a_path = isinstance(write.func, ast.Attribute) and called(write) not in {"io.open", "os.fdopen"}
    if on_a_path and isinstance(write.func, ast.Attribute):
        return ast.dump(write.func.value)
    return ast.dump(write.args[0]) if write.args else ""


def _is_beside(write: ast.Call) -> bool:
    """Tell whether a file is on the same disk as its place: the system's temporary folder may not be."""
    temporary = called(write).rpartition(".")[2] in TEMPORARY
    return not temporary or any(keyword.arg == "dir" for keyword in write.keywords)


def _is_saved(function: Function, call: ast.Call) -> bool:
    made = function.derived([call])
    kept = any(_keeps(node) and made.within(_kept(node)) for node in function.nodes)
    for statement in function.after(call):
        for node in ast.walk(statement):
            if isinstance(node, ast.Call) and any(map(_is_write, function.code.reach(node))):
                return kept or any(made.within(argument) for argument in arguments(node))
        if isinstance(statement, ast.Return):
            return False
    return False


def _keeps(node: ast.AST) -> bool:
    if isinstance(node, ast.Assign):
        return any(isinstance(target, ast.Subscript) for target in node.targets)
    return isinstance(node, ast.Call) and called(node).rpartition(".")[2] in KEEPS


def _kept(node: ast.AST) -> ast.AST | None:
    if isinstance(node, ast.Assign):
        return node.value
    return ast.Tuple(arguments(node)) if isinstance(node, ast.Call) else None


def _looked_up(function: Function, call: ast.Call) -> Iterator[str]:
    """Give the stores that are asked for the result before the call: in a condition around it, or one that returns."""
    inner: ast.AST = call
    for outer in function.above(call):
        if isinstance(outer, ast.If) and inner is not outer.test:
            yield from _stores(function, outer.test)
        inner = outer
    for node in function.nodes:
        if (
            isinstance(node, ast.If)
            and _at_line(node) < call.lineno
            and isinstance(node.body[-1], ast.Return | ast.Continue)
        ):
            yield from _stores(function, node.test)


def _at_line(node: ast.If) -> int:
    return node.end_lineno or node.lineno


def _stores(function: Function, test: ast.expr) -> Iterator[str]:
    """Give the names of what a condition looks into: `key in store`, or a value got from the store."""
    for node in ast.walk(test):
        if isinstance(node, ast.Compare) and any(isinstance(one, ast.In | ast.NotIn) for one in node.ops):
            yield from filter(None, map(place, node.comparators))
    named = {place(node) for node in ast.walk(test)} - {""}
    for node in function.nodes:
        match node:
            case ast.Assign(targets=[target], value=ast.Call(func=ast.Attribute(value=store, attr="get"))) if (
                place(target) in named
            ):
                yield place(store)
            case ast.NamedExpr(target=target, value=ast.Call(func=ast.Attribute(value=store, attr="get"))) if (
                target.id in named
            ):
                yield place(store)


def _comes_from_a_file(function: Function, store: str) -> bool:
    root = store.partition(".")[0]
    parameters = {argument.arg for argument in ast.walk(function.node.args) if isinstance(argument, ast.arg)}
    if root not in parameters:
        return function.derived(_file_readers(function)).within(ast.parse(store, mode="eval").body)
    filled = [node for one in function.code.functions for node in one.nodes if _fills(node, store)]
    if store == root or not filled:
        return _hands_out_what_it_reads(function.code)
    return any(_is_read_into(one, store) for one in function.code.functions)


def _file_readers(function: Function) -> list[ast.AST]:
    calls = [node for node in function.nodes if isinstance(node, ast.Call)]
    return [call for call in calls if any(map(_is_read, function.code.reach(call)))]


def _fills(node: ast.AST, field: str) -> bool:
    targets = {ast.Assign: "targets", ast.AnnAssign: "target"}.get(type(node), "")
    found = getattr(node, targets, []) if targets else []
    return field in map(place, found if isinstance(found, list) else [found])


def _is_read_into(function: Function, field: str) -> bool:
    made = function.derived(_file_readers(function))
    return any(_fills(node, field) and made.within(getattr(node, "value", None)) for node in function.nodes)


def _hands_out_what_it_reads(code: Code) -> bool:
    """Tell whether a public function gives back what it read, so that a caller has it to hand on."""
    return any(
        isinstance(node, ast.Return) and one.derived(_file_readers(one)).within(node.value)
        for one in code.functions
        if not one.node.name.startswith("_")
        for node in one.nodes
    )
