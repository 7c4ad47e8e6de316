import ast
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolbuilder.scaffold.python_text import LINE_LENGTH, argument, block, import_line, listed, quoted, width

ALPHABET = ["a", "word ", "  ", '"', "'", '"""', "'''", "\\", "\n", "\t", "\b", "%", "{}", "é", "日本", "\N{EN DASH}"]
ALPHABET += ["\x00", "\x1b", "\u200b", "\u2028", "\\N{DASH}", "\U0001f600", "e\u0301", "#", "\r"]
TEXTS = st.lists(st.sampled_from(ALPHABET), max_size=60).map("".join)


def some_texts(count: int) -> list[str]:
    chance = random.Random(7)  # noqa: S311  # the same texts each time
    return ["".join(chance.choices(ALPHABET, k=chance.randrange(70))) for _ in range(count)]


def source_of(text: str) -> str:
    """Write every kind of literal where the template has it."""
    lines = [
        f"TEXT = {quoted(text[:20])}",
        "",
        f"BLOCK = {block(text)}",
        "",
        "call(",
        f"    {argument('help', text, 4)},",
        f"    {listed('choices=[', map(quoted, text.split('d')[:5]), ']', 4)},",
        ")",
    ]
    return "\n".join(lines) + "\n"


def reformatted(sources: list[str], folder: Path) -> list[str]:
    """Give the sources that `ruff format` changes."""
    files = [folder / f"n{number}.py" for number in range(len(sources))]
    for file, source in zip(files, sources, strict=True):
        file.write_text(source, encoding="utf-8", newline="")
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--no-cache", "--line-length=100", "."]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return [s for file, s in zip(files, sources, strict=True) if file.read_text(encoding="utf-8") != s]


@settings(deadline=None, derandomize=True)
@given(TEXTS)
def test_a_literal_means_the_text(text: str) -> None:
    assert ast.literal_eval(quoted(text)) == text
    assert "\n" not in quoted(text)


@settings(deadline=None, derandomize=True)
@given(TEXTS)
def test_a_block_means_the_lines(text: str) -> None:
    assert ast.literal_eval(block(text)) == text.rstrip("\n") + "\n"
    assert not any(line.endswith((" ", "\t")) for line in block(text).split("\n"))


@settings(deadline=None, derandomize=True)
@given(TEXTS)
def test_an_argument_means_the_text(text: str) -> None:
    call = ast.parse(f"f({argument('help', text, 8)})", mode="eval").body

    assert isinstance(call, ast.Call)
    assert ast.literal_eval(call.keywords[0].value) == text


def test_literals_are_formatted_already(tmp_path: Path) -> None:
    assert reformatted([source_of(text) for text in some_texts(400)], tmp_path) == []


def test_the_check_of_the_format_notices_what_repr_would_write(tmp_path: Path) -> None:
    assert len(reformatted([f"TEXT = {text!r}\n" for text in some_texts(40)], tmp_path)) > 5


def test_words_are_broken_between_lines() -> None:
    lines = argument("help", "word " * 60, 8).split("\n")

    assert len(lines) > 3
    assert max(map(width, lines)) <= LINE_LENGTH


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["b"], "from a import b"),
        (["b", "c"], "from a import b, c"),
        (["b" * 50, "c" * 50], f"from a import (\n    {'b' * 50},\n    {'c' * 50},\n)"),
    ],
)
def test_an_import_is_broken_when_it_is_long(names: list[str], expected: str) -> None:
    assert import_line("a", *names) == expected


def test_backslashes_make_a_block_raw() -> None:
    assert block("printf 'a\\n'") == 'r"""printf \'a\\n\'\n"""'
    assert block("tab\t\\") == '"""\\\ntab\\t\\\\\n"""'
