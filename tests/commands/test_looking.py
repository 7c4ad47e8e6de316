from pathlib import Path

import pytest

from tests.pipeline_world import SPEC
from toolbuilder.cli import run_app


@pytest.mark.parametrize("command", ["plan", "preview", "status", "publish", "verify x", "metrics"])
def test_outside_a_repository_every_command_says_so_in_one_line(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run_app(command.split()) == 1
    said = f"toolbuilder: {tmp_path} is not inside a git repository; type `git init {tmp_path}`\n"
    assert capsys.readouterr().err == said


def test_what_is_exported_unfinished_is_said_to_be_so(
    git_repo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (git_repo / "specs").mkdir()
    (git_repo / "specs/dedupe.yaml").write_text(SPEC)
    monkeypatch.chdir(git_repo)
    assert run_app(["run", "dedupe", "--until", "generation"]) == 0
    capsys.readouterr()
    assert run_app(["export", "dedupe", "out"]) == 0
    assert "this is not finished: dedupe  3 stages done, next verification" in capsys.readouterr().err
    assert run_app(["run", "dedupe"]) == 0
    capsys.readouterr()
    assert run_app(["export", "dedupe", "whole"]) == 0
    assert "not finished" not in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["-h"], ["run", "-h"]])
def test_help_has_a_short_name(arguments: list[str]) -> None:
    assert run_app(arguments) == 0
