"""A build killed at any moment ends, when it is run again, with the commits of one that was never killed."""

import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Git = Callable[..., str]
CLIENT = Path(__file__).with_name("pipeline_world.py")
UNHARMED = 10_000  # a point that is never reached


def run(folder: Path, log: Path, point: int, sabotage: str = "") -> int:
    command = [sys.executable, str(CLIENT), str(folder), str(log), str(point), sabotage]
    return subprocess.run(command, check=False, capture_output=True, text=True).returncode


def said(log: Path, word: str) -> list[str]:
    lines = log.read_text().splitlines() if log.exists() else []
    return [line.partition(" ")[2] for line in lines if line.startswith(f"{word} ")]


@pytest.fixture
def unharmed(git_repo: Path, tmp_path: Path) -> tuple[str, int]:
    """Give the tip of a build that nobody killed, and how many points it has."""
    folder = tmp_path / "unharmed"
    shutil.copytree(git_repo, folder)
    log = tmp_path / "unharmed.log"
    assert run(folder, log, UNHARMED) == 0
    return said(log, "tip")[0], int(said(log, "points")[0])


def wrong_after_a_kill(folder: Path, log: Path, point: int, tip: str, sabotage: str = "") -> str:
    """Kill a build at a point, run it again, and say what is wrong with how that ended; empty when nothing is.

    What was asked is taken from the client's own log, never from the store that is under test. Answers that arrive
    together share a commit of the journal, so that the last points are not reached in every run.
    """
    if run(folder, log, point, sabotage) != -signal.SIGKILL:
        return "" if said(log, "tip") == [tip] and point > int(said(log, "points")[0]) else "was not killed"
    asked, acknowledged = len(said(log, "asked")), {*said(log, "acknowledged")}
    if run(folder, log, UNHARMED, sabotage):
        return "does not end"
    if said(log, "tip")[-1] != tip:
        return "ends with other commits"
    again = acknowledged & {*said(log, "asked")[asked:]}
    return f"asked again: {sorted(again)}" if again else ""


@pytest.mark.slow
def test_a_build_killed_at_named_points_ends_with_the_same_commits(
    git_repo: Path, tmp_path: Path, unharmed: tuple[str, int]
) -> None:
    tip, points = unharmed
    for point in (1, points // 3, points // 2, points * 3 // 4):
        folder = tmp_path / f"point-{point}"
        shutil.copytree(git_repo, folder)
        assert wrong_after_a_kill(folder, tmp_path / f"{point}.log", point, tip) == "", f"killed at point {point}"


@pytest.mark.slow
def test_a_build_killed_at_every_point_ends_with_the_same_commits(
    git_repo: Path, tmp_path: Path, unharmed: tuple[str, int]
) -> None:
    tip, points = unharmed
    for point in range(1, points + 1):
        folder = tmp_path / f"point-{point}"
        shutil.copytree(git_repo, folder)
        assert wrong_after_a_kill(folder, tmp_path / f"{point}.log", point, tip) == "", f"killed at point {point}"


@pytest.mark.slow
def test_a_build_killed_again_and_again_ends_with_the_same_commits(
    git_repo: Path, tmp_path: Path, unharmed: tuple[str, int], git: Git
) -> None:
    tip, points = unharmed
    chance = random.Random(20261122)  # noqa: S311  (a storm that can be repeated)
    for storm in range(4):
        folder, log = tmp_path / f"storm-{storm}", tmp_path / f"storm-{storm}.log"
        shutil.copytree(git_repo, folder)
        while run(folder, log, chance.randint(1, max(2, points // 2))):
            pass
        assert said(log, "tip")[-1] == tip
        git(folder, "fsck", "--strict", "--no-dangling")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sabotage", "symptom"), [("forgetful", "asked again"), ("impatient", "ends with other commits")]
)
def test_a_sabotaged_runner_is_caught(
    git_repo: Path, tmp_path: Path, unharmed: tuple[str, int], sabotage: str, symptom: str
) -> None:
    tip, points = unharmed
    folder = tmp_path / sabotage
    shutil.copytree(git_repo, folder)
    log = tmp_path / f"{sabotage}.log"
    assert symptom in wrong_after_a_kill(folder, log, points // 2, tip, sabotage)
