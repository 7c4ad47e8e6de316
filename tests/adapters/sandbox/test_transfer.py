import os
import sys
from pathlib import Path

import pytest

from toolbuilder.adapters.sandbox.entries import FOLDER
from toolbuilder.adapters.sandbox.transfer import Passage, copy_tree, stays_inside

TOP = Path("/somewhere/work")


@pytest.mark.parametrize(
    ("goal", "here", "stays"),
    [
        ("file", TOP, True),
        ("../file", TOP / "a", True),
        ("../../file", TOP / "a/b", True),
        (f"{TOP}/a", TOP, True),
        ("../file", TOP, False),
        ("../work-not", TOP, False),
        ("../../../file", TOP / "a/b", False),
        ("a/../file", TOP, False),  # `a` may be a link
        (f"{TOP}/a/../../file", TOP, False),
        ("/etc/passwd", TOP, False),
        (f"{TOP}-not/file", TOP, False),
        (sys.executable, TOP, True),
        (str(Path(sys.executable).resolve()), TOP, True),
    ],
)
def test_a_link_stays_inside_only_if_no_other_link_can_turn_it(goal: str, here: Path, stays: bool) -> None:  # noqa: FBT001
    assert stays_inside(goal, here, TOP) is stays


def test_copying_twice_changes_nothing_the_second_time(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    (source / "d").mkdir(parents=True)
    target.mkdir()
    (source / "d" / "f").write_text("x")
    (source / "l").symlink_to("d/f")
    passage = Passage(os.open(source, FOLDER), os.open(target, FOLDER), source, source, outward=True)

    copy_tree(passage)
    first = {path: path.lstat() for path in target.rglob("*")}
    copy_tree(passage)

    assert {path: path.lstat() for path in target.rglob("*")} == first
    assert {str(path.relative_to(target)) for path in first} == {"d", "d/f", "l"}
    os.close(passage.source)
    os.close(passage.target)
