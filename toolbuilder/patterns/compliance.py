"""Whether code follows a pattern: the demands of its check, put to the syntax tree."""

import ast
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath

from toolbuilder.patterns import asking, repeating, saving
from toolbuilder.patterns.code import Code, Function
from toolbuilder.patterns.library import Demand, Pattern, RuleName
from toolbuilder.patterns.values import called

RULES: Mapping[RuleName, Callable[[Function], bool]] = {
    "answer_is_checked": asking.answer_is_checked,
    "best_is_kept": repeating.best_is_kept,
    "failure_is_raised": repeating.failure_is_raised,
    "findings_go_back": repeating.findings_go_back,
    "loop_is_bounded": repeating.loop_is_bounded,
    "question_is_typed": asking.question_is_typed,
    "read_before_asking": saving.read_before_asking,
    "result_decides": repeating.result_decides,
    "retried_once": asking.retried_once,
    "saved_after_each": saving.saved_after_each,
    "saved_atomically": saving.saved_atomically,
    "stops_when_repeated": repeating.stops_when_repeated,
    "told_why": asking.told_why,
}


def check_compliance(source_files: Mapping[str, str], pattern: Pattern) -> list[str]:
    """Find where code that claims a pattern does not follow it; nothing: it does.

    `source_files` are Python sources by path. Where a file is named as the pattern's module, that file is judged, each
    function that calls work it was given, and another file has to import it; otherwise the function that does best.
    """
    codes: dict[str, Code] = {}
    for path, source in source_files.items():
        try:
            codes[path] = Code(ast.parse(source))
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            return [f"{path}:{getattr(error, 'lineno', None) or 1}: this is not Python"]
    carriers = {path: code for path, code in codes.items() if PurePosixPath(path).stem == pattern.module}
    forbidden = [finding for path, code in (carriers or codes).items() for finding in _forbidden(path, code, pattern)]
    if not carriers:
        return [*_best([*_judged(codes, pattern)], pattern), *forbidden]
    findings = [finding for _, found in _judged(carriers, pattern) for finding in found]
    missing = [] if any(code.workers for code in carriers.values()) else [_nothing(pattern)]
    return [*missing, *findings, *forbidden, *_unused(codes, carriers, pattern)]


def _judged(codes: Mapping[str, Code], pattern: Pattern) -> list[tuple[Function, list[str]]]:
    return [
        (
            function,
            [f"{path}:{function.node.lineno}: {function.node.name}: {says}" for says in _failed(function, pattern)],
        )
        for path, code in codes.items()
        for function in code.workers
    ]


def _failed(function: Function, pattern: Pattern) -> list[str]:
    return [demand.says for demand in pattern.check.requires if not _met(function, demand)]


def _met(function: Function, demand: Demand) -> bool:
    return RULES[demand.rule](function) if demand.rule else _calls(function.code, demand)


def _calls(code: Code, demand: Demand) -> bool:
    return any(isinstance(node, ast.Call) and called(node) in demand.calls for node in ast.walk(code.tree))


def _forbidden(path: str, code: Code, pattern: Pattern) -> list[str]:
    broken = [
        demand.says
        for demand in pattern.check.forbids
        if (any(RULES[demand.rule](one) for one in code.workers) if demand.rule else _calls(code, demand))
    ]
    return [f"{path}: {says}" for says in broken]


def _best(judged: Sequence[tuple[Function, list[str]]], pattern: Pattern) -> list[str]:
    return min((found for _, found in judged), key=len, default=[_nothing(pattern)])


def _nothing(pattern: Pattern) -> str:
    return f"{pattern.id}: no function calls work that it was given, so nothing follows the pattern"


def _unused(codes: Mapping[str, Code], carriers: Mapping[str, Code], pattern: Pattern) -> list[str]:
    others = [code for path, code in codes.items() if path not in carriers]
    imported = {name for code in others for node in ast.walk(code.tree) for name in _imported(node)}
    return [f"{path}: nothing imports it" for path in carriers if others and pattern.module not in imported]


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name.rpartition(".")[2] for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [(node.module or "").rpartition(".")[2], *(alias.name for alias in node.names)]
    return []
