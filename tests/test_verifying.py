"""Whoever verifies trusts nothing that the build said; here the build lies in every way that it can."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.pipeline_world import SPEC, STAGES, World
from tests.sabotage import assert_guarded
from toolbuilder import bootstrap, verifying
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.artifacts import Generation
from toolbuilder.build import Order
from toolbuilder.cli import run_app
from toolbuilder.errors import NeedsPerson, SandboxUnavailable
from toolbuilder.fleet import order_of
from toolbuilder.history import AnyStage
from toolbuilder.landing import land
from toolbuilder.microtask import Runner, Silent
from toolbuilder.ports import Commit
from toolbuilder.spec.file import parse_spec
from toolbuilder.stage import Context, Files, Finding, Produced
from toolbuilder.stages import STAGES as REAL
from toolbuilder.survey import survey

Git = Callable[..., str]
BRANCH = "refs/heads/toolbuilder/dedupe"
ORDER = Order(parse_spec(SPEC.encode(), "specs/dedupe.yaml"), SPEC.encode())


async def honest(_context: Context, recorded: Generation, _files: Files) -> Generation:
    return recorded


async def unable(_context: Context, _recorded: Generation, _files: Files) -> Generation:
    raise NeedsPerson("the wheel does not build", findings=["no such module"])


async def without_sandbox(_context: Context, _recorded: Generation, _files: Files) -> Generation:
    raise SandboxUnavailable("no sandbox works here")


async def another(_context: Context, recorded: Generation, _files: Files) -> Generation:
    return recorded.model_copy(update={"notes": ("measured",)})


def notes_differ(recorded: Generation, measured: Generation) -> list[Finding]:
    return [] if recorded.notes == measured.notes else [Finding("notes", "", "claims more")]


def with_last(**facts: object) -> tuple[AnyStage, ...]:
    """Give the stages of the small world, the last one measuring."""
    return (*STAGES[:-1], replace(STAGES[-1], **{"again": honest, "exceeds": notes_differ, **facts}))  # type: ignore[arg-type]


def verified(part: Any, folder: Path, **facts: object) -> Any:
    workshop = World(folder, stages=with_last(**facts)).workshop
    return asyncio.run(part.verify(ORDER, workshop))


@dataclass(frozen=True)
class Here:
    """A repository, and git in the hands of a person."""

    folder: Path
    git: Git


def built(folder: Path) -> str:
    World(folder).build()
    return GitRepository(folder).resolve(BRANCH) or ""


def what_holds_is_verified_at_its_commit_and_nothing_moves(here: Here, part: Any) -> None:
    tip = built(here.folder)
    before = here.git(here.folder, "for-each-ref")
    found = verified(part, here.folder)
    assert (found.tip, found.findings, found.passed) == (tip, (), True)
    assert here.git(here.folder, "for-each-ref") == before


def a_record_that_claims_more_than_is_measured_is_named(here: Here, part: Any) -> None:
    built(here.folder)
    found = verified(part, here.folder, again=another)
    assert (found.findings, found.passed) == (("generation: notes: claims more",), False)


def every_stages_gate_is_asked_again(here: Here, part: Any) -> None:
    built(here.folder)
    for number, name in enumerate(("requirements", "architecture", "generation")):
        stages = list(with_last())
        stages[number] = replace(stages[number], gate=lambda *_: [Finding("gate", "here", "no")])
        found = asyncio.run(part.verify(ORDER, World(here.folder, stages=tuple(stages)).workshop))
        assert found.findings == (f"{name}: gate: here: no",)
        assert found.gates == {"requirements": 0, "architecture": 0, "generation": 0} | {name: 1}


def what_is_not_finished_is_not_verified(here: Here, part: Any) -> None:
    here.git(here.folder, "update-ref", "-d", BRANCH)
    World(here.folder).build(until="architecture")
    found = verified(part, here.folder)
    assert (found.findings, found.passed) == (("generation is not done: not built yet",), False)
    here.git(here.folder, "update-ref", "-d", BRANCH)


def what_cannot_be_measured_is_a_finding(here: Here, part: Any) -> None:
    built(here.folder)
    found = verified(part, here.folder, again=unable)
    assert found.findings == (
        "generation: measuring: the wheel does not build",
        "generation: measuring:   - no such module",
    )


def a_machine_without_a_sandbox_verifies_nothing(here: Here, part: Any) -> None:
    built(here.folder)
    with pytest.raises(SandboxUnavailable):
        verified(part, here.folder, again=without_sandbox)


def what_cannot_be_read_is_a_finding(here: Here, part: Any) -> None:
    tip = built(here.folder)
    repository = GitRepository(here.folder)
    path = "tools/dedupe/.toolbuilder/architecture.yaml"
    repository.swap(BRANCH, repository.write(Commit((tip,), "Lose it\n", {}, (path,))), tip)
    found = verified(part, here.folder)
    assert not found.passed
    assert "architecture.yaml is missing" in found.findings[0]
    here.git(here.folder, "update-ref", "-d", BRANCH)


GUARDED = [
    (what_holds_is_verified_at_its_commit_and_nothing_moves, "state.tip or state.parent, findings", '"", findings'),
    (a_record_that_claims_more_than_is_measured_is_named, "await done.stage.claims(here, done.artifact, files)", "[]"),
    (a_record_that_claims_more_than_is_measured_is_named, "bool(self.tip) and not self.findings", "bool(self.tip)"),
    (every_stages_gate_is_asked_again, "*done.stage.judge(here, done.artifact, files), ", ""),
    (every_stages_gate_is_asked_again, "in enumerate(done)", "in enumerate(done[-1:])"),
    (what_is_not_finished_is_not_verified, "if (due := state.replay.due) is not None:", "if due := None:"),
    (what_cannot_be_measured_is_a_finding, "claims = [Finding(", "claims = [] and [Finding("),
    (a_machine_without_a_sandbox_verifies_nothing, "    except SandboxUnavailable:\n        raise\n    except ToolbuilderError as error:\n        claims", "    except ToolbuilderError as error:\n        claims"),
    (what_cannot_be_read_is_a_finding, 'return Verified(tool, "", tuple(str(error).splitlines()))', 'return Verified(tool, "x")'),
]  # fmt: skip


@pytest.mark.parametrize(("check", "text", "instead"), GUARDED)
def test_verifying_is_guarded(git: Git, git_repo: Path, check: Callable[..., None], text: str, instead: str) -> None:
    assert_guarded(verifying, (partial(check, Here(git_repo, git)), text, instead))


MORE = SPEC.replace(
    "constraints:",
    '  - {input: "p\\np\\nq\\n", output: "p\\nq\\n"}\n  - {input: "u\\nv\\nu\\n", output: "u\\nv\\n"}\nconstraints:',
)


@pytest.fixture(scope="session")
def really_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a repository in which a tool with a held-out example was really built."""
    folder = tmp_path_factory.mktemp("built")
    (folder / "specs").mkdir()
    (folder / "specs/dedupe.yaml").write_text(MORE)
    for command in (["git", "init", "--quiet", "--initial-branch=main"], ["git", "add", "--all"], ["git", "commit", "--quiet", "--message", "Spec"], [sys.executable, "-m", "toolbuilder", "run", "dedupe"]):  # fmt: skip
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder


