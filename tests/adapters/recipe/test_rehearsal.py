"""Packages made from recipes: linted, typed, tested by their own tests, which catch what is broken."""

import os
from pathlib import Path

import pytest

from tests.adapters.recipe.recipe_tools import SPECS, run_python, write_package, write_packages


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with one package a spec."""
    folder = tmp_path_factory.mktemp("tools")
    write_packages(folder)
    return folder


def test_the_sources_are_as_a_linter_and_a_formatter_want_them(tools: Path) -> None:
    ours = [path for path in tools.rglob("*.py") if path.name not in {"test_cli.py", "conftest.py", "test_examples.py"}]
    lint = run_python("-m", "ruff", "check", "--no-cache", "--output-format", "concise", *ours, folder=tools)
    form = run_python("-m", "ruff", "format", "--no-cache", "--diff", *ours, folder=tools)

    assert (lint.returncode, lint.stdout) == (0, "All checks passed!\n")
    assert (form.returncode, form.stdout) == (0, "")


def test_the_sources_are_typed_strictly(tools: Path) -> None:
    folders = [tools / name / "src" for name in SPECS]
    path = os.pathsep.join(map(str, folders))
    packages = [argument for spec in SPECS.values() for argument in ("-p", spec.package)]
    done = run_python("-m", "mypy", "--strict", "--cache-dir", tools / "types", *packages, folder=tools, MYPYPATH=path)

    assert done.stdout.startswith("Success"), done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("name", SPECS)
def test_the_tests_of_the_tool_pass_and_its_examples_too(name: str, tools: Path) -> None:
    done = run_python("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", folder=tools / name)

    assert done.returncode == 0, done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("module", "old", "new"),
    [
        ("saving", "    if name not in progress.saved:\n", "    if name:\n"),
        ("saving", "        _write(progress)\n    return", "    return"),
        (
            "thinking",
            "        return read(task.gives, ask(asked))",
            "        return task.gives(**json.loads(ask(asked)))",
        ),
        ("thinking", ": {unfit}. Answer again.", ""),
        ("loop", "range(at_most)", "range(at_most + 1)"),
        ("loop", '"what was wrong with it": before.findings', ""),
        ("flow", '{"writings": inputs["writings"]}', "inputs"),
        ("flow", "Describe the voice", "Describe a voice"),
        ("flow", "return build(task.gives, answer)", "return task.gives(**answer)  # type: ignore"),
        ("inputs", "and not wanted.many", ""),
        ("model", 'if stopped != "end_turn":', "if not stopped:"),
    ],
)
def test_the_tests_of_the_tool_catch_a_broken_module(module: str, old: str, new: str, tmp_path: Path) -> None:
    write_package("blog-writer", tmp_path)
    broken = tmp_path / "src" / "blog_writer" / f"{module}.py"
    assert old in broken.read_text()
    broken.write_text(broken.read_text().replace(old, new, 1))

    done = run_python(
        "-m", "pytest", "-q", "-x", "-p", "no:xdist", "--deselect=tests/test_examples.py", folder=tmp_path
    )

    assert done.returncode == 1, done.stdout
