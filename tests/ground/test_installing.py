import fcntl
import os
import subprocess
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.ground.clone import Clone

# Stands in for uv: makes an environment with a Python in it, and says what it was asked for.
UV = """
if [ "$1" = --version ]; then exit; fi
echo "uv $1 $2" >>"$CALLS"
if [ "$1" = venv ]; then mkdir -p .venv/bin && ln -sf "$4" .venv/bin/python && cp "$0" .venv/bin/uv; fi
"""
WHOLE = ["uv venv --allow-existing", "uv pip sync", "uv pip install"]


@pytest.fixture
def ground(clone: Clone) -> Clone:
    clone.program("bwrap", "")
    clone.program("uv", UV)
    place = clone.folder / ".venv/bin"
    place.mkdir(parents=True)
    (clone.programs / "uv").rename(place / "uv")
    return clone


def installs(ground: Clone) -> list[str]:
    result = ground.run("make", "ground")
    assert result.returncode == 0, result.stderr
    return ground.calls()


def test_a_new_environment_is_made_and_filled(ground: Clone) -> None:
    assert installs(ground) == WHOLE
    assert not list(ground.folder.glob(".ground-*"))


def test_a_ready_environment_is_left_alone_without_a_word(ground: Clone) -> None:
    installs(ground)
    again = ground.run("make", "ground")
    assert (again.returncode, again.stdout, again.stderr, ground.calls()) == (0, "", "", [])


def change_lock(ground: Clone) -> Clone:
    with (ground.folder / "requirements.lock").open("a") as lock:
        lock.write("\n")
    return ground


def change_python(ground: Clone) -> Clone:
    python = ground.folder / ".venv/bin/python"
    python.unlink()
    python.write_text("#!/bin/sh\necho Python 3.10.1\n")
    python.chmod(0o755)
    return ground


def change_place(ground: Clone) -> Clone:
    return replace(ground, folder=ground.folder.rename(f"{ground.folder} moved"))


CHANGES = [
    pytest.param(change_lock, WHOLE[1:], "cat requirements.lock pyproject.toml", "cat pyproject.toml", id="lock"),
    pytest.param(change_python, WHOLE, '"$(.venv/bin/python -V 2>&1)"', '""', id="python"),
    pytest.param(change_place, WHOLE, '"$PWD" "${PYTHON:-}"', '"${PYTHON:-}"', id="place"),
]


@pytest.mark.parametrize(("change", "expected", "right", "wrong"), CHANGES)
def test_what_changed_is_installed_and_a_ground_that_does_not_look_is_caught(
    ground: Clone, change: Callable[[Clone], Clone], expected: list[str], right: str, wrong: str
) -> None:
    installs(ground)
    changed = change(ground)
    assert installs(changed) == expected
    changed.sabotage(".ci/ground", right, wrong)
    installs(changed)
    assert installs(change(changed)) == []


def test_a_failure_shows_its_log_and_is_tried_again(ground: Clone) -> None:
    uv = ground.folder / ".venv/bin/uv"
    sound = uv.read_text()
    uv.write_text(sound + 'if [ "$2" = install ]; then echo "the disk is full"; exit 1; fi\n')
    failed = ground.run("make", "ground")
    assert failed.returncode != 0
    assert "the disk is full" in failed.stderr
    assert "this failed: Installing toolbuilder itself." in failed.stderr
    ground.calls()
    uv.write_text(sound)
    assert installs(ground) == WHOLE


def test_pip_gets_the_second_try(ground: Clone) -> None:
    uv = ground.folder / ".venv/bin/uv"
    uv.write_text(uv.read_text() + 'if [ "$2" = sync ]; then exit 1; fi\n')
    (ground.folder / ".ci/pip").write_text('#!/bin/sh\necho "pip $3 $4 $5 $6" >>"$CALLS"\n')
    assert installs(ground) == [*WHOLE[:2], "pip --python .venv/bin/python install --require-hashes", WHOLE[2]]


def start_while_locked(ground: Clone) -> tuple["subprocess.Popen[bytes]", int]:
    lock = os.open(ground.folder / "pyproject.toml", os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    return subprocess.Popen(["make", "ground"], cwd=ground.folder, env=ground.environment()), lock


def test_the_second_of_two_at_once_finds_everything_done(ground: Clone) -> None:
    installs(ground)
    stamp = (ground.folder / ".venv/.content").rename(ground.folder / "kept")
    second, lock = start_while_locked(ground)
    stamp.rename(ground.folder / ".venv/.content")
    os.close(lock)
    assert second.wait() == 0
    assert ground.calls() == []


def test_a_ground_that_does_not_wait_its_turn_is_caught(ground: Clone) -> None:
    ground.sabotage(".ci/ground", "flock 9", "true")
    second, lock = start_while_locked(ground)
    assert second.wait() == 0, "the sound ground would still be waiting"
    assert ground.calls() == WHOLE
    os.close(lock)


def test_an_old_python_is_refused_in_one_line(clone: Clone) -> None:
    clone.program("python3", 'if [ "$1" = -V ]; then echo Python 3.9.2; fi')
    refused = clone.run(".ci/ground")
    assert refused.returncode == 1
    assert refused.stderr == (
        "ground: Python 3.11 or newer is needed, but python3 is Python 3.9.2. "
        "Install a newer one, or name it: make PYTHON=/path/to/python3.12 run\n"
    )
    assert not (clone.folder / ".venv").exists()


def test_a_newer_python_beside_an_old_one_is_found(ground: Clone) -> None:
    (ground.programs / "python3").rename(ground.programs / "python3.12")
    ground.program("python3", 'if [ "$1" = -V ]; then echo Python 3.9.2; fi')
    assert installs(ground) == WHOLE


def test_a_missing_python_is_said_to_be_missing(clone: Clone) -> None:
    refused = clone.run(".ci/ground", PYTHON="/nowhere/python3")
    assert "but /nowhere/python3 is missing." in refused.stderr
