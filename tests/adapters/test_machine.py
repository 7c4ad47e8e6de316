from collections.abc import Callable
from pathlib import Path

import pytest

from toolbuilder.adapters.machine import machine
from toolbuilder.doctor.facts import Unknown


def test_this_machine_is_told(tmp_path: Path) -> None:
    found = machine(tmp_path, "auto")
    assert isinstance(found.git, tuple)
    assert found.git >= found.git_needed > (2, 0)
    assert found.python >= (3, 11)
    assert found.sandbox in {"bubblewrap", "landlock"} or isinstance(found.sandbox, Unknown)
    assert isinstance(found.free_bytes, int)


def test_a_sandbox_that_does_not_work_is_told_with_the_reason(tmp_path: Path) -> None:
    found = machine(tmp_path, "docker").sandbox
    assert isinstance(found, Unknown)
    assert "there is no sandbox 'docker'" in found.why


@pytest.mark.parametrize(
    ("says", "version"),
    [("git version 2.39.5 (Apple Git-154)", (2, 39, 5)), ("git version 2.47.1.windows.2", (2, 47, 1)), ("hello", None)],
)
def test_the_version_of_git_is_read(
    tmp_path: Path, git_in_front: Callable[[str], None], says: str, version: tuple[int, ...] | None
) -> None:
    git_in_front(f"echo '{says}'; exit 0")
    found = machine(tmp_path, "auto").git
    assert found == version if version else isinstance(found, Unknown)


def test_a_machine_without_git_is_told_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = machine(tmp_path, "auto").git
    assert isinstance(found, Unknown)
    assert "install git" in found.why


def test_a_place_that_is_gone_has_no_room(tmp_path: Path) -> None:
    assert isinstance(machine(tmp_path / "gone", "auto").free_bytes, Unknown)
