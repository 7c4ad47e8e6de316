"""Rules about asking: what a function asks of the model that it is given, and what it believes, by its syntax tree."""

import ast
from dataclasses import replace

from toolbuilder.patterns.code import Function, rounds
from toolbuilder.patterns.values import Derived, arguments, called, place

TYPE_TESTS = frozenset({"isinstance", "type", "issubclass"})


def question_is_typed(function: Function) -> bool:
    """Tell whether whatever is asked is made with a JSON schema."""
    makers = [
        node for node in function.nodes if isinstance(node, ast.Call | ast.Dict) and _reaches_schema(function, node)
    ]
    typed = function.derived(set(makers) - set(function.work))
    return bool(function.work) and all(
        any(typed.within(argument) for argument in arguments(call)) for call in function.work
    )


def answer_is_checked(function: Function) -> bool:
    """Tell whether every answer that is given back has been looked at, by its types, and could have been refused."""
    checks = [node for node in function.nodes if isinstance(node, ast.Call) and _refuses(function, node)]
    answers = function.derived(function.work)
    used = [check for check in checks if any(answers.within(argument) for argument in arguments(check))]
    inline = [node for node in function.nodes if isinstance(node, ast.If) and _refuses_inline(node, answers)]
    raw = function.derived(function.work, without=used)
    raw = replace(raw, names=raw.names - {name for node in [*used, *inline] for name in _looked_at(function, node)})
    returned = [node.value for node in function.nodes if isinstance(node, ast.Return)]
    return bool([*used, *inline]) and not any(raw.within(value) for value in returned)


def retried_once(function: Function) -> bool:
    """Tell whether the work is called twice at most, the second time only after a failure."""
    times = [_times(function, call) for call in function.work]
    guarded = any(isinstance(node, ast.Try) and node.handlers for node in function.nodes)
    return guarded and sum(times) == 2


def told_why(function: Function) -> bool:
    """Tell whether what the failure said goes into what is asked next."""
    handlers = [node for node in function.nodes if isinstance(node, ast.ExceptHandler) and node.name]
    said = {
        inner
        for handler in handlers
        for statement in handler.body
        for inner in ast.walk(statement)
        if isinstance(inner, ast.Name) and inner.id == handler.name
    }
    why = function.derived(said)
    return any(why.within(argument) for call in function.work for argument in arguments(call))


def _times(function: Function, call: ast.Call) -> int:
    """Give how often a call happens at most, 0 where that is not known."""
    times = 1
    for loop in function.loops_around(call):
        times *= (rounds(loop.iter, function.code) or 0) if isinstance(loop, ast.For) else 0
    return times


def _reaches_schema(function: Function, node: ast.AST) -> bool:
    return any(_is_schema(inner) for inner in function.code.reach(node))


def _is_schema(node: ast.AST) -> bool:
    if isinstance(node, ast.Dict):
        return {"type", "properties"} <= {key.value for key in node.keys if isinstance(key, ast.Constant)}
    return isinstance(node, ast.Call) and called(node).endswith("json_schema")


def _refuses(function: Function, call: ast.Call) -> bool:
    if "validate" in called(call).rpartition(".")[2]:
        return True
    inner = [node for node in function.code.reach(call) if node is not call]
    tests = any(isinstance(node, ast.Call) and called(node) in TYPE_TESTS for node in inner)
    return tests and any(isinstance(node, ast.Raise) for node in inner)


def _refuses_inline(choice: ast.If, answers: Derived) -> bool:
    tests = [node for node in ast.walk(choice.test) if isinstance(node, ast.Call) and called(node) in TYPE_TESTS]
    return any(answers.within(test) for test in tests) and isinstance(choice.body[-1], ast.Raise)


def _looked_at(function: Function, node: ast.AST) -> set[str]:
    """Give the names whose values a statement has put to the test, as they are."""
    test = node.test if isinstance(node, ast.If) else node
    alone = isinstance(node, ast.If) or isinstance(function.parents.get(node), ast.Expr)
    return {place(inner) for inner in ast.walk(test)} - {""} if alone else set()
