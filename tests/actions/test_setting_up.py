"""What the action does on a runner, where every program but the plainest ones is a stand-in."""

import shutil
from pathlib import Path

import pytest

from tests.actions.workflows import ROOT
from tests.ground.clone import Clone, clone_into

ACTION = ".github/actions/toolbuilder"
# Stands in for Python as far as pip goes, and puts in place a stand-in for uv that makes an environment.
PYTHON = """
echo "$1 $2 $3 $(basename "$PWD")" >>"$CALLS"
while [ "$1" != --target ]; do shift; done
mkdir -p "$2/bin" && cp "$HOME/uv" "$2/bin/uv"
"""
UV = """#!/bin/sh
echo "uv $*" >>"$CALLS"
for last; do :; done
if [ "$1" = venv ]; then mkdir -p "$last/bin" && echo "#!/bin/sh" >"$last/bin/toolbuilder"; fi
"""


@pytest.fixture
def runner(tmp_path: Path) -> Clone:
    """Give the ground, the action, and a runner's folder for temporary files."""
    clone = clone_into(tmp_path)
    shutil.copytree(ROOT / ACTION, clone.folder / ACTION)
    shutil.copy(ROOT / "requirements-run.lock", clone.folder)
    clone.program("basename", "echo here")
    clone.program("python", PYTHON)
    home = clone.programs.parent
    (home / "uv").write_text(UV)
    (home / "uv").chmod(0o755)
    (home / "temp").mkdir()
    return clone


def install(runner: Clone) -> list[str]:
    home = runner.programs.parent
    python = str(runner.programs / "python")
    result = runner.run(f"{ACTION}/install", PYTHON=python, RUNNER_TEMP=f"{home}/temp", GITHUB_PATH=f"{home}/path")
    assert result.returncode == 0, result.stderr
    return runner.calls()


def test_the_lock_is_installed_by_hash_and_toolbuilder_without_a_network(runner: Clone) -> None:
    pip, venv, sync, itself = install(runner)
    assert pip.startswith("-m pip install")
    assert venv.startswith("uv venv")
    assert sync.endswith(f"--require-hashes {runner.folder}/requirements-run.lock")
    assert "--offline --no-deps --no-build-isolation" in itself
    assert itself.endswith(str(runner.folder))


def test_only_toolbuilder_comes_onto_the_path(runner: Clone) -> None:
    install(runner)
    [added] = (runner.programs.parent / "path").read_text().splitlines()
    assert [path.name for path in Path(added).iterdir()] == ["toolbuilder"]
    assert (Path(added) / "toolbuilder").resolve().read_text() == "#!/bin/sh\n"


def test_a_runner_that_is_used_again_starts_anew(runner: Clone) -> None:
    assert install(runner) == install(runner)


RULE = "/proc/sys/kernel/apparmor_restrict_unprivileged_userns"
SUDO = 'shift; echo "sudo $*" >>"$CALLS"'


def allow(runner: Clone, restricted: str, where: str, sudo: str = SUDO) -> tuple[str, list[str]]:
    rule = runner.programs.parent / "rule"
    rule.write_text(restricted)
    runner.sabotage(f"{ACTION}/sandbox", RULE, str(rule))
    runner.program("bwrap", "")
    runner.program("sudo", sudo)
    result = runner.run(f"{ACTION}/sandbox", RUNNER_ENVIRONMENT=where)
    assert result.returncode == 0, result.stderr
    return result.stdout, runner.calls()


def test_a_machine_that_is_thrown_away_lets_bubblewrap_make_namespaces(runner: Clone) -> None:
    _, calls = allow(runner, "1", "github-hosted")
    assert calls == ["sudo sysctl --quiet --write kernel.apparmor_restrict_unprivileged_userns=0"]


@pytest.mark.parametrize("restricted", ["0", ""])
def test_where_nothing_is_refused_nothing_is_changed(runner: Clone, restricted: str) -> None:
    assert allow(runner, restricted, "github-hosted") == ("", [])


def test_a_machine_of_somebodys_own_is_left_as_it_is(runner: Clone) -> None:
    said, calls = allow(runner, "1", "self-hosted")
    assert "an AppArmor profile for bwrap" in said
    assert calls == []


def test_a_script_that_changes_any_machine_is_caught(runner: Clone) -> None:
    runner.sabotage(f"{ACTION}/sandbox", '"${RUNNER_ENVIRONMENT:-}" != github-hosted', "x = y")
    assert allow(runner, "1", "self-hosted")[1], "the sound one had changed nothing"


def test_a_runner_that_refuses_goes_on_without(runner: Clone) -> None:
    said, _ = allow(runner, "1", "github-hosted", "exit 1")
    assert said.startswith("Going on without namespaces")
