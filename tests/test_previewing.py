"""The preview in real processes: what a pull request that touches specs is told."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pipeline_world import SPEC
from tests.telling.rendered import harms

HOSTILE = (
    SPEC.replace("name: dedupe", "name: hostile")
    .replace("Remove duplicate", "'Close @octocat, fixes #12, ![i](https://evil.example/x). Remove duplicate")
    .replace("and the order.", "and the order.'")
)


def preview(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "toolbuilder", "preview", *arguments]
    return subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )


@pytest.fixture
def repository(git_repo: Path, git: Callable[..., str]) -> Path:
    (git_repo / "specs").mkdir()
    (git_repo / "specs/dedupe.yaml").write_text(SPEC)
    git(git_repo, "add", "specs")
    git(git_repo, "commit", "--quiet", "--message", "Want a tool")
    return git_repo


def refs(folder: Path, git: Callable[..., str]) -> str:
    return git(folder, "for-each-ref") + git(folder, "status", "--porcelain")


def test_right_specs_are_previewed_with_their_cost_and_nothing_is_done(
    repository: Path, git: Callable[..., str]
) -> None:
    before = refs(repository, git)
    ran = preview(repository)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("## All specs are right\n")
    assert "| `dedupe` | requirements | build: not built yet | 0 of " in ran.stdout
    assert refs(repository, git) == before


def test_programs_get_problems_plan_and_cost(repository: Path) -> None:
    ran = json.loads(preview(repository, "--json").stdout)
    assert ran["problems"] == []
    [row] = ran["plan"]
    assert (row["tool"], row["state"], row["due"]) == ("dedupe", "build", True)
    assert row["cost"]["calls"] == row["cost"]["free_calls"]
    assert row["cost"]["high_usd"] == 0.0


def test_every_error_of_every_spec_is_located(repository: Path, tmp_path: Path, git: Callable[..., str]) -> None:
    (repository / "specs/bad.yaml").write_text(
        SPEC.replace("name: dedupe", "name: good").replace("input_type", "input_tpye")
    )
    (repository / "specs/worse.yaml").write_text("name: [\n")
    git(repository, "add", "specs")
    git(repository, "commit", "--quiet", "--message", "Want more")
    summary = tmp_path / "summary"
    environment = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary), "GITHUB_WORKSPACE": str(repository)}
    ran = preview(repository, **environment)
    assert ran.returncode == 2
    told = [line for line in ran.stderr.splitlines() if line.startswith("::error file=specs/")]
    assert {line.split(",")[0] for line in told} == {"::error file=specs/bad.yaml", "::error file=specs/worse.yaml"}
    assert "did you mean `input_type`?" in ran.stderr
    assert "| `specs/bad.yaml:" in summary.read_text()
    assert "| `dedupe` | requirements |" in summary.read_text()


def test_hostile_specs_are_only_shown(repository: Path, git: Callable[..., str]) -> None:
    (repository / "specs/hostile.yaml").write_text(HOSTILE)
    (repository / "specs/bad.yaml").write_text(
        "name: '@octocat fixes #12 | <img src=x>'\n'![i](https://evil.example)': 1\n"
    )
    git(repository, "add", "specs")
    git(repository, "commit", "--quiet", "--message", "Want harm")
    ran = preview(repository)
    assert "`hostile`" in ran.stdout
    assert harms(ran.stdout) == []


def test_a_preview_needs_a_commit(tmp_path: Path, git: Callable[..., str]) -> None:
    git(tmp_path, "init", "--quiet", "empty")
    ran = preview(tmp_path / "empty")
    assert ran.returncode == 1
    assert "no commit yet" in ran.stderr


def test_the_plan_job_has_a_summary_and_annotations(repository: Path, tmp_path: Path, git: Callable[..., str]) -> None:
    (repository / "specs/bad.yaml").write_text("name: bad\n")
    git(repository, "add", "specs")
    git(repository, "commit", "--quiet", "--message", "Want more")
    summary = tmp_path / "summary"
    environment = {**os.environ, "GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)}
    command = [sys.executable, "-m", "toolbuilder", "plan", "--matrix"]
    ran = subprocess.run(command, cwd=repository, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert summary.read_text().startswith("## 1 to build\n")
    assert "::error file=specs/bad.yaml,line=1,col=1,title=the file is wrong::" in ran.stderr
    assert ran.stdout.splitlines()[0] == 'build={"include":[{"tool":"dedupe","from":""}]}'
