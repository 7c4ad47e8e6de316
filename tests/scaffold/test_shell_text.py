import subprocess
from pathlib import Path

import pytest

from toolbuilder.invisible import INVISIBLE
from toolbuilder.scaffold.shell_text import printed, session
from toolbuilder.spec import Example, Spec

TEXTS = [
    "", "\n", "\n\n", "a", "a\n", "a\nb", "a\n\nb\n", "-n\n", "%s %d\n", "it's \"x\"\n", "back\\slash\\n\n", "tab\there\n",
    "\r\n", "a\r\nb\r\n", "$HOME `id` !\n", "\x1b[0m\n", "naïve 日本\n", "\u202eb\u3164a\n", "\u2028x", " lead and trail \n", "\t\\\n0",
    "x" * 200, "many\n" * 30,
]  # fmt: skip


def spec_of(reads: str, example: Example) -> Spec:
    return Spec.model_validate(
        {
            "name": "show",
            "description": "Shows things.",
            "input_type": reads,
            "output_type": "text",
            "options": [{"name": "sep", "help": "Separator."}],
            "examples": [example],
        }
    )


def shell(script: str, folder: Path) -> bytes:
    show = "show() { for arg; do printf '<%s>' \"$arg\"; done; cat; }\n"
    command = ["/bin/sh", "-euc", show + script]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, stdin=subprocess.DEVNULL).stdout


@pytest.mark.parametrize("text", TEXTS, ids=ascii)
def test_printf_prints_the_text_byte_for_byte(text: str, tmp_path: Path) -> None:
    assert shell(printed(text), tmp_path) == text.encode()


@pytest.mark.parametrize("text", TEXTS, ids=ascii)
def test_the_lines_can_be_pasted_from_an_indented_help(text: str, tmp_path: Path) -> None:
    indented = "\n".join(f"      {line}" for line in printed(text, " | cat").split("\n"))

    assert shell(indented, tmp_path) == text.encode()
    assert indented.replace("\n", "").isprintable()


def test_a_session_gives_arguments_and_input(tmp_path: Path) -> None:
    example = Example(args=("--sep", "it's"), input="a\n", output="")

    assert shell(session(spec_of("text", example), example), tmp_path) == b"<--sep><it's>a\n"


def test_a_session_writes_the_files_first(tmp_path: Path) -> None:
    example = Example(files={"a b.txt": "1\n", "sub/deep/c": "%"}, output="")

    assert shell(session(spec_of("files", example), example), tmp_path) == b"<a b.txt><sub/deep/c>"
    assert (tmp_path / "a b.txt").read_bytes() == b"1\n"
    assert (tmp_path / "sub/deep/c").read_bytes() == b"%"


def test_what_changes_how_text_reads_is_spelt_out() -> None:
    example = Example(files={"a.txt": "\u2066x\u3164\n"}, output="")

    assert INVISIBLE.search(session(spec_of("files", example), example)) is None


def test_a_tool_that_reads_nothing_is_just_called() -> None:
    example = Example(args=("--sep=x",), output="")

    assert session(spec_of("none", example), example) == "show --sep=x"