def landed_by_a_liar(folder: Path, changed: dict[str, bytes], **record: object) -> str:
    """Land the last three stages once more: other sources, and records that say that all is as it was."""
    workshop, order = bootstrap.workshop(folder), order_of(folder / "specs/dedupe.yaml")
    state = survey(order, workshop, frozenset())
    artifacts = {one.stage.name: one.artifact for one in state.replay.done}
    own = {one.stage.name: {p: state.tree.files[p] for p in one.record.files if not p.startswith(".")} for one in state.replay.done}  # fmt: skip
    artifacts["verification"] = artifacts["verification"].model_copy(update=record)
    again = {stage.name for stage in REAL[2:]}
    for stage in REAL[2:]:
        state = survey(order, workshop, again)
        files = {path: changed.get(path, content) for path, content in own[stage.name].items()}
        tip = land(state, stage, Produced(artifacts[stage.name], files), Runner(Silent()), workshop)
        again -= {stage.name}
    return tip


def test_verify_passes_what_was_built_and_commits_nothing(
    really_built: Path, git: Git, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(really_built)
    before = git(really_built, "for-each-ref")
    assert run_app(["verify", "dedupe", "--output"]) == 0
    printed = capsys.readouterr()
    tip = git(really_built, "rev-parse", BRANCH)
    assert json.loads(printed.out.removeprefix("verified=")) == {"dedupe": tip}
    assert f"dedupe: verified at {tip[:12]}" in printed.err
    assert "5 examples (1 held out)" in printed.err
    assert git(really_built, "for-each-ref") == before


def test_the_job_has_a_summary_and_annotations(
    really_built: Path, git: Git, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    summary = tmp_path / "summary"
    monkeypatch.chdir(really_built)
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    assert run_app(["verify", "dedupe", "gone", "--output"]) == 3
    tip = git(really_built, "rev-parse", BRANCH)
    told = summary.read_text()
    assert told.startswith("## toolbuilder: 1 of 2 verified\n")
    row = f"| `dedupe` | `{tip[:12]}` | verified | {' | '.join(['passed'] * 5)} | 5 of 5 examples (1 held out) |"
    assert row in told
    assert "## gone: not verified" in told
    annotation = (
        "::error file=specs/gone.yaml,title=gone%3A not verified::specs/gone.yaml: the default branch has no such"
    )
    assert annotation in capfd.readouterr().err


def test_a_commit_that_there_is_not_is_wrong_usage_and_a_tool_that_there_is_not_has_not_passed(
    git_repo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(git_repo)
    assert run_app(["verify", "dedupe", "--ref", "nothing"]) == 2
    assert "there is no 'nothing' here" in capsys.readouterr().err
    assert run_app(["verify", "dedupe", "--json"]) == 3
    printed = capsys.readouterr()
    assert printed.out == "{}\n"
    assert "specs/dedupe.yaml: the default branch has no such spec" in printed.err


@pytest.mark.slow
def test_sources_that_fail_only_a_held_out_example_are_caught(
    really_built: Path, git: Git, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(really_built)
    honest_tip = git(really_built, "rev-parse", BRANCH)
    path = "src/dedupe/dedupe.py"
    source = git(really_built, "show", f"{BRANCH}:tools/dedupe/{path}") + "\n"
    learnt_by_heart = source.replace(
        "list(dict.fromkeys(lines))", '[one for one in dict.fromkeys(lines) if one != "p"]'
    )
    assert learnt_by_heart != source
    tip = landed_by_a_liar(really_built, {path: learnt_by_heart.encode()})
    assert run_app(["plan"]) == 0
    assert "up to date" in capsys.readouterr().out
    assert run_app(["verify", "dedupe", "--json"]) == 3
    printed = capsys.readouterr()
    assert json.loads(printed.out) == {}
    assert "verification: examples: E4: the record says that it is right; it is not" in printed.err
    assert "packaging: examples: E4: the record says that it is right; it is not" in printed.err
    assert '"p"' not in printed.err
    git(really_built, "update-ref", BRANCH, honest_tip, tip)


@pytest.mark.slow
def test_a_record_of_more_tests_than_there_are_is_caught_on_the_branch_and_anywhere_else(
    really_built: Path, git: Git, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(really_built)
    honest_tip = git(really_built, "rev-parse", BRANCH)
    tip = landed_by_a_liar(really_built, {}, tests_passed=999)
    git(really_built, "update-ref", BRANCH, honest_tip, tip)
    assert run_app(["verify", "dedupe", "--ref", tip]) == 3
    assert "verification: tests: the record claims 999; " in capsys.readouterr().err
