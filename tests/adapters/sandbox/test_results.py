import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.adapters.sandbox.probes.kinds import every_kind
from tests.adapters.sandbox.probes.lab import running
from toolbuilder.errors import SandboxUnavailable
from toolbuilder.ports import Command, Limits, Ran, Sandbox

RUN_AND_BE_KILLED = """
import sys
from pathlib import Path
from toolbuilder.adapters.sandbox.choice import choose_sandbox
from toolbuilder.ports import Command
choose_sandbox(sys.argv[1]).run(Command(("sleep", sys.argv[2]), Path(sys.argv[3])))
"""


def shell(sandbox: Sandbox, folder: Path, line: str, stdin: bytes = b"", limits: Limits = Limits()) -> Ran:  # noqa: B008 (frozen)
    return sandbox.run(Command(("sh", "-c", line), folder, stdin=stdin, limits=limits))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give the folder that the sandbox works on, apart from what else a test makes."""
    path = tmp_path / "work"
    path.mkdir()
    return path


@every_kind
def test_streams_and_the_exit_code_come_back(sandbox: Sandbox, folder: Path) -> None:
    ran = shell(sandbox, folder, "cat; echo trouble >&2; exit 3", stdin=b"in\n")

    assert ran == Ran(3, b"in\n", b"trouble\n")


@every_kind
def test_large_input_and_output_do_not_block_each_other(sandbox: Sandbox, folder: Path) -> None:
    text = b"x" * 900_000

    assert shell(sandbox, folder, "cat", stdin=text) == Ran(0, text, b"")
    assert shell(sandbox, folder, "true", stdin=text) == Ran(0, b"", b"")


@every_kind
def test_a_signal_is_told_as_a_shell_tells_it(sandbox: Sandbox, folder: Path) -> None:
    assert shell(sandbox, folder, "kill -TERM $$").exit_code == 128 + signal.SIGTERM


@every_kind
def test_a_program_that_does_not_exist_is_the_commands_failure(sandbox: Sandbox, folder: Path) -> None:
    ran = sandbox.run(Command(("no-such-program",), folder))

    assert ran == Ran(127, b"", b"no-such-program: No such file or directory\n")


@every_kind
def test_the_environment_is_what_was_given_and_the_usual_four(sandbox: Sandbox, folder: Path) -> None:
    ran = sandbox.run(Command(("env",), folder, environment={"GIVEN": "1", "LANG": "C"}))
    found = dict(line.split("=", 1) for line in ran.stdout.decode().splitlines())

    assert set(found) == {"GIVEN", "PATH", "HOME", "TMPDIR", "LANG"}
    assert (found["GIVEN"], found["LANG"], found["PATH"].split(":")[0]) == ("1", "C", f"{sys.prefix}/bin")


@every_kind
def test_home_and_temporary_folder_are_private_and_empty(sandbox: Sandbox, folder: Path) -> None:
    shell(sandbox, folder, "touch $HOME/left $TMPDIR/left")

    assert shell(sandbox, folder, "ls -A $HOME").stdout == b""
    assert shell(sandbox, folder, "ls -A $TMPDIR | grep left").stdout == b""


@every_kind
def test_what_the_command_does_to_its_folder_is_found_there(sandbox: Sandbox, folder: Path) -> None:
    (folder / "kept").write_text("kept")
    (folder / "changed").write_text("before")
    (folder / "removed").mkdir()
    (folder / "removed" / "file").write_text("x")
    before = (folder / "kept").stat()

    ran = shell(sandbox, folder, "pwd; echo after >changed; rm -r removed; mkdir -p a/b; echo new >a/b/c")

    assert ran == Ran(0, f"{folder}\n".encode(), b"")
    assert sorted(str(path.relative_to(folder)) for path in folder.rglob("*")) == [
        "a",
        "a/b",
        "a/b/c",
        "changed",
        "kept",
    ]
    assert ((folder / "changed").read_text(), (folder / "a/b/c").read_text()) == ("after\n", "new\n")
    after = (folder / "kept").stat()
    assert (after.st_ino, after.st_mtime_ns, after.st_uid) == (before.st_ino, before.st_mtime_ns, before.st_uid)
    assert (folder / "a/b/c").stat().st_uid == os.geteuid()


@every_kind
def test_a_script_that_was_made_executable_can_be_run_by_the_next_command(sandbox: Sandbox, folder: Path) -> None:
    shell(sandbox, folder, "printf '#!/bin/sh\\necho works\\n' >script; chmod +x script")

    assert shell(sandbox, folder, "./script").stdout == b"works\n"


@every_kind
def test_links_stay_that_lead_nowhere_else_or_were_there_before(sandbox: Sandbox, folder: Path, tmp_path: Path) -> None:
    (folder / "before").symlink_to(tmp_path)
    line = f"mkdir d; ln -s d/x inside; ln -s ../inside d/up; ln -s {sys.executable} python; ln -s /etc outside"

    shell(sandbox, folder, f"{line}; ln -sf .. before-not; ln -s {folder}/d absolute")

    found = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_symlink())
    assert found == ["absolute", "before", "d/up", "inside", "python"]


@every_kind
def test_a_folder_that_was_closed_comes_out_open(sandbox: Sandbox, folder: Path) -> None:
    shell(sandbox, folder, "mkdir -m 700 closed; echo x >closed/file; chmod 000 closed/file closed")

    assert (folder / "closed" / "file").read_text() == "x\n"


@every_kind
def test_a_readable_path_is_there_and_nothing_beside_it(sandbox: Sandbox, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "given").mkdir(mode=0o700)
    (tmp_path / "given" / "file").write_text("given")
    (tmp_path / "beside").write_text("beside")
    argv = ("sh", "-c", f"cat {tmp_path}/given/file; cat {tmp_path}/beside")

    ran = sandbox.run(Command(argv, folder, readable=(tmp_path / "given",)))

    assert (ran.stdout, ran.exit_code) == (b"given", 1)


@every_kind
def test_a_folder_may_be_named_from_here(sandbox: Sandbox, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)

    assert shell(sandbox, Path("work"), "pwd").stdout == f"{folder}\n".encode()


@every_kind
@pytest.mark.parametrize(
    ("line", "limits", "stopped"),
    [
        ("sleep 30", Limits(seconds=0.3), "time"),
        ("exec >&- 2>&-; sleep 30", Limits(seconds=0.3), "time"),
        ("yes", Limits(output_bytes=1000), "output"),
        ("yes >&2", Limits(output_bytes=1000), "output"),
        (
            "for i in 1 2 3; do head -c 50000000 /dev/zero | tail | sleep 30 & done; wait",
            Limits(memory_bytes=10**8),
            "memory",
        ),
    ],
)
def test_what_stopped_a_command_is_told(
    sandbox: Sandbox, folder: Path, line: str, limits: Limits, stopped: str
) -> None:
    ran = shell(sandbox, folder, line, limits=limits)

    assert (ran.stopped, ran.exit_code != 0) == (stopped, True)
    assert len(ran.stdout + ran.stderr) <= limits.output_bytes


@every_kind
def test_what_was_written_before_the_time_was_over_comes_back(sandbox: Sandbox, folder: Path) -> None:
    ran = shell(sandbox, folder, "echo begun; echo begun >file; sleep 30", limits=Limits(seconds=0.3))

    assert (ran.stdout, (folder / "file").read_text(), ran.stopped) == (b"begun\n", "begun\n", "time")


@every_kind
def test_commands_side_by_side_do_not_meet(sandbox: Sandbox, tmp_path: Path) -> None:
    folders = [tmp_path / str(number) for number in range(4)]
    for folder in folders:
        folder.mkdir()

    with ThreadPoolExecutor(4) as pool:
        rans = list(pool.map(lambda folder: shell(sandbox, folder, "pwd; ls"), folders))

    assert [ran.stdout.decode().split() for ran in rans] == [[str(folder)] for folder in folders]


@every_kind
def test_no_process_is_left_when_the_parent_is_killed(sandbox: Sandbox, folder: Path) -> None:
    name = f"30.{time.monotonic_ns()}"
    argv = [sys.executable, "-c", RUN_AND_BE_KILLED, sandbox.kind, name, str(folder)]
    with subprocess.Popen(argv, env={**os.environ, "TMPDIR": str(folder.parent)}) as parent:
        await_that(lambda: any(Path(f"/proc/{pid}/comm").read_text() == "sleep\n" for pid in running(name)))
        parent.kill()

    await_that(lambda: not running(name))


@every_kind
def test_what_would_not_be_safe_to_show_is_refused(
    sandbox: Sandbox, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SandboxUnavailable, match="must stay read-only: give a folder of its own"):
        sandbox.run(Command(("true",), tmp_path, readable=(folder,)))
    with pytest.raises(SandboxUnavailable, match="is to read what does not exist"):
        sandbox.run(Command(("true",), folder, readable=(tmp_path / "missing",)))
    with pytest.raises(SandboxUnavailable, match="No such file or directory"):
        sandbox.run(Command(("true",), tmp_path / "missing"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    with pytest.raises(SandboxUnavailable, match="holds the home directory"):
        sandbox.run(Command(("true",), folder, readable=(tmp_path,)))


@every_kind
def test_a_folder_too_full_is_stopped_or_refused_to_the_command(sandbox: Sandbox, folder: Path) -> None:
    line = "for i in 1 2 3 4 5 6 7 8 9; do head -c 1000000 /dev/zero >$i || exit 9; done; sleep 30"

    ran = shell(sandbox, folder, line, limits=Limits(seconds=5, file_bytes=1 << 20))

    assert (ran.exit_code, ran.stopped) in {(9, ""), (137, "output")}
    assert sum(path.stat().st_size for path in folder.iterdir()) < 10 << 20


def await_that(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds, for ten seconds at most."""
    clock, deadline = threading.Event(), time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        clock.wait(0.02)
