"""Whoever is told to end, ends well: real processes, real signals, and a folder for temporary files that can be seen."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import takewhile
from pathlib import Path

import pytest

from tests.pipeline_world import SPEC
from toolbuilder import ending

ROOT = Path(__file__).parents[1]
MADE = "a temporary folder is there"
WATCHED = f"""
import sys, tempfile
from toolbuilder import cli

def watched(self, *arguments, make=tempfile.TemporaryDirectory.__init__, **named):
    make(self, *arguments, **named)
    print("{MADE}", file=sys.stderr, flush=True)

tempfile.TemporaryDirectory.__init__ = watched
"""
SOUND = f"{WATCHED}cli.main()"
DEAF = f"{WATCHED}from toolbuilder import ending\nending.signal.signal = lambda *_: None\ncli.main()"
IN_BACKGROUND = f"import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n{SOUND}"


@pytest.fixture
def temporary(git_repo: Path, tmp_path: Path) -> Path:
    """Give the folder that takes the temporary files of what is run in a repository with one spec."""
    (git_repo / "specs").mkdir()
    (git_repo / "specs/dedupe.yaml").write_text(SPEC)
    folder = tmp_path / "temporary"
    folder.mkdir()
    return folder


def ended_by(signals: Sequence[signal.Signals], temporary: Path, program: str) -> tuple[int, str]:
    """Send signals to a build as soon as it has a temporary folder; give its exit code, and what it said."""
    environment = {**os.environ, "TMPDIR": str(temporary), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", program, "run", "dedupe"]
    repository = temporary.parent / "repository"
    with subprocess.Popen(
        command, cwd=repository, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        before = list(takewhile(lambda line: MADE not in line, process.stderr))
        for number in signals:
            process.send_signal(number)
        said = "".join([*before, process.stderr.read()])
    return process.returncode, said


@pytest.mark.parametrize(
    ("signals", "program"),
    [
        ([signal.SIGINT], SOUND),
        ([signal.SIGTERM], SOUND),
        ([signal.SIGINT, signal.SIGTERM], SOUND),
        ([signal.SIGTERM], IN_BACKGROUND),
    ],
    ids=["interrupted", "told to end", "both, as a cancelled job is", "told to end in the background"],
)
def test_no_temporary_folder_is_left(signals: list[signal.Signals], program: str, temporary: Path) -> None:
    code, said = ended_by(signals, temporary, program)
    assert (code, list(temporary.iterdir())) == (130, []), said
    assert "interrupted; what was finished is kept" in said
    assert "Traceback" not in said


def test_a_command_that_is_deaf_to_it_leaves_them(temporary: Path) -> None:
    code, said = ended_by([signal.SIGTERM], temporary, DEAF)
    assert code == -signal.SIGTERM, said
    assert list(temporary.iterdir())


def test_a_server_ends_at_once_though_its_client_says_nothing(git_repo: Path) -> None:
    begin = b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"a","version":"1"}}}\n'
    with subprocess.Popen(
        [sys.executable, "-m", "toolbuilder", "mcp"],
        cwd=git_repo,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(begin)
        process.stdin.flush()
        assert process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == -signal.SIGTERM


def test_what_an_interrupt_does_now_is_done() -> None:
    heard: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: heard.append(number))
    try:
        ending.interrupted(signal.SIGTERM, None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        with pytest.raises(KeyboardInterrupt):
            ending.interrupted(signal.SIGTERM, None)
    finally:
        signal.signal(signal.SIGINT, before)
    assert heard == [signal.SIGINT]


def test_what_clears_up_after_an_interrupt_is_not_cut_short() -> None:
    cleared: list[str] = []
    with ExitStack() as stack:
        stack.enter_context(pytest.raises(KeyboardInterrupt))
        stack.callback(cleared.append, "the last")
        stack.callback(ending.interrupted, signal.SIGTERM, None)
        stack.callback(cleared.append, "the first")
        ending.interrupted(signal.SIGTERM, None)
    assert cleared == ["the first", "the last"]
