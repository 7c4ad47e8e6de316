import os
import pty
import subprocess
import sys
import threading
from typing import Any, get_args

import pytest

from tests.sabotage import Protection, assert_guarded
from toolbuilder import progress
from toolbuilder.events import Asked, BatchSent, Event, Joined, Raced, StageKept, StageLanded, StageStarted

COMMIT = "0123456789abcdef"
LINES: dict[str, Event] = {
    "dedupe: requirements: adopted, with an edit": StageKept("dedupe", "requirements", "adopted, with an edit"),
    "dedupe: generation: commit 0123456789ab": StageLanded("dedupe", "generation", COMMIT),
    "dedupe: generation: same result, no new commit": StageLanded("dedupe", "generation", COMMIT, unchanged=True),
    "dedupe: generation: the branch moved meanwhile; reading it again": Raced("dedupe", "generation"),
    "dedupe: the default branch joined it: commit 0123456789ab": Joined("dedupe", "0123456789abcdef"),
    "batch b-1: 12 questions sent; their answers may take a day": BatchSent(12, "b-1"),
}  # fmt: skip
MOVING: dict[str, Event] = {
    "dedupe: generation (not built yet)": StageStarted("dedupe", "generation", "not built yet"),
    "dedupe: generation: write_module": Asked("dedupe", "generation", "write_module"),
}
ON_A_TERMINAL = """
from toolbuilder.events import Asked, StageLanded
from toolbuilder.progress import shown

with shown(quiet=False) as tell:
    tell(Asked("dedupe", "generation", "write_module"))
    tell(StageLanded("dedupe", "generation", "0123456789abcdef"))
"""


def every_end_is_a_line_and_every_start_moves_the_live_line(part: Any) -> None:
    assert {part.line_of(event): part.doing(event) for event in LINES.values()} == dict.fromkeys(LINES, "")
    assert {part.doing(event): part.line_of(event) for event in MOVING.values()} == dict.fromkeys(MOVING, "")


GUARDED: list[Protection] = [
    (every_end_is_a_line_and_every_start_moves_the_live_line, " if note:", " if False:"),
    (every_end_is_a_line_and_every_start_moves_the_live_line, "if unchanged else", "if False else"),
    (every_end_is_a_line_and_every_start_moves_the_live_line, "case Raced(tool, stage):", "case Raced(stage, tool):"),
]


@pytest.mark.parametrize("protection", GUARDED)
def test_what_happens_is_told(protection: Protection) -> None:
    assert_guarded(progress, protection)


def test_no_kind_of_event_is_passed_over() -> None:
    values = {"tool": "t", "stage": "s", "note": "", "why": "", "microtask": "m", "commit": COMMIT, "findings": 2}
    values |= {"questions": 7, "batch": "b"}
    for kind in get_args(Event):
        event = kind(**{name: values[name] for name in kind.__match_args__ if name in values})
        if kind is not StageKept:  # told only where there is something to note
            assert bool(progress.line_of(event)) != bool(progress.doing(event)), kind


def test_without_a_terminal_lines_go_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.shown(quiet=False) as tell:
        for event in (*LINES.values(), *MOVING.values()):
            tell(event)
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.splitlines() == list(LINES)


def test_a_long_line_is_not_broken_and_brackets_are_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.shown(quiet=False) as tell:
        tell(StageKept("dedupe", "generation", f"[red]{'long ' * 60}"))
    [line] = capsys.readouterr().err.splitlines()
    assert "[red]long" in line


def test_quiet_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.shown(quiet=True) as tell:
        tell(Raced("dedupe", "generation"))
    assert capsys.readouterr() == ("", "")


def test_lines_of_many_threads_stay_whole(capsys: pytest.CaptureFixture[str]) -> None:
    def work(number: int) -> None:
        for _ in range(20):
            tell(Raced(f"tool-{number}", "generation"))

    with progress.shown(quiet=False) as tell:
        threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 80
    assert {line.partition(":")[2] for line in lines} == {" generation: the branch moved meanwhile; reading it again"}


def test_a_terminal_gets_a_live_line_and_the_lines_that_stay() -> None:
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80"}
    with subprocess.Popen([sys.executable, "-c", ON_A_TERMINAL], stderr=theirs, env=environment) as process:
        assert process.wait() == 0
    shown = os.read(ours, 1 << 16).decode()
    os.close(theirs)
    os.close(ours)
    assert "dedupe: generation: commit 0123456789ab" in shown
    assert "\x1b[?25l" in shown  # the cursor hides while the live line moves
    assert "\x1b[?25h" in shown
