from typing import Any

import pytest

from tests.sabotage import Protection, assert_guarded
from tests.telling.rendered import harms
from tests.telling.test_mermaid import is_gantt
from tests.telling.views import TIP, Texts, view_of
from toolbuilder.build import Built
from toolbuilder.errors import BudgetReached, NeedsPerson, RepositoryError
from toolbuilder.events import Event, Rejected, StageKept, StageLanded, StageStarted
from toolbuilder.telling import run_summary
from toolbuilder.telling.fitting import size
from toolbuilder.telling.mermaid import Bar

DONE = Built("dedupe", "refs/heads/toolbuilder/dedupe", TIP, (), {"verification": TIP}, complete=True)
SEEN: list[tuple[float, Event]] = [
    (0.0, StageKept("dedupe", "requirements", "")),
    (0.5, StageStarted("dedupe", "verification", "not built yet")),
    (1.0, StageStarted("other", "generation", "not built yet")),
    (2.0, Rejected("dedupe", "verification", 3)),
    (4.0, StageLanded("dedupe", "verification", TIP)),
]


def bars_show_when_stages_ran(part: Any) -> None:
    assert part.bars_of(SEEN, 9.0) == [
        Bar("dedupe", "verification, 2 attempts", 0.5, 4.0, "done"),
        Bar("other", "generation", 1.0, 9.0, "crit"),
    ]


def ends_are_counted(part: Any) -> None:
    ends = {"a": DONE, "b": NeedsPerson("x"), "c": BudgetReached("x"), "d": RepositoryError("x"), "e": NeedsPerson("y")}
    text = part.run_summary(ends, SEEN, 9.0, {})
    assert text.startswith("## toolbuilder: 1 built, 2 waits for a person, 1 capped, 1 failed\n")


def failures_are_shown_and_do_no_harm(part: Any) -> None:
    text = part.run_summary({"a": NeedsPerson("```\n@octocat fixes #12", findings=["</details>"])}, [], 1.0, {})
    assert "## a waits for a person" in text
    assert "  - </details>" in text
    assert harms(text) == []


def only_stages_that_ran_are_shown(part: Any) -> None:
    text = part.run_summary({"dedupe": DONE}, SEEN, 9.0, {"dedupe": view_of()})
    assert "| `dedupe` | built | verification | requirements |" in text
    assert "### Gates" in text
    assert "### Requirements" not in text
    assert harms(text) == []


GUARDED: list[Protection] = [
    (bars_show_when_stages_ran, "tries[tool, stage] = tries.get((tool, stage), 1) + 1", "pass"),
    (bars_show_when_stages_ran, 'begin, end, "done" if landed else "crit"', 'begin, end, "done"'),
    (ends_are_counted, '        case NeedsPerson():\n            return "waits for a person"\n', ""),
    (failures_are_shown_and_do_no_harm, "block(str(end), longest=6_000)", "str(end)"),
    (only_stages_that_ran_are_shown, "stage_parts(view, end.landed)", 'stage_parts(view, ["requirements", "verification"])'),
]  # fmt: skip


@pytest.mark.parametrize("protection", GUARDED)
def test_a_run_is_summed_up(protection: Protection) -> None:
    assert_guarded(run_summary, protection)


def test_the_chart_is_a_gantt_chart() -> None:
    text = run_summary.run_summary({"dedupe": DONE}, SEEN, 9.0, {})
    assert is_gantt(text.split("```mermaid\n")[1].split("```")[0])


def test_a_run_of_many_tools_fits() -> None:
    huge = view_of(Texts(word="@octocat fixes #12 *|<b>` " * 18, many="| *a* `b` \n" * 1_600, examples=40))
    ends = {f"tool-{number}": DONE for number in range(300)}
    seen: list[tuple[float, Event]] = [
        (float(n), event(f"tool-{n}", "verification", "x")) for n in range(300) for event in (StageStarted, StageLanded)
    ]
    text = run_summary.run_summary(ends, seen, 9.0, dict.fromkeys(ends, huge))
    assert size(text) < run_summary.LIMIT
    assert len(text.encode()) < 1_000_000
    assert text.count(" :done") == run_summary.MOST_BARS


def test_a_run_without_tools_says_so() -> None:
    assert run_summary.run_summary({}, [], 0.0, {}) == "## toolbuilder: nothing to build\n\nNo tool was named.\n"
