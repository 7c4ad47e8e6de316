"""What a tool may depend on; and the constraint about it, which becomes a test. Others are left to the reviewer."""

import re

from toolbuilder.artifacts import TestedObligation
from toolbuilder.spec import Spec
from toolbuilder.stage import Files

PATH = "tests/test_constraints.py"
STANDARD_LIBRARY_ONLY = re.compile(r"standard library|no (?:\S+ )?dependenc", re.IGNORECASE)
TEST_NAME = "test_only_the_standard_library_is_imported"
SOURCE = '''"""The constraints of the spec that a test can show."""

import ast
import sys
from pathlib import Path

import {package}


def imported(tree: ast.Module) -> set[str]:
    """Give the top-level names of all packages that a module imports."""
    plain = [alias.name for n in ast.walk(tree) if isinstance(n, ast.Import) for alias in n.names]
    named = [n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and not n.level]
    return {{name.partition(".")[0] for name in [*plain, *named]}}


def test_only_the_standard_library_is_imported() -> None:
    folder = Path({package}.__file__).parent
    trees = [ast.parse(path.read_bytes()) for path in sorted(folder.rglob("*.py"))]
    names = {{name for tree in trees for name in imported(tree)}}

    assert names <= {{*sys.stdlib_module_names, "{package}"}}
'''


ALLOWED = frozenset({"typer"})
SDK = "anthropic"


def allowed_dependencies(spec: Spec) -> frozenset[str]:
    """Give what a tool may depend on: nothing when a constraint asks for the standard library only."""
    return frozenset() if standard_library_only(spec) or spec.intelligence == "runtime" else ALLOWED


def optional_packages(spec: Spec) -> tuple[str, ...]:
    """Give what a tool may import only if it is installed: the model's SDK, for a tool that thinks."""
    return (SDK,) if spec.intelligence == "runtime" else ()


def standard_library_only(spec: Spec) -> tuple[str, ...]:
    """Give the ids of the constraints that ask for no dependencies."""
    numbered = enumerate(spec.constraints, 1)
    return tuple(f"C{number}" for number, text in numbered if STANDARD_LIBRARY_ONLY.search(text))


def constraint_files(spec: Spec) -> Files:
    """Give the test file of the constraints that code can test; nothing when there is none."""
    return {PATH: SOURCE.format(package=spec.package).encode()} if standard_library_only(spec) else {}


def tested_constraints(spec: Spec) -> tuple[TestedObligation, ...]:
    """Say which constraint is shown by which test."""
    return tuple(TestedObligation(id=i, tests=(f"{PATH}::{TEST_NAME}",)) for i in standard_library_only(spec))
