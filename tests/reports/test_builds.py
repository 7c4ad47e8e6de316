from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.pipeline_world import World
from tests.sabotage import Protection, assert_guarded
from tests.stages.bench import context_of, produce, spec_of
from tests.stages.test_verification import GOOD, PACKED
from toolbuilder.artifacts import Generation, Requirements, StageRecord, Verdict
from toolbuilder.build import Built
from toolbuilder.errors import BudgetReached, FileIsWrong, NeedsPerson, Problem
from toolbuilder.fleet import Status
from toolbuilder.history import AnyStage, Done
from toolbuilder.reports import builds
from toolbuilder.stage import Artifact
from toolbuilder.stages import STAGES
from toolbuilder.stages.requirements import REQUIREMENTS
from toolbuilder.yaml_files.models import write_model

UNSEEN = (*GOOD.examples[:2], Verdict(example="E3", held_out=True, passed=True))
ARTIFACTS: tuple[Artifact, ...] = (
    Generation(files=(), tested=(), for_reviewer=("C2",)),
    GOOD.model_copy(update={"examples": UNSEEN, "tests_passed": 19, "tests_failed": 1}),
    PACKED,
)
RECORD = StageRecord(stage="", inputs={}, engine={}, output="", files={}, adopted=True)
LAST: tuple[AnyStage, ...] = STAGES[2:]
DONE = tuple(Done(stage, one, RECORD, ()) for stage, one in zip(LAST, ARTIFACTS, strict=True))
BUILT = Built("dedupe", "refs/heads/toolbuilder/dedupe", "c" * 40, DONE, {"packaging": "c" * 40}, complete=True)
STATUS = Status(
    "dedupe", "c" * 40, ("requirements",), "architecture", "requirements changed", ("adopted, with an edit",)
)


def what_was_shown_to_work_is_told_with_what_to_type_next(part: Any) -> None:
    assert part.built_lines(BUILT) == [
        "  C2 is for a reviewer to judge",
        "  19 of 20 tests, 3 of 3 examples (1 held out) passed in bubblewrap; coverage 97.5 %, quality 1.00",
        "  dedupe-0.1.0-py3-none-any.whl installs offline into a clean environment and reproduces every example",
        "dedupe: built on branch toolbuilder/dedupe; look with `git log -p toolbuilder/dedupe`",
    ]


def examples_that_fail_are_not_counted_as_right(part: Any) -> None:
    wrong = GOOD.model_copy(
        update={"examples": (GOOD.examples[0], GOOD.examples[1].model_copy(update={"passed": False}))}
    )
    [line, _] = part.built_lines(replace(BUILT, done=(replace(DONE[1], artifact=wrong),)))
    assert "1 of 2 examples (0 held out)" in line


def an_unfinished_build_does_not_claim_to_be_built(part: Any) -> None:
    assert part.built_lines(replace(BUILT, complete=False, done=())) == [
        "dedupe: done as far as ordered, on branch toolbuilder/dedupe"
    ]
    assert part.built_lines(replace(BUILT, landed={})) == ["dedupe: nothing was left to do"]


def programs_are_told_which_stages_ran(part: Any) -> None:
    rows = part.built_rows("dedupe", BUILT)
    assert (rows["exit_code"], rows["commit"], rows["complete"]) == (0, "c" * 40, True)
    assert [(one["stage"], one["ran"]) for one in rows["stages"]] == [
        ("generation", False), ("verification", False), ("packaging", True),
    ]  # fmt: skip
    assert rows["stages"][0]["notes"] == ["adopted, with an edit"]


def an_error_keeps_its_exit_code(part: Any) -> None:
    errors = [FileIsWrong([Problem("a.yaml", 1, 2, "wrong")]), NeedsPerson("ask"), BudgetReached("no money")]
    rows = [part.built_rows("dedupe", error) for error in errors]
    assert [(row["exit_code"], row["error"]) for row in rows] == [(2, "a.yaml:1:2: wrong"), (3, "ask"), (4, "no money")]


def ends_are_counted_in_plain_words(part: Any) -> None:
    need = NeedsPerson("ask")
    assert part.summary_line([BUILT, need]) == "2 tools: 1 built, 1 needs a person"
    assert part.summary_line([need, BUILT, need]) == "3 tools: 2 need a person, 1 built"
    wrong = FileIsWrong([Problem("a.yaml", 1, 2, "wrong")])
    assert part.summary_line([BUILT, wrong]) == "2 tools: 1 built, 1 with a wrong file"


def a_status_is_one_line_a_tool(part: Any) -> None:
    rows = [
        STATUS,
        Status("x", "c" * 40, (), "", "", ()),
        Status("long-name", "", (), "", "", ("outdated: template changed",)),
        Status("bad", "", (), "", "", (), "bad.yaml:1:1: no\nbad.yaml:2:1: no"),
    ]
    assert part.status_lines(rows) == [
        "dedupe     1 stage done, next architecture: requirements changed (adopted, with an edit)",
        "x          up to date, cccccccccccc",
        "long-name  up to date, merged (outdated: template changed)",
        "bad        cannot be read: bad.yaml:1:1: no",
    ]
    assert part.status_lines([]) == ["there are no specs"]


GUARDED: list[Protection] = [
    (what_was_shown_to_work_is_told_with_what_to_type_next, "artifact.tests_passed + artifact.tests_failed", "artifact.tests_passed"),
    (examples_that_fail_are_not_counted_as_right, "sum(one.passed for one", "sum(True for one"),
    (an_unfinished_build_does_not_claim_to_be_built, "    if not built.complete:\n", "    if built.complete:\n"),
    (an_unfinished_build_does_not_claim_to_be_built, "    if not built.landed:\n", "    if False:\n"),
    (programs_are_told_which_stages_ran, "done.stage.name in end.landed", "bool(end.landed)"),
    (an_error_keeps_its_exit_code, '"exit_code": end.exit_code', '"exit_code": 1'),
    (ends_are_counted_in_plain_words, "if count == 1 else kind", "if count else kind"),
    (a_status_is_one_line_a_tool, "row.error.splitlines()[0]", "row.error"),
    (a_status_is_one_line_a_tool, "    if not row.due:\n", "    if row.due:\n"),
]  # fmt: skip


@pytest.mark.parametrize("protection", GUARDED)
def test_a_report_says_what_is_true(protection: Protection) -> None:
    assert_guarded(builds, protection)


def test_requirements_are_shown_to_read() -> None:
    artifact = produce(context_of(spec_of()), REQUIREMENTS).artifact(Requirements)
    lines = builds.requirement_lines("dedupe", write_model(artifact).decode())
    assert lines[0] == "dedupe: Remove duplicate lines, keeping the first occurrence and the order."
    assert "  C1   code  Use the standard library only." in lines
    assert "  flow: input -> lines (lines as it is read)" in lines


def test_requirements_that_cannot_be_read_are_located() -> None:
    with pytest.raises(FileIsWrong, match=r"dedupe: requirements:1:1: "):
        builds.requirement_lines("dedupe", "problem: x\n")


def test_a_real_build_is_reported(git_repo: Path) -> None:
    built = World(git_repo).build(until="requirements")
    assert builds.built_lines(built) == ["dedupe: done as far as ordered, on branch toolbuilder/dedupe"]
    assert builds.built_rows("dedupe", built)["stages"] == [{"stage": "requirements", "ran": True, "notes": []}]
