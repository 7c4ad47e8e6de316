"""Rules over Python sources, by their syntax trees; each returns findings."""

import ast
import sys
from collections.abc import Collection, Iterator
from itertools import zip_longest
from pathlib import PurePosixPath

from toolbuilder.artifacts import Interface
from toolbuilder.invisible import invisible_in
from toolbuilder.stage import Files, Finding

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
FORBIDDEN_CALLS = frozenset({"eval", "exec", "compile", "__import__"})
CODE = (".py", ".pyi", ".toml", ".json", ".cfg", ".ini", ".sh", ".yaml", ".yml")  # which can escape any character


def python_files(files: Files) -> dict[str, ast.Module]:
    """Parse every Python file that parses; the others are `checks.parses`'s to report."""
    trees = {}
    for path, content in files.items():
        if path.endswith(".py"):
            try:
                trees[path] = ast.parse(content)
            except (SyntaxError, ValueError):
                continue
    return trees


def imports_resolve(files: Files, package: str, allowed: Collection[str]) -> list[Finding]:
    """Find imports of packages that are not allowed, and of the tool's own modules that do not exist."""
    own = {".".join(PurePosixPath(path).with_suffix("").parts[1:]) for path in files if path.startswith("src/")}
    own |= {name.removesuffix(".__init__") for name in own}
    findings = []
    for path, tree in python_files(files).items():
        may = {*allowed, *(["pytest"] if path.startswith("tests/") else [])}
        for line, name in _imports(tree):
            top = name.split(".")[0]
            if top == package and name not in own:
                findings.append(Finding("imports", f"{path}:{line}", f"{name} does not exist"))
            elif top not in {package, *may} and top not in sys.stdlib_module_names:
                findings.append(Finding("imports", f"{path}:{line}", f"{top} is not among the allowed dependencies"))
    return findings


def implemented(files: Files, package: str, interfaces: Collection[Interface]) -> list[Finding]:
    """Find interfaces that their module does not implement as the signature says."""
    trees = python_files(files)
    findings = []
    for interface in interfaces:
        path = f"src/{package}/{interface.module}.py"
        tree = trees.get(path)
        wanted = canonical(interface.signature)
        have = [] if tree is None else [signature_of(node) for node in tree.body if isinstance(node, FUNCTIONS)]
        if wanted not in have:
            findings.append(Finding("interfaces", path, f"does not define `{wanted}`"))
    return findings


def canonical(signature: str) -> str:
    """Give a `def` line in canonical form. Raises SyntaxError."""
    node = ast.parse(f"{signature}: ...").body[0]
    return signature_of(node) if isinstance(node, FUNCTIONS) else signature


def public_interfaces(module: str, source: str) -> tuple[Interface, ...]:
    """Give the public functions of a module as its interfaces. Raises SyntaxError."""
    functions = [node for node in ast.parse(source).body if isinstance(node, FUNCTIONS)]
    return tuple(
        Interface(module=module, signature=signature_of(node), purpose=first_line(node) or node.name)
        for node in functions
        if not node.name.startswith("_")
    )


def first_line(node: ast.Module | ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """Give the first line of a docstring, empty where there is none."""
    return (ast.get_docstring(node) or "").partition("\n")[0]


def code_stands(files: Files, path: str, wanted: bytes, way_out: str) -> list[Finding]:
    """Find a file of tests that is gone, or that says otherwise than `wanted`; layout and comments are no matter."""
    if path not in files:
        return [Finding("tests", path, f"is missing; {way_out}")]
    found = python_files({path: files[path]}).get(path)
    if found is None:
        return []  # `checks.parses` says so
    pairs = zip_longest(found.body, ast.parse(wanted).body)
    parted = [mine for mine, theirs in pairs if _said(mine) != _said(theirs)]
    message = f"is not what the examples make of it; {way_out}"
    return [Finding("tests", f"{path}:{_first_line_of(parted[0])}", message)] if parted else []


def names_of_tests(files: Files) -> set[str]:
    """Give the names of all tests, as pytest writes them, without parameters."""
    return {
        f"{path}::{node.name}"
        for path, tree in python_files(files).items()
        if path.startswith("tests/")
        for node in tree.body
        if isinstance(node, FUNCTIONS) and node.name.startswith("test_")
    }


def no_forbidden_calls(files: Files) -> list[Finding]:
    """Find calls that run text as code."""
    return [
        Finding("security", f"{path}:{node.lineno}", f"calls {node.func.id}")
        for path, tree in python_files(files).items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FORBIDDEN_CALLS
    ]


def no_invisible(files: Files) -> list[Finding]:
    """Find characters in code that change how it reads; each is named by its line and code point, never shown."""
    return [
        Finding("invisible", f"{path}:{line}", f"an invisible character that changes how text reads: {kind}")
        for path, content in files.items()
        if path.endswith(CODE)
        for line, kind in invisible_in(content)
    ]


def signature_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """Give a function's `def` line without the colon, in canonical form."""
    start = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
    result = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return f"{start} {node.name}({ast.unparse(node.args)}){result}"


def _said(node: ast.stmt | None) -> str:
    return ast.dump(node) if node else ""


def _first_line_of(node: ast.stmt | None) -> int:
    """Give the line where a statement begins, its decorators included; the first line for one that is not there."""
    return min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))]) if node else 1


def _imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module
