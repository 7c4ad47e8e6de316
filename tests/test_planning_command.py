"""`toolbuilder plan` as a whole: what it prints, what it costs in processes, and what it does not load."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pipeline_world import SPEC
from tests.plan_benchmark import STANDINGS, git_processes, make
from toolbuilder.cli import run_app

HEAVY = ("git", "copier", "anthropic", "httpx2", "mcp", "rich", "toolbuilder.synthesis", "toolbuilder.bootstrap", "toolbuilder.adapters.offline")  # fmt: skip


@pytest.mark.parametrize(
    ("size", "standing"),
    [(30, "half built"), *((3, standing) for standing in STANDINGS if standing != "nothing built")],
)
def test_one_git_process_answers_for_any_number_of_tools_however_they_stand(
    size: int, standing: str, tmp_path: Path
) -> None:
    make(tmp_path / "repository", size, standing)
    [only] = git_processes(tmp_path / "repository")
    assert '"cat-file","--batch"' in only


def test_a_plan_loads_nothing_that_builds(git_repo: Path) -> None:
    code = "import sys; from toolbuilder.cli import run_app; run_app(['plan']); "
    code += "print([name for name in sys.argv[1:] if name in sys.modules], file=sys.stderr)"
    ran = subprocess.run([sys.executable, "-c", code, *HEAVY], cwd=git_repo, check=True, capture_output=True, text=True)
    assert (ran.stdout, ran.stderr.splitlines()[-1]) == ("there are no specs on the default branch\n", "[]")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a repository of ten tools, every other one built."""
    make(tmp_path / "repository", 10)
    monkeypatch.chdir(tmp_path / "repository")
    return tmp_path / "repository"


@pytest.mark.usefixtures("here")
def test_a_plan_is_printed_for_people_for_programs_and_for_workflows(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_app(["plan"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "10 tools: 5 build, 5 up to date; 5 to build now"
    assert run_app(["plan", "--json", "tool-0003"]) == 0
    [row] = json.loads(capsys.readouterr().out)
    assert (row["tool"], row["state"], row["due"]) == ("tool-0003", "up to date", False)
    assert run_app(["plan", "--matrix", "--from", "generation", "tool-0003"]) == 0
    printed = capsys.readouterr()
    assert printed.out.splitlines() == [
        'build={"include":[{"tool":"tool-0003","from":"generation"}]}', "builds=1", 'finish=["tool-0003"]', "shards=[1]",
    ]  # fmt: skip
    assert "1 to build now" in printed.err


@pytest.mark.usefixtures("here")
def test_two_forms_at_once_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_app(["plan", "--json", "--matrix"]) == 2
    assert "give one of the two" in capsys.readouterr().err


def test_a_broken_spec_is_exit_code_2_after_all_others_were_told(
    git_repo: Path, git: Callable[..., str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (git_repo / "specs").mkdir()
    (git_repo / "specs/dedupe.yaml").write_text(SPEC)
    (git_repo / "specs/broken.yaml").write_text("name: broken\n")
    git(git_repo, "add", "--all")
    git(git_repo, "commit", "--quiet", "--message", "Specs")
    monkeypatch.chdir(git_repo)
    assert run_app(["plan", "--matrix"]) == 2
    printed = capsys.readouterr()
    assert 'build={"include":[{"tool":"dedupe","from":""}]}' in printed.out
    assert "specs/broken.yaml:1:1" in printed.err


def test_a_plan_of_a_remote_looks_at_what_stands_there(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clone = here.parent / "clone"
    subprocess.run(["git", "clone", "--quiet", str(here), str(clone)], check=True)
    monkeypatch.chdir(clone)
    assert run_app(["plan"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "10 tools: 10 build; 10 to build now"
    assert run_app(["plan", "--remote", "origin"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "10 tools: 5 build, 5 up to date; 5 to build now"
    refs = subprocess.run(["git", "for-each-ref", "refs/heads"], check=True, capture_output=True, text=True).stdout
    assert refs.count("\n") == 1
