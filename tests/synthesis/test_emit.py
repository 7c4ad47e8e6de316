import ast
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from tests.synthesis.emitted_packages import complaints, write_package
from tests.synthesis.synthesis_tasks import FINDER, GREETING, LOG_LEVELS, RESHAPERS, SPECS, SPLIT, WHOLE, cli20, solved
from toolbuilder.synthesis import Accepted, Layout, Program, Task, emit

UNUSED_IMPORT = '"""A module."""\n\nimport json\n'
UNTYPED = '"""A module."""\n\n\ndef run(text):\n    """Give the text back."""\n    return text\n'
ILL_FORMATTED = '"""A module."""\n\nNUMBERS = [1,2]\n'


def program_of(task: Task) -> Program:
    answer = solved(task)
    assert isinstance(answer, Accepted)
    return answer.program


@cache
def programs() -> Mapping[str, Program]:
    return {task.name: program_of(task) for task in (*SPECS, *RESHAPERS, *(task for task, _ in cli20()))}


def write_packages(folder: Path) -> None:
    """Write the programs as packages: by turns of one module, and of three."""
    for number, (name, program) in enumerate(programs().items()):
        write_package(folder, name.replace("-", "_"), program, (SPLIT, WHOLE)[number % 2])


def test_emitted_packages_are_clean_under_ruff_and_strict_mypy(tmp_path: Path) -> None:
    write_packages(tmp_path)
    assert complaints(tmp_path) == ""


@pytest.mark.parametrize("text", [UNUSED_IMPORT, UNTYPED, ILL_FORMATTED])
def test_an_unclean_module_among_the_emitted_ones_is_noticed(tmp_path: Path, text: str) -> None:
    (tmp_path / "sabotaged.py").write_text(text)
    assert complaints(tmp_path) != ""


def dead_definitions(modules: Mapping[str, str], entry: str) -> set[str]:
    """Name what is defined in the modules and never used, but for the entry function."""
    trees = [ast.parse(text) for text in modules.values()]
    defined = {
        node.name for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)
    } - {entry}
    defined |= {
        target.id
        for tree in trees
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    used = {
        node.id
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    return defined - used


@pytest.mark.parametrize("layout", [WHOLE, SPLIT], ids=["one module", "three modules"])
def test_nothing_is_emitted_that_the_tool_does_not_use(layout: Layout) -> None:
    for program in programs().values():
        assert dead_definitions(emit(program, layout), "run") == set()


def test_a_helper_that_nothing_uses_is_noticed() -> None:
    modules = emit(programs()["dedupe"], WHOLE)
    sabotaged = {"tool": modules["tool"] + "\n\ndef spare() -> None:\n    return None\n"}
    assert dead_definitions(sabotaged, "run") == {"spare"}


def test_three_modules_import_only_downward() -> None:
    for program in programs().values():
        modules = emit(program, SPLIT)
        assert "pkg.core" not in modules["reading"] + modules["writing"]
        assert "pkg.writing" not in modules["reading"]


def test_a_program_reads_like_this() -> None:
    assert emit(programs()["log-levels"], SPLIT)["core"].partition("\n\n\ndef each_line")[0] + "\n" == (
        '"""Do the work."""\n'
        "\n"
        "import re\n"
        "from collections import Counter\n"
        "from collections.abc import Callable, Iterable\n"
        "from typing import TypeVar\n"
        "\n"
        "from pkg.errors import InputError\n"
        "from pkg.reading import read_lines\n"
        "from pkg.writing import render_json\n"
        "\n"
        'LOG_LEVEL = re.compile(r"\\b(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|CRITICAL|FATAL)\\b")\n'
        'Result = TypeVar("Result")\n'
        "\n\n"
        "def run(text: str, *, top: int = 10) -> str:\n"
        '    """Count the lines of a log by level, most frequent first."""\n'
        "    if top < 0:\n"
        '        raise InputError(f"--top must be 0 or more, not {top}")\n'
        '    levels = each_line(read_lines(text), log_level, "not a log line")\n'
        "    counts = dict(rank_counts(count_values(levels))[:top])\n"
        "    return render_json(counts)\n"
    )


def test_a_condition_on_an_option_is_an_if_with_what_both_branches_share_before_it() -> None:
    text = emit(programs()["finder"], WHOLE)["tool"]
    assert (
        "def run(text: str, *, word: str | None = None, count: bool = False) -> str:\n"
        '    """Find the lines that contain the word."""\n'
        "    if word is None:\n"
        '        raise InputError("the option --word is missing")\n'
        "    lines = [line for line in read_lines(text) if word in line]\n"
        "    if count:\n"
        "        return render_text(str(len(lines)))\n"
        "    return render_lines(lines)\n"
    ) in text


@pytest.mark.parametrize(
    ("task", "signature"),
    [
        (LOG_LEVELS, "def run(text: str, *, top: int = 10) -> str:"),
        (FINDER, "def run(text: str, *, word: str | None = None, count: bool = False) -> str:"),
        (GREETING, 'def run(*, name: str = "World") -> str:'),
    ],
)
def test_options_are_typed_keywords_with_their_defaults(task: Task, signature: str) -> None:
    assert signature in emit(programs()[task.name], WHOLE)["tool"]


def test_a_description_that_is_no_imperative_stands_below_the_first_line_of_the_docstring() -> None:
    text = emit(replace(programs()["dedupe"], description="a tool for duplicates"), WHOLE)["tool"]
    assert '    """Give the tool\'s output for its input.\n\n    A tool for duplicates.\n    """\n' in text


def test_the_first_sentence_of_a_long_description_is_the_first_line_of_the_docstring() -> None:
    text = emit(replace(programs()["dedupe"], description="Drop duplicates. The first one stays."), WHOLE)["tool"]
    assert '    """Drop duplicates.\n\n    The first one stays.\n    """\n' in text
