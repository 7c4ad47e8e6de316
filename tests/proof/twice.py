"""A small tool written by hand: what it does right, and how it can be spoilt."""

from collections.abc import Mapping
from functools import cache

from tests.workshop import SANDBOX
from toolbuilder.proof.installation import Wheel, build_wheel
from toolbuilder.spec import Spec

PYPROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "twice"
version = "0.1.0"
requires-python = ">=3.11"
dependencies = []

[project.scripts]
twice = "twice.cli:main"

[tool.mypy]
strict = true
"""
CLI = '''\
"""Doubles numbers."""

import argparse
import sys


def double(text: str) -> str:
    """Give every number twice as large."""
    return "".join(f"{2 * int(line)}\\n" for line in text.splitlines())


def main() -> int:
    """Read numbers and print their doubles."""
    argparse.ArgumentParser(prog="twice", description="Double numbers.").parse_args()
    try:
        sys.stdout.write(double(sys.stdin.read()))
    except ValueError:
        sys.stderr.write("twice: error: not a number\\n")
        return 2
    return 0
'''
TEST = """\
from twice.cli import double


def test_a_number_is_doubled() -> None:
    assert double("2") == "4\\n"
"""
FILES: Mapping[str, bytes] = {
    "pyproject.toml": PYPROJECT.encode(),
    "src/twice/__init__.py": b'"""Doubles numbers."""\n',
    "src/twice/cli.py": CLI.encode(),
    "tests/test_cli.py": TEST.encode(),
}
SPEC = Spec.model_validate(
    {
        "name": "twice",
        "description": "Double every number.",
        "input_type": "lines",
        "output_type": "lines",
        "examples": [
            {"input": "1\n", "output": "2\n"},
            {"input": "2\n3\n", "output": "4\n6\n"},
            {"input": "", "output": ""},
            {"input": "x\n", "exit_code": 2, "stderr": "not a number"},
        ],
    }
)


def changed(path: str, old: str, new: str) -> dict[str, bytes]:
    """Give the tool with one piece of one file replaced."""
    text = FILES[path].decode()
    assert text.count(old) == 1
    return {**FILES, path: text.replace(old, new).encode()}


@cache
def wheel(old: str = "", new: str = "", path: str = "src/twice/cli.py") -> Wheel:
    """Give the wheel of the tool, spoilt or not; built once."""
    return build_wheel(SANDBOX, changed(path, old, new) if old else FILES)
