import json
from pathlib import Path

import pytest

from tests.scaffold.runs import Run, in_process
from tests.scaffold.samples import HOSTILE, SAMPLES
from toolbuilder.scaffold.plain_text import plain

NO_FILE = "No such file or directory"
ERRORS = {
    "what the transform refuses": (["-"], b"bad\n", 2, "line 1: bad"),
    "a crash": ([], b"crash\n", 1, "this is a bug: RuntimeError: two lines"),
    "half a character": ([], b"lone\n", 2, "the result holds U+D800, half a character: not UTF-8 text"),
    "a folder": (["."], b"", 2, "cannot read .: Is a directory"),
    "a missing file": (["a\nb"], b"", 2, f"cannot read a b: {NO_FILE}"),
    "a name that is no text": (["caf\udce9"], b"", 2, f"cannot read caf\\udce9: {NO_FILE}"),
    "foreign bytes": ([], b"ok\n\xff", 2, "standard input: line 2, byte 1: 0xff is not UTF-8 text"),
    "a missing folder": (["-o", "no/file"], b"", 1, f"cannot write no/file: {NO_FILE}"),
}
WRONG_USAGE = [["--nope"], ["--top"], ["--top", "x"], ["--level", "loud"], ["--dry-run=1"], ["--to", "3"], ["-x\ny"]]


def test_options_and_text_arrive_exactly(echo: Run) -> None:
    done = echo("--level=50%", "-", "--top", "-3", stdin="é\r\n\u2028%".encode())

    assert done.exit_code == 0
    assert json.loads(done.stdout) == ["é\r\n\u2028%", -3, None, "\"\\%'", 1.0, False, "50%", None]


def test_after_a_bare_double_dash_everything_is_input(echo: Run) -> None:
    Path("--top").write_text("strange")

    assert json.loads(echo("--", "--top").stdout)[0] == "strange"


def test_several_inputs_become_one_text(echo: Run) -> None:
    Path("one").write_bytes(b"\xef\xbb\xbfa\r\nb")
    Path("two").write_bytes(b"c")

    assert json.loads(echo("one", "--top", "2", "two").stdout)[:2] == ["a\r\nb\nc", 2]


def test_output_may_be_the_file_that_was_read(echo: Run) -> None:
    Path("one").write_bytes(b"text")

    assert echo("one", "--output", "one").stdout == b""
    assert json.loads(Path("one").read_bytes())[0] == "text"


def test_a_dash_as_output_is_standard_output(echo: Run) -> None:
    assert echo("--output=-", stdin=b"x").stdout == echo(stdin=b"x").stdout != b""


def test_help_shows_what_people_wrote(echo: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.setenv("TERMINAL_WIDTH", "300")
    done = echo("--help")
    words = " ".join(done.stdout.decode().split())

    assert (done.exit_code, done.stderr) == (0, b"")
    assert plain(HOSTILE) in words
    assert plain(HOSTILE).removesuffix(".") in words.split("--quote")[1]
    assert "How many to print" in words
    assert "default: 10" in words


def test_help_has_a_short_name(echo: Run) -> None:
    assert echo("-h").stdout == echo("--help").stdout != b""


@pytest.mark.parametrize("case", ERRORS)
def test_an_error_is_one_line_and_an_exit_code(echo: Run, case: str) -> None:
    args, stdin, exit_code, message = ERRORS[case]

    done = echo(*args, stdin=stdin)

    assert (done.exit_code, done.stdout, done.message) == (exit_code, b"", f"error: {message}\n")


@pytest.mark.parametrize("args", WRONG_USAGE, ids=" ".join)
def test_wrong_usage_is_one_line_and_exit_code_2(echo: Run, args: list[str]) -> None:
    done = echo(*args)

    assert (done.exit_code, done.stdout) == (2, b"")
    assert done.message.startswith("error: ")
    assert done.stderr.count(b"\n") == 1


def test_an_interrupt_is_quiet(echo: Run) -> None:
    done = echo(stdin=b"interrupt\n")

    assert (done.exit_code, done.stdout, done.stderr) == (130, b"", b"")


def test_a_crash_shows_where_it_is_to_those_who_ask(echo: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECHO_PLAIN_DEBUG", "1")
    monkeypatch.setenv("ECHO_TYPER_DEBUG", "1")

    with pytest.raises(RuntimeError, match="two\nlines"):
        echo(stdin=b"crash\n")


@pytest.mark.parametrize("name", ["table", "tree"])
@pytest.mark.usefixtures("tools")
def test_what_cannot_be_joined_comes_alone(name: str) -> None:
    done = in_process(SAMPLES[name])("one", "two")

    assert (done.exit_code, done.stdout) == (2, b"")
    assert done.message == "error: one INPUT at a time, not 2: such files cannot be joined\n"
