import shutil

import pytest

from tests.ground.clone import Clone

GIT = shutil.which("git") or "git"
# Stands in for toolbuilder: the first run moves the tool's branch, and `export` writes a package.
TOOLBUILDER = """#!/bin/sh
echo "toolbuilder $1" >>"$CALLS"
if [ "$1" = export ]; then mkdir -p "$3"; exit "${EXPORT:-0}"; fi
if ! git rev-parse --quiet --verify refs/heads/toolbuilder/log-levels; then git branch toolbuilder/log-levels; fi >&2
"""
# Stands in for uv, as far as making a wheel and installing it goes.
UV = """#!/bin/sh
echo "uv $1" >>"$CALLS"
if [ "$1" = venv ]; then
  mkdir -p "$4/bin"
  printf '#!/bin/sh\\necho the tool was asked: "$@"\\n' >"$4/bin/log-levels"
  chmod +x "$4/bin/log-levels"
fi
"""
COMMAND = (".ci/demonstrate", "log-levels", "--top", "3", "a b.log")


@pytest.fixture
def built(clone: Clone) -> Clone:
    (clone.programs / "git").symlink_to(GIT)
    (clone.folder / ".venv/bin").mkdir(parents=True)
    for name, body in {"toolbuilder": TOOLBUILDER, "uv": UV}.items():
        program = clone.folder / ".venv/bin" / name
        program.write_text(body)
        program.chmod(0o755)
    person = ("-c", "user.name=A Person", "-c", "user.email=person@localhost")
    for command in (("init", "--quiet"), (*person, "commit", "--quiet", "--allow-empty", "--message", "start")):
        assert clone.run("git", *command).returncode == 0
    return clone


def test_the_tool_is_built_installed_and_seen_at_work(built: Clone) -> None:
    shown = built.run(*COMMAND)
    assert shown.returncode == 0, shown.stderr
    assert "the tool was asked: --top 3 a b.log\n" in shown.stdout
    assert shown.stdout.splitlines()[-1].endswith("one commit a stage: git log toolbuilder/log-levels")
    assert built.calls() == ["toolbuilder run", "toolbuilder export", "uv build", "uv venv", "uv pip"]


def test_the_second_time_nothing_is_left_to_do(built: Clone) -> None:
    built.run(*COMMAND)
    built.calls()
    shown = built.run(*COMMAND)
    assert shown.stdout.splitlines()[-1].startswith("Nothing was left to do")
    assert built.calls() == ["toolbuilder run"]


def test_a_demonstration_that_always_says_so_is_caught(built: Clone) -> None:
    built.sabotage(".ci/demonstrate", "before=$(tip)", "before=")
    built.run(*COMMAND)
    assert "Nothing was left to do" not in built.run(*COMMAND).stdout


def test_an_installation_that_fails_shows_its_log_and_is_tried_again(built: Clone) -> None:
    failed = built.run(*COMMAND, EXPORT="1")
    assert failed.returncode == 1
    built.calls()
    assert built.run(*COMMAND).returncode == 0
    assert "toolbuilder export" in built.calls()
