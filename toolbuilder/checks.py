"""Rules that the gates share: each looks at values and returns findings; none raises, prints or decides."""

import ast
from collections.abc import Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from toolbuilder.artifacts import Interface, Module, Obligation
from toolbuilder.stage import Finding


def covered(wanted: Iterable[str], present: Iterable[str], check: str) -> list[Finding]:
    """Find obligations that nothing covers."""
    have = set(present)
    return [Finding(check, i, "nothing covers it") for i in wanted if i not in have]


def not_invented(wanted: Iterable[str], present: Iterable[str], check: str) -> list[Finding]:
    """Find ids that the spec does not have."""
    known = set(wanted)
    return [Finding(check, i, "the spec has no such obligation") for i in dict.fromkeys(present) if i not in known]


def word_for_word(wanted: Sequence[Obligation], present: Sequence[Obligation], check: str) -> list[Finding]:
    """Find obligations that are missing, doubled or paraphrased."""
    texts = {obligation.id: obligation.text for obligation in wanted}
    ids = [obligation.id for obligation in present]
    return [
        *covered(texts, ids, check),
        *not_invented(texts, ids, check),
        *(Finding(check, i, "stands twice") for i in dict.fromkeys(ids) if ids.count(i) > 1),
        *(
            Finding(check, obligation.id, f"says {obligation.text!r}; the spec says {texts[obligation.id]!r}")
            for obligation in present
            if texts.get(obligation.id, obligation.text) != obligation.text
        ),
    ]


def acyclic(graph: Mapping[str, Iterable[str]], check: str) -> list[Finding]:
    """Find a circle in a graph of names."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [Finding(check, " -> ".join(error.args[1]), "goes in a circle")]
    return []


def interface_parses(interface: Interface) -> list[Finding]:
    """Find a signature that is not Python, or lacks types."""
    where = f"{interface.module}: {interface.signature}"
    try:
        tree = ast.parse(f"{interface.signature}: ...")
    except SyntaxError as error:
        return [Finding("interfaces", where, f"is not Python: {error.msg}")]
    function = tree.body[0]
    if len(tree.body) != 1 or not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
        return [Finding("interfaces", where, "is not one function")]
    arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    untyped = [argument.arg for argument in arguments if argument.annotation is None]
    missing = [*untyped, *(["the result"] if function.returns is None else [])]
    return [Finding("interfaces", where, f"has no type for {', '.join(missing)}")] if missing else []


def modules_fit(modules: Sequence[Module]) -> list[Finding]:
    """Find modules with one name, imports of modules that do not exist, and import circles."""
    names = [module.name for module in modules]
    strays = [(module, use) for module in modules for use in module.uses if use not in names]
    return [
        *(Finding("modules", name, "stands twice") for name in dict.fromkeys(names) if names.count(name) > 1),
        *(Finding("modules", module.name, f"uses {use}, which no module is") for module, use in strays),
        *acyclic({module.name: module.uses for module in modules}, "modules"),
    ]


def parses(path: str, source: bytes) -> list[Finding]:
    """Find a syntax error in a Python file."""
    try:
        ast.parse(source)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        return [Finding("syntax", f"{path}:{line}", str(error))]
    return []
