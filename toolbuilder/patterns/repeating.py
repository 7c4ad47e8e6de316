"""Rules about repeating: how a function goes round with the work that it is given, judged by its syntax tree."""

import ast
from collections.abc import Iterator

from toolbuilder.patterns.code import Function, rounds
from toolbuilder.patterns.values import Derived, arguments, blocks, called, place


def loop_is_bounded(function: Function) -> bool:
    """Tell whether every loop around the work counts to a bound, and there is one."""
    loops = [loop for call in function.work for loop in function.loops_around(call)]
    return bool(loops) and all(_is_bounded(loop, function) for loop in loops)


def result_decides(function: Function) -> bool:
    """Tell whether what came out of the work decides, in the loop, when to leave it."""
    made = function.derived(function.work)
    return any(
        made.within(node.test) and (isinstance(node, ast.While) or _leaves(node))
        for loop in _work_loops(function)
        for node in [loop, *_inside(loop)]
        if isinstance(node, ast.If | ast.While)
    )


def findings_go_back(function: Function) -> bool:
    """Tell whether what came out of the work is, in the loop, handed to the work again."""
    made = function.derived(function.work)
    repeated = [call for call in function.work if function.loops_around(call)]
    return bool(repeated) and all(any(made.within(argument) for argument in arguments(call)) for call in repeated)


def stops_when_repeated(function: Function) -> bool:
    """Tell whether the loop is left when what came out is what came out before."""
    made = function.derived(function.work)
    return any(
        isinstance(node, ast.If) and _leaves(node) and any(_recurs(test, made) for test in _comparisons(node.test))
        for loop in _work_loops(function)
        for node in _inside(loop)
    )


def best_is_kept(function: Function) -> bool:
    """Tell whether what is given in the end was chosen among all that came out, the fewest findings first."""
    made = function.derived(function.work)
    last = function.node.body[-1]
    if not isinstance(last, ast.Return) or last.value is None:
        return False
    given = {place(node) for node in ast.walk(last.value)} - {""}
    return any(_chooses(function, node, given, made) for node in function.nodes)


def failure_is_raised(function: Function) -> bool:
    """Tell whether a function that has come to its end without a good result raises an error."""
    return _ends_in_error(function.node.body)


def _work_loops(function: Function) -> Iterator[ast.AST]:
    for call in function.work:
        yield from function.loops_around(call)


def _inside(loop: ast.AST) -> Iterator[ast.AST]:
    return (node for block in blocks(loop) for statement in block for node in ast.walk(statement))


def _leaves(choice: ast.If) -> bool:
    return any(isinstance(node, ast.Return | ast.Break) for node in _inside(choice))


def _is_bounded(loop: ast.AST, function: Function) -> bool:
    if isinstance(loop, ast.While):
        counters = {place(node) for node in ast.walk(loop.test)} if _comparisons(loop.test) else set()
        return any(isinstance(node, ast.AugAssign) and place(node.target) in counters for node in _inside(loop))
    return isinstance(loop, ast.For) and rounds(loop.iter, function.code) is not None


def _comparisons(test: ast.expr) -> list[ast.Compare]:
    return [node for node in ast.walk(test) if isinstance(node, ast.Compare)]


def _recurs(test: ast.Compare, made: Derived) -> bool:
    """Tell whether a comparison sets what came out beside other things that came out."""
    sides = [test.left, *test.comparators]
    same = all(isinstance(operator, ast.In | ast.Eq) for operator in test.ops)
    return same and all(map(made.within, sides)) and len({ast.dump(side) for side in sides}) == len(sides)


def _chooses(function: Function, node: ast.AST, given: set[str], made: Derived) -> bool:
    """Tell whether a node is a choice among what came out that ends up in the names given, or in what is given."""
    if isinstance(node, ast.Call) and called(node) in {"min", "max"} and made.within(node):
        outer = next(one for one in function.above(node) if isinstance(one, ast.stmt))
        kept = isinstance(outer, ast.Return) or bool(_filled(outer) & given)
        return kept and not (called(node) == "max" and _counts(node))
    if isinstance(node, ast.If):
        filled = {name for one in node.body for name in _filled(one)} & given
        return bool(filled) and any(_replaces_the_larger(test, filled) for test in _orders(node.test, made))
    return False


def _filled(statement: ast.stmt) -> set[str]:
    return {place(target) for target in statement.targets} if isinstance(statement, ast.Assign) else set()


def _orders(test: ast.expr, made: Derived) -> list[ast.Compare]:
    ordering = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
    return [one for one in _comparisons(test) if isinstance(one.ops[0], ordering) and made.within(one.left)]


def _counts(node: ast.AST) -> bool:
    return any(isinstance(inner, ast.Call) and called(inner) == "len" for inner in ast.walk(node))


def _replaces_the_larger(test: ast.Compare, kept: set[str]) -> bool:
    """Tell whether a comparison sets what was kept beside something new; if counted, the new is smaller."""
    left, right = ({place(node) for node in ast.walk(side)} & kept for side in (test.left, test.comparators[0]))
    if not _counts(test):
        return bool(left) != bool(right)
    return bool(right if isinstance(test.ops[0], ast.Lt | ast.LtE) else left)


def _ends_in_error(block: list[ast.stmt]) -> bool:
    last = block[-1]
    match last:
        case ast.Raise():
            return True
        case ast.Try(body=body, handlers=handlers):
            settled = isinstance(body[-1], ast.Return) or _ends_in_error(body)
            return settled and bool(handlers) and all(_ends_in_error(handler.body) for handler in handlers)
        case ast.With(body=body):
            return _ends_in_error(body)
        case ast.For(orelse=orelse) | ast.While(orelse=orelse):
            return bool(orelse) and _ends_in_error(orelse)
        case _:
            return False
