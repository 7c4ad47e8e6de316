"""Several specs at once, some of them wrong: what is wrong is told first, and the others are built all the same."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pipeline_world import SPEC
from toolbuilder.cli import run_app

Git = Callable[..., str]
FIRST = ("--until", "requirements")
WRONG = {"specs/broken.yaml:2:1": "did you mean `input_type`?", "specs/worse.yaml:2:1": "this bracket is not closed"}


@pytest.fixture
def specs(git_repo: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a repository with two specs that are right and two that are wrong, and stand in it."""
    (git_repo / "specs").mkdir()
    for name in ("again", "dedupe"):
        (git_repo / f"specs/{name}.yaml").write_text(SPEC.replace("name: dedupe", f"name: {name}"))
    (git_repo / "specs/broken.yaml").write_text("name: broken\ninput_tpye: lines\n")
    (git_repo / "specs/worse.yaml").write_text("name: [\n")
    monkeypatch.chdir(git_repo)
    return git_repo


def branches(git: Git, folder: Path) -> list[str]:
    return git(folder, "for-each-ref", "--format=%(refname:short)", "refs/heads/toolbuilder").splitlines()


@pytest.mark.parametrize(
    "named", [(), ("specs",), ("dedupe", "broken", "worse", "again")], ids=["all", "folder", "some"]
)
def test_specs_that_are_wrong_keep_no_other_tool_from_being_built(
    specs: Path, git: Git, capsys: pytest.CaptureFixture[str], named: tuple[str, ...]
) -> None:
    assert run_app(["run", *FIRST, *named]) == 2
    printed = capsys.readouterr()
    assert branches(git, specs) == ["toolbuilder/again", "toolbuilder/dedupe"]
    for place, words in WRONG.items():
        [line] = [line for line in printed.err.splitlines() if place in line and words in line]
        assert printed.err.index(line) < printed.err.index(": requirements: commit"), "all that is wrong is told first"
    assert "4 tools: 2 with a wrong file, 2 built" in printed.out


def test_a_spec_that_is_wrong_is_all_there_is_and_nothing_is_done(
    specs: Path, git: Git, capsys: pytest.CaptureFixture[str]
) -> None:
    before = git(specs, "for-each-ref")
    for named in (["broken"], ["broken", "worse"]):
        assert run_app(["run", *FIRST, *named]) == 2
        printed = capsys.readouterr()
        assert (printed.out, "specs/broken.yaml:2:1" in printed.err) == ("", True)
    assert git(specs, "for-each-ref") == before


def test_of_two_specs_with_one_name_none_is_built(specs: Path, git: Git, capsys: pytest.CaptureFixture[str]) -> None:
    (specs / "other").mkdir()
    (specs / "other/dedupe.yaml").write_text(SPEC)
    assert run_app(["run", *FIRST, "again", "dedupe", "other"]) == 2
    told = capsys.readouterr().err
    assert "specs/dedupe.yaml: another spec is called dedupe too" in told
    assert "other/dedupe.yaml: another spec is called dedupe too" in told
    assert branches(git, specs) == ["toolbuilder/again"]


@pytest.mark.usefixtures("specs")
def test_a_program_is_told_of_every_tool(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_app(["run", *FIRST, "--json"]) == 2
    rows = json.loads(capsys.readouterr().out)
    assert {row["tool"]: row["exit_code"] for row in rows} == {"again": 0, "dedupe": 0, "broken": 2, "worse": 2}
    assert all("error" in row for row in rows if row["exit_code"])


@pytest.mark.usefixtures("specs")
def test_a_job_has_what_is_wrong_at_its_place(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary"))
    assert run_app(["run", *FIRST]) == 2
    assert "::error file=specs/broken.yaml,line=2,col=1,title=the file is wrong::" in capfd.readouterr().err
    assert "| `broken` | failed |" in (tmp_path / "summary").read_text()


@pytest.mark.usefixtures("specs")
def test_analyze_and_estimate_go_on_with_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_app(["analyze"]) == 2
    printed = capsys.readouterr()
    assert "broken.yaml:2:1" in printed.err
    assert ("dedupe: Remove" in printed.out, "again: Remove" in printed.out) == (True, True)
    assert run_app(["estimate", "--json"]) == 2
    printed = capsys.readouterr()
    assert "broken.yaml:2:1" in printed.err
    assert [row["tool"] for row in json.loads(printed.out)] == ["again", "dedupe"]
    assert run_app(["estimate", "broken"]) == 2
    assert capsys.readouterr().out == ""
