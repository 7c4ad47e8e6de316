"""A spec goes in, five stage commits come out, and what they hold is an installable command that does what it says."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from uv import find_uv_bin

from tests.pipeline_world import SPEC
from toolbuilder.cli import run_app
from toolbuilder.proof.comparison import Outcome, compare
from toolbuilder.spec.file import read_spec

Git = Callable[..., str]
SPECS = Path(__file__).parents[1] / "specs"
STAGES = ["requirements", "architecture", "generation", "verification", "packaging"]


@pytest.fixture
def here(git_repo: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in an empty repository that has only specs."""
    (git_repo / "specs").mkdir()
    monkeypatch.chdir(git_repo)
    return git_repo


def assert_built(git: Git, folder: Path, tool: str) -> None:
    subjects = git(folder, "log", "--reverse", "--format=%s", f"main..toolbuilder/{tool}").splitlines()
    assert subjects == [f"{tool}: {stage}" for stage in STAGES]
    assert git(folder, "status", "--porcelain", "--untracked-files=no") == ""
    assert git(folder, "symbolic-ref", "HEAD") == "refs/heads/main"
    git(folder, "fsck", "--strict", "--no-dangling")


def install(source: Path, environment: Path) -> None:
    """Install an exported package as a user does, the wheel built by the hatchling that is here."""
    uv = find_uv_bin()
    build = [uv, "build", "--wheel", "--no-build-isolation", "--offline", "--quiet", "--python", sys.executable]
    subprocess.run([*build, "--out-dir", str(environment / "wheel"), str(source)], check=True)
    subprocess.run(
        [uv, "venv", "--quiet", "--offline", "--python", sys.executable, str(environment / "env")], check=True
    )
    wheel = next((environment / "wheel").glob("*.whl"))
    command = [
        uv,
        "pip",
        "install",
        "--quiet",
        "--offline",
        "--no-deps",
        "--python",
        str(environment / "env/bin/python"),
    ]
    subprocess.run([*command, str(wheel)], check=True)


def test_a_spec_becomes_an_installed_command(here: Path, git: Git, tmp_path: Path) -> None:
    (here / "specs/dedupe.yaml").write_text(SPEC)
    assert run_app(["run", "dedupe"]) == 0
    assert_built(git, here, "dedupe")
    assert run_app(["export", "dedupe", str(tmp_path / "out")]) == 0
    install(tmp_path / "out", tmp_path)
    command = [str(tmp_path / "env/bin/dedupe")]
    ran = subprocess.run(command, input="k\nj\nk\n", capture_output=True, text=True, check=True, cwd=tmp_path)
    assert ran.stdout == "k\nj\n"
    as_module = [str(tmp_path / "env/bin/python"), "-m", "dedupe", "--version"]
    assert subprocess.run(as_module, capture_output=True, text=True, check=True).stdout == "dedupe 0.1.0\n"


def test_a_second_run_has_nothing_to_do(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "specs/dedupe.yaml").write_text(SPEC)
    assert run_app(["run", "dedupe"]) == 0
    capsys.readouterr()
    assert run_app(["run", "dedupe"]) == 0
    assert capsys.readouterr().out == "dedupe: nothing was left to do\n"


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted(SPECS.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_spec_becomes_a_command_that_reproduces_its_examples(
    here: Path, git: Git, tmp_path: Path, path: Path
) -> None:
    (here / "specs" / path.name).write_bytes(path.read_bytes())
    assert run_app(["run", path.stem]) == 0
    assert_built(git, here, path.stem)
    assert run_app(["export", path.stem, str(tmp_path / "out")]) == 0
    source = str(tmp_path / "out/src")
    spec = read_spec(path)
    for example in [one for one in spec.examples if not one.answers and spec.output_type != "files"]:
        folder = tmp_path / "work"
        for name, text in example.files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        folder.mkdir(exist_ok=True)
        command = [sys.executable, "-m", spec.package, *example.args, *example.files]
        environment = {**os.environ, "PYTHONPATH": source}
        ran = subprocess.run(
            command, input=example.input or "", capture_output=True, text=True, check=False, cwd=folder, env=environment
        )
        assert compare(example, Outcome(ran.stdout, ran.stderr, ran.returncode)) == "", example.name


def run_until_killed(folder: Path, line_to_wait_for: str) -> None:
    """Run the real command and kill it with SIGKILL as soon as it prints a line."""
    command = [sys.executable, "-m", "toolbuilder", "run", "dedupe"]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line_to_wait_for in line:
                process.kill()
                break
        process.stderr.read()


@pytest.mark.slow
def test_a_real_build_killed_after_every_stage_ends_with_the_same_commit(here: Path, git: Git) -> None:
    (here / "specs/dedupe.yaml").write_text(SPEC)
    assert run_app(["run", "dedupe"]) == 0
    unharmed = git(here, "rev-parse", "toolbuilder/dedupe")
    for ref in ("refs/heads/toolbuilder/dedupe", "refs/toolbuilder/journal/dedupe", "refs/toolbuilder/log/dedupe"):
        git(here, "update-ref", "-d", ref)
    for stage in STAGES[:-1]:
        run_until_killed(here, f"{stage}: commit")
    assert run_app(["run", "dedupe"]) == 0
    assert git(here, "rev-parse", "toolbuilder/dedupe") == unharmed


@pytest.mark.slow
def test_the_test_of_the_examples_is_not_weakened_on_the_branch(
    here: Path, git: Git, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "specs/dedupe.yaml").write_text(SPEC)
    git(here, "add", "--all")
    git(here, "commit", "--quiet", "--message", "Want a tool")
    assert run_app(["run", "dedupe"]) == 0
    path = "tools/dedupe/tests/test_examples.py"
    written = git(here, "show", f"toolbuilder/dedupe:{path}")
    git(here, "switch", "--quiet", "toolbuilder/dedupe")
    (here / path).write_text(written.replace('assert done.returncode == example["exit_code"]', "assert True"))
    git(here, "commit", "--quiet", "--all", "--message", "Weaken it")
    git(here, "switch", "--quiet", "main")
    capsys.readouterr()
    assert run_app(["run", "dedupe"]) == 2
    told = capsys.readouterr().err
    assert f"{path}:28:1: the edit fails: is not what the examples make of it; `toolbuilder run dedupe --from" in told
    assert run_app(["verify", "dedupe"]) == 3
    assert run_app(["run", "dedupe", "--from", "generation"]) == 0
    assert git(here, "show", f"toolbuilder/dedupe:{path}") == written
    assert run_app(["verify", "dedupe"]) == 0
