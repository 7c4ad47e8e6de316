import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.scaffold.runs import Done, Run, as_process
from tests.scaffold.samples import SAMPLES, Sample, build
from tests.scaffold.test_mutants import STREAMS, mutant

SHOUT = SAMPLES["shout"]
ROOM = 160 << 20  # bytes of addresses: Python and its modules take a third
GIVEN = 200 << 20  # bytes of input
CRAMPED = """
import resource, runpy
resource.setrlimit(resource.RLIMIT_AS, ({room}, {room}))
runpy.run_module("{package}", run_name="__main__")
"""
SOURCE = "import sys\nfor _ in range({pieces}): sys.stdout.write(('x' * 1023 + '\\n') * 1024)"
Check = Callable[[Run, Path], object]


@pytest.fixture(params=["shout", "shout-typer"])
def shout(request: pytest.FixtureRequest, tools: Path, tmp_path: Path) -> Run:
    """Give both flavours of a tool that works line by line."""
    return as_process(tools, SAMPLES[request.param], tmp_path)


def the_text_is_exact(shout: Run) -> None:
    text = "a\r\n\u2028\x0cé\x00b\n\n \nlast"
    assert shout(stdin=text.encode()).stdout.decode() == f"{text}\n"
    assert shout(stdin=b"").stdout == b""
    assert shout(stdin=b"\n").stdout == b"\n"
    assert shout(stdin=b"\xef\xbb\xbfa\n\xef\xbb\xbfb").stdout == "a\n\ufeffb\n".encode()


def test_the_text_is_exact(shout: Run) -> None:
    the_text_is_exact(shout)


def several_files_are_read_one_after_another(shout: Run, folder: Path) -> None:
    (folder / "one").write_bytes(b"\xef\xbb\xbfa\nb")
    (folder / "two").write_bytes(b"\xef\xbb\xbfc")
    assert shout("one", "-", "two", stdin=b"x\n").stdout == b"a\nb\nx\nc\n"


def test_several_files_are_read_one_after_another(tools: Path, tmp_path: Path) -> None:
    several_files_are_read_one_after_another(as_process(tools, SHOUT, tmp_path), tmp_path)


def test_what_cannot_be_joined_comes_alone(tools: Path, tmp_path: Path) -> None:
    done = as_process(tools, SAMPLES["shout-typer"], tmp_path)("one", "two")
    assert (done.exit_code, done.message) == (2, "error: one INPUT at a time, not 2: such files cannot be joined\n")


def test_foreign_bytes_are_located(shout: Run) -> None:
    done = shout(stdin=b"ok\nna\xefve\n")
    assert (done.exit_code, done.stdout) == (2, b"")
    assert done.message == "error: standard input: line 2, byte 3: 0xef is not UTF-8 text\n"


def test_a_missing_file_is_told(shout: Run) -> None:
    assert shout("none").message == "error: cannot read none: No such file or directory\n"


def a_wrong_line_leaves_the_named_file_as_it_was(shout: Run, folder: Path) -> None:
    (folder / "out").write_text("old")
    done = shout("-o", "out", stdin=b"x\n" * 100_000 + b"bad\n")
    assert (done.exit_code, done.message) == (2, "error: line 100001: bad\n")
    assert [path.name for path in folder.iterdir()] == ["out"]
    assert (folder / "out").read_text() == "old"


def test_a_wrong_line_leaves_the_named_file_as_it_was(shout: Run, tmp_path: Path) -> None:
    a_wrong_line_leaves_the_named_file_as_it_was(shout, tmp_path)


def a_file_may_be_read_and_written_at_once(shout: Run, folder: Path) -> None:
    path, link = folder / "one", folder / "link"
    path.write_bytes(b"a\n" * 100_000)
    path.chmod(0o640)
    link.symlink_to(path)
    assert shout("--big", "one", "-o", "link").exit_code == 0
    same = path.read_bytes() == b"A\n" * 100_000  # said apart: to tell the difference would take minutes
    assert same
    assert (link.is_symlink(), stat.S_IMODE(path.stat().st_mode)) == (True, 0o640)


def test_a_file_may_be_read_and_written_at_once(shout: Run, tmp_path: Path) -> None:
    a_file_may_be_read_and_written_at_once(shout, tmp_path)


