from pathlib import Path

import pytest

from tests.scaffold.runs import Run, in_process
from tests.scaffold.samples import SAMPLES


@pytest.fixture(params=["copies", "copies-typer"])
def copies(request: pytest.FixtureRequest, tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Give a tool that writes each file below the folder that the file names."""
    assert tools.is_dir()
    monkeypatch.chdir(tmp_path)
    return in_process(SAMPLES[request.param])


def test_files_go_below_the_folder(copies: Run) -> None:
    Path("a.txt").write_text("sub/folder")

    done = copies("a.txt", "--output", "out")

    assert (done.exit_code, done.stdout, done.stderr) == (0, b"", b"")
    assert Path("out/sub/folder/a.txt").read_text() == "sub/folder"


@pytest.mark.parametrize("place", ["..", "/tmp/elsewhere", "link", "ok/../.."])
def test_nothing_is_written_when_a_file_would_lie_outside(copies: Run, tmp_path: Path, place: str) -> None:
    Path("elsewhere").mkdir()
    Path("out").mkdir()
    Path("out/link").symlink_to(tmp_path / "elsewhere")
    Path("a.txt").write_text("inside")
    Path("b.txt").write_text(place)

    done = copies("--output", "out", "a.txt", "b.txt")

    assert done.exit_code == 2
    assert done.message.startswith("error: refuses to write outside out: /")
    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.txt")) == ["a.txt", "b.txt"]


@pytest.mark.parametrize(("args", "missing"), [(["a.txt"], "output"), (["--output", "out"], "INPUT")])
def test_a_folder_and_an_input_are_needed(copies: Run, args: list[str], missing: str) -> None:
    Path("a.txt").write_text("x")

    done = copies(*args)

    assert done.exit_code == 2
    assert missing in done.message
