import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.sabotage import Protection, assert_guarded
from tests.workshop import SANDBOX
from toolbuilder.ports import Command, Limits, Ran
from toolbuilder.proof import workbench

PRINT = "import os, sys; print(os.getcwd(), *sorted(os.environ), sep='\\n')"
FILES = {"a.txt": b"one\n", "deep/b.bin": b"\xff\n"}


@pytest.fixture(autouse=True)
def _own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a sabotaged workbench leave nothing behind on this machine."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


class Noting:
    """A sandbox that runs nothing, and notes what it is asked to run."""

    kind = "noting"

    def __init__(self) -> None:
        self.commands: list[Command] = []

    def run(self, command: Command) -> Ran:
        self.commands.append(command)
        return Ran(0, b"", b"")


def a_command_finds_its_settings_and_may_add_some(part: Any) -> None:
    sandbox = Noting()
    with part.workbench(sandbox, {}, (Path("/opt"),)) as bench:
        bench.run("tool", "x", stdin=b"in", COLUMNS="80", NO_COLOR="0")
        bench.python("pytest", "-q", PYTHONPATH="src")
    first, second = sandbox.commands
    assert (first.argv, first.stdin, first.readable, first.folder) == (
        ("tool", "x"),
        b"in",
        (Path("/opt"),),
        bench.folder,
    )
    assert first.environment == {
        "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0", "PYTHONUTF8": "1", "NO_COLOR": "0", "COLUMNS": "80",
    }  # fmt: skip
    assert (second.argv, second.stdin) == ((sys.executable, "-m", "pytest", "-q"), b"")
    assert second.environment["PYTHONPATH"] == "src"
    assert first.limits == Limits(seconds=300, memory_bytes=4 << 30)


def files_lie_in_a_folder_that_goes_when_the_work_is_done(part: Any) -> None:
    with part.workbench(Noting(), FILES) as bench:
        folder: Path = bench.folder
        assert (folder / "deep/b.bin").read_bytes() == b"\xff\n"
        assert bench.text("a.txt") == "one\n"
        assert bench.text("deep/b.bin") == "\N{REPLACEMENT CHARACTER}\n"
        assert bench.text("nothing.txt") == bench.text("deep") == ""
        assert folder == folder.resolve()
    assert not folder.exists()


def the_last_lines_are_shown_and_why_it_was_stopped(part: Any) -> None:
    lines = "".join(f"{number}\n\n" for number in range(30)).encode()
    assert part.shown(Ran(1, lines, b"end\xff\n")) == (*map(str, range(11, 30)), "end\N{REPLACEMENT CHARACTER}")
    assert part.shown(Ran(1, b"a\nb\n", b"", "time"), limit=1) == ("b", "stopped: over its limit of time")


GUARDED: list[Protection] = [
    (a_command_finds_its_settings_and_may_add_some, "{**fixed, **environment}", "{**environment, **fixed}"),
    (a_command_finds_its_settings_and_may_add_some, "            limits=self.limits,\n", ""),
    (a_command_finds_its_settings_and_may_add_some, "            readable=self.readable,\n", ""),
    (a_command_finds_its_settings_and_may_add_some, '"PYTHONHASHSEED": "0", ', ""),
    (files_lie_in_a_folder_that_goes_when_the_work_is_done, 'with tempfile.TemporaryDirectory(prefix="toolbuilder-", ignore_cleanup_errors=True) as name:', "for name in (tempfile.mkdtemp(),):"),
    (the_last_lines_are_shown_and_why_it_was_stopped, "if ran.stopped else []", "if False else []"),
    (the_last_lines_are_shown_and_why_it_was_stopped, "if line.strip()][-limit:]", "if line.strip()]"),
    (the_last_lines_are_shown_and_why_it_was_stopped, "(ran.stdout + ran.stderr)", "ran.stdout"),
]  # fmt: skip


@pytest.mark.parametrize("protection", GUARDED)
def test_what_a_command_works_with_is_guarded(protection: Protection) -> None:
    assert_guarded(workbench, protection)


def test_a_real_command_sees_its_folder_and_nothing_of_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_SECRET_OF_THIS_PROCESS", "x")
    with workbench.workbench(SANDBOX, FILES) as bench:
        ran = bench.run(sys.executable, "-c", f"{PRINT}; open('new.txt', 'w').write('made')", EXTRA="1")
        assert (ran.exit_code, bench.text("new.txt")) == (0, "made")
    _, *names = ran.stdout.decode().split()
    assert {"EXTRA", "PYTHONUTF8", "NO_COLOR"} <= set(names)
    assert "A_SECRET_OF_THIS_PROCESS" not in names


def test_a_command_that_fails_is_a_value() -> None:
    with workbench.workbench(SANDBOX, {}) as bench:
        ran = bench.python("no_such_module_here")
    assert ran.exit_code == 1
    assert "No module named no_such_module_here" in workbench.shown(ran)[-1]
