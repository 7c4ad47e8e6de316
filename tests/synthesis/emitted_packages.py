"""Programs emitted as packages, and what the checkers say about them."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from toolbuilder.synthesis import Layout, Program, emit

ROOT = Path(__file__).parents[2]
ERRORS = '"""Errors."""\n\n\nclass InputError(ValueError):\n    """The input cannot be read."""\n'


def write_package(folder: Path, name: str, program: Program, layout: Layout) -> None:
    """Write the program as a package of the layout's modules."""
    package = f"{name}_{len(layout.modules)}"
    (folder / package).mkdir()
    (folder / package / "__init__.py").write_text('"""A tool."""\n')
    (folder / package / "errors.py").write_text(ERRORS)
    for module, text in emit(program, replace(layout, package=package)).items():
        (folder / package / f"{module}.py").write_text(text)


def complaints(folder: Path) -> str:
    """Run ruff's linter and formatter (the project's rules, lines of 100) and mypy over a folder."""
    (folder / "ruff.toml").write_text(f"extend = {json.dumps(str(ROOT / 'pyproject.toml'))}\nline-length = 100\n")
    python = [sys.executable, "-m"]
    commands = (
        [*python, "ruff", "check", "--no-cache", "--quiet", "--output-format=concise", "."],
        [*python, "ruff", "format", "--no-cache", "--quiet", "--check", "."],
        [
            *python,
            "mypy",
            "--strict",
            "--no-error-summary",
            "--cache-dir",
            str(folder / ".mypy"),
            "--config-file=",
            ".",
        ],
    )
    done = [subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True) for command in commands]
    return "\n".join(f"{one.stdout}{one.stderr}" if one.returncode else "" for one in done).strip()
