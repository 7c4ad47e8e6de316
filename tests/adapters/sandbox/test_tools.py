import sys
from pathlib import Path

import pytest

from tests.adapters.sandbox.probes.kinds import every_kind
from toolbuilder.ports import Command, Sandbox

BIN = Path(sys.prefix) / "bin"
PROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "adding"
version = "1"
requires-python = ">=3.11"
[project.scripts]
adding = "adding:main"
"""
MODULE = '''"""Adds."""


def add(a: int, b: int) -> int:
    """Add."""
    return a + b


def main() -> int:
    """Print a sum."""
    print(add(1, 2))
    return 0
'''
TEST = """from adding import add


def test_add(tmp_path):
    (tmp_path / "file").write_text("x")
    assert add(1, 2) == 3
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Give the folder of a small package with a test."""
    folder = tmp_path / "project"
    (folder / "adding").mkdir(parents=True)
    (folder / "pyproject.toml").write_text(PROJECT)
    (folder / "adding" / "__init__.py").write_text(MODULE)
    (folder / "test_adding.py").write_text(TEST)
    return folder


@every_kind
@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ((BIN / "python", "-m", "pytest", "-q", "-p", "no:xdist", "--cov=adding"), b"1 passed"),
        ((BIN / "ruff", "check", "."), b"All checks passed!"),
        ((BIN / "python", "-m", "mypy", "--strict", "adding"), b"Success: no issues found"),
    ],
    ids=("pytest", "ruff", "mypy"),
)
def test_a_tool_works_in_the_sandbox(sandbox: Sandbox, project: Path, argv: tuple[object, ...], said: bytes) -> None:
    ran = sandbox.run(Command(tuple(map(str, argv)), project))

    assert said in ran.stdout, ran
    assert ran.exit_code == 0


@every_kind
def test_a_package_is_built_installed_and_run_in_the_sandbox(sandbox: Sandbox, project: Path) -> None:
    for argv in (
        (BIN / "python", "-m", "hatchling", "build", "-t", "wheel"),
        (BIN / "uv", "venv", "--offline", "--python", BIN / "python", "env"),
        (BIN / "uv", "pip", "install", "--offline", "--no-index", "--python", "env", "dist/adding-1-py3-none-any.whl"),
    ):
        ran = sandbox.run(Command(tuple(map(str, argv)), project))
        assert ran.exit_code == 0, ran

    assert sandbox.run(Command((f"{project}/env/bin/adding",), project)).stdout == b"3\n"
