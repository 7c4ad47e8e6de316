import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.scaffold.runs import Run, as_process
from tests.scaffold.samples import ECHOED, SAMPLES
from toolbuilder.proof.comparison import Outcome, compare
from toolbuilder.scaffold.shell_text import session

ASCII_ONLY = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": ""}


def test_text_is_utf8_in_any_locale(process: Run) -> None:
    done = process(stdin="naïve 日本語".encode(), **ASCII_ONLY)

    assert json.loads(done.stdout)[0] == "naïve 日本語"


def test_help_is_utf8_in_any_locale(process: Run) -> None:
    assert "日本語" in process("--help", **ASCII_ONLY).stdout.decode()


@pytest.mark.parametrize("buffered", ["", "1"], ids=["buffered", "unbuffered"])
@pytest.mark.parametrize("args", [[], ["--help"]], ids=str)
def test_a_reader_that_has_gone_away_needs_no_words(process: Run, args: list[str], buffered: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)

    done = process(*args, stdin=b"text", stdout=writing, PYTHONUNBUFFERED=buffered)
    os.close(writing)

    assert (done.exit_code, done.stderr) == (1, b"")


@pytest.mark.parametrize("args", [[], ["--help"]], ids=str)
def test_a_full_device_is_an_error(process: Run, args: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = process(*args, stdin=b"text", stdout=full, PYTHONUNBUFFERED="")

    assert done.exit_code == 1
    assert done.message == "error: cannot write standard output: No space left on device\n"


def test_an_example_of_the_help_can_be_copied_to_a_shell(tools: Path, tmp_path: Path) -> None:
    sample = SAMPLES["echo-plain"]
    lines = session(sample.spec, ECHOED)
    script = lines.replace("echo-plain", f"{shlex.quote(sys.executable)} -m echo_plain")
    help_text = as_process(tools, sample, tmp_path)("--help").stdout.decode()

    done = subprocess.run(
        ["/bin/sh", "-c", script], capture_output=True, check=False,
        env={**os.environ, "PYTHONPATH": str(tools / sample.folder / "src")},
    )  # fmt: skip

    assert [line.strip() for line in lines.split("\n")] == [
        line.strip() for line in help_text.split("\n") if line.strip() in lines and line.strip()
    ]
    assert compare(ECHOED, Outcome(done.stdout.decode(), done.stderr.decode(), done.returncode)) == ""


def test_rich_stays_out_of_a_typer_command(tools: Path, tmp_path: Path) -> None:
    done = as_process(tools, SAMPLES["echo-typer"], tmp_path)("--help", PYTHONPROFILEIMPORTTIME="1")

    assert b"typer" in done.stderr
    assert b" rich" not in done.stderr