def a_device_stays_a_device(shout: Run, folder: Path) -> None:
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    assert shout("-o", "pipe", stdin=b"a\n").exit_code == 0
    assert os.read(reader, 9) == b"a\n"
    os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_device_stays_a_device(shout: Run, tmp_path: Path) -> None:
    a_device_stays_a_device(shout, tmp_path)


def test_a_place_that_cannot_be_written_to_is_named_as_it_was_given(shout: Run) -> None:
    done = shout("-o", "no/out", stdin=b"a\n")
    assert (done.exit_code, done.message) == (1, "error: cannot write no/out: No such file or directory\n")


def a_full_device_is_an_error(shout: Run) -> None:
    with Path("/dev/full").open("wb") as full:
        done = shout(stdin=b"text", stdout=full)
    assert (done.exit_code, done.message) == (1, "error: cannot write standard output: No space left on device\n")


def test_a_full_device_is_an_error(shout: Run) -> None:
    a_full_device_is_an_error(shout)


def large_input(tools: Path, sample: Sample, *args: str) -> Done:
    """Run a tool in little memory on a large input that is made while it is read; give the size of what it prints."""
    source = [sys.executable, "-c", SOURCE.format(pieces=GIVEN >> 20)]
    tool = [sys.executable, "-c", CRAMPED.format(room=ROOM, package=sample.spec.package), *args]
    environment = {**os.environ, "PYTHONPATH": str(tools / sample.folder / "src")}
    with tempfile.TemporaryFile() as printed:
        with subprocess.Popen(source, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as making:
            done = subprocess.run(
                tool, stdin=making.stdout, stdout=printed, stderr=subprocess.PIPE, env=environment, check=False
            )
            making.kill()
        return Done(done.returncode, str(printed.seek(0, os.SEEK_END)).encode(), done.stderr)


def memory_stays_flat(tools: Path) -> None:
    done = large_input(tools, SHOUT, "--big")
    assert done.stderr == b""
    assert (done.exit_code, int(done.stdout)) == (0, GIVEN)


@pytest.mark.slow
def test_memory_stays_flat(tools: Path) -> None:
    memory_stays_flat(tools)


HOARDING: dict[str, tuple[str, str]] = {
    "the input is read at once": ("yield from lines_of(name)", "yield from list(lines_of(name))"),
    "the output is written at once": ("if len(piece) >= PIECE:", "if False:"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HOARDING)
def test_a_tool_that_hoards_runs_out_of_memory(name: str, tmp_path: Path) -> None:
    mutant(tmp_path, "shout", STREAMS, *HOARDING[name])
    with pytest.raises(AssertionError, match="oryError"):
        memory_stays_flat(tmp_path)


MUTANTS: dict[str, tuple[str, str, Check]] = {
    "the mark of a second file kept": ("if number == 1 else line", "if False else line", several_files_are_read_one_after_another),
    "marks taken from every line": ("if number == 1 else line", "if True else line", lambda run, _: the_text_is_exact(run)),
    "lines broken elsewhere": ("enumerate(file, start=1)", "enumerate(file.read().splitlines(), start=1)", lambda run, _: the_text_is_exact(run)),
    "the named file begun at once": ("if replaced else path\n", "if False else path\n", a_wrong_line_leaves_the_named_file_as_it_was),
    "what was begun left behind": ("part.unlink(missing_ok=True)", "pass", a_wrong_line_leaves_the_named_file_as_it_was),
    "the mode of a file lost": ("shutil.copymode(path, part)", "pass", a_file_may_be_read_and_written_at_once),
    "a link replaced": ("os.path.realpath(name)", "name", a_file_may_be_read_and_written_at_once),
    "a device replaced": ("replaced = path.is_file() or not path.exists()", "replaced = True", a_device_stays_a_device),
}  # fmt: skip


@pytest.mark.parametrize("name", MUTANTS)
def test_a_sabotaged_stream_is_noticed(name: str, tmp_path: Path) -> None:
    old, new, check = MUTANTS[name]
    run = mutant(tmp_path, "shout", STREAMS, old, new)
    with pytest.raises((AssertionError, BlockingIOError)):
        check(run, tmp_path / "work")


def test_the_template_as_it_is_passes_the_same_checks(tmp_path: Path) -> None:
    for number, (_old, _new, check) in enumerate(MUTANTS.values()):
        folder = tmp_path / str(number)
        (folder / "work").mkdir(parents=True)
        build(folder / SHOUT.folder, SHOUT)
        check(as_process(folder, SHOUT, folder / "work"), folder / "work")
