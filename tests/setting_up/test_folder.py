from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from tests.sabotage import Protection, assert_guarded
from toolbuilder.errors import FileIsWrong
from toolbuilder.setting_up import folder
from toolbuilder.setting_up.folder import read_present, write_files


def test_what_stands_there_is_read(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/b").write_bytes(b"\r\n\xff")
    assert read_present(tmp_path, ["a/b", "a/c", "d/e/f"]) == {"a/b": b"\r\n\xff", "a/c": None, "d/e/f": None}


def test_every_path_in_the_way_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "specs").write_text("")
    (tmp_path / "toolbuilder.toml").mkdir()
    (tmp_path / ".github").symlink_to("/etc")
    with pytest.raises(FileIsWrong) as caught:
        read_present(tmp_path, ["specs/a.yaml", "specs/b.yaml", "toolbuilder.toml", ".github/workflows/x.yml"])
    assert str(caught.value).splitlines() == [
        ".github: is a symbolic link; what is set up stands in the repository itself",
        "specs: is a file where a folder is needed; rename it",
        "toolbuilder.toml: is not a file; rename it",
    ]


def test_what_cannot_be_written_is_told_and_nothing_half_is_left(tmp_path: Path) -> None:
    (tmp_path / "specs").write_text("")
    with pytest.raises(FileIsWrong, match=r"specs/a.yaml: cannot be written: .*; the same command goes on"):
        write_files(tmp_path, {"x/y": b"1", "specs/a.yaml": b"2"})
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["specs", "y"]


def check_links_are_not_followed(module: Any) -> None:
    for place in ("specs", "specs/a.yaml"):
        with TemporaryDirectory() as name:
            link = Path(name, place)
            link.parent.mkdir(exist_ok=True)
            link.symlink_to("/nowhere")
            with pytest.raises(FileIsWrong, match="symbolic link"):
                module.read_present(Path(name), ["specs/a.yaml"])


GUARDED: dict[str, Protection] = {"links": (check_links_are_not_followed, "if place.is_symlink():", "if False:")}


@pytest.mark.parametrize("protection", GUARDED.values(), ids=GUARDED)
def test_no_link_leads_out_of_the_repository(protection: Protection) -> None:
    assert_guarded(folder, protection)
