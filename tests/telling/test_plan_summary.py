from typing import Any

import pytest

from tests.sabotage import Protection, assert_guarded
from tests.telling.rendered import harms
from toolbuilder.errors import Problem
from toolbuilder.planning.verdict import Verdict
from toolbuilder.telling import plan_summary
from toolbuilder.telling.plan_summary import Cost

DUE = Verdict("new-tool", "build", "not built yet", "requirements", due=True)
STALE = Verdict("stale-tool", "stale", "spec changed", "generation", due=True)
WAITS = Verdict("waiting", "waits for a person", "ask @octocat | fixes #12")
OLD = Verdict("old", "outdated", "template changed", "generation", usd=1.25)
FINE = Verdict("fine", "up to date")
BROKEN = Verdict("bad", "broken", "specs/bad.yaml:1:1: `name` is missing")
PLAN = [FINE, DUE, WAITS, STALE, OLD, BROKEN]
COSTS = {"new-tool": Cost(11, 4, 0.125, 1.5), "stale-tool": None}


def what_is_to_be_built_stands_first(part: Any) -> None:
    text = part.plan_summary(PLAN)
    assert text.startswith(
        "## 2 to build\n\n1 up to date, 1 build, 1 waits for a person, 1 stale, 1 outdated, 1 broken\n"
    )
    assert "| `stale-tool` | generation | stale: spec changed |" in text
    assert text.index("stale-tool") < text.index("## Held back") < text.index("waiting")
    assert "<summary>2 more: 1 up to date, 1 outdated</summary>" in text
    assert "its outdated stages cost $1.25 the last time" in text
    assert harms(text) == []


def costs_are_told_with_what_they_are(part: Any) -> None:
    text = part.plan_summary(PLAN, COSTS)
    assert "| `new-tool` | requirements | build: not built yet | 7 of 11 | $0.1250 | $1.50 |" in text
    assert "| `stale-tool` | generation | stale: spec changed | not computed |  |  |" in text
    assert "nothing was spent" in text
    assert "| unknown | unknown |" in part.plan_summary([DUE], {"new-tool": Cost(1, 0, None, None)})


def a_preview_begins_with_what_is_wrong(part: Any) -> None:
    text = part.preview(
        [Problem("specs/bad.yaml", 3, 5, "a | b @octocat"), Problem("specs/c.yaml", 0, 0, "no")], PLAN, COSTS
    )
    assert text.startswith("## 2 problems in specs\n")
    assert "| `specs/bad.yaml:3:5` | a \\| b @" in text
    assert "| `specs/c.yaml` | no |" in text
    assert "`bad` | broken" not in text
    assert harms(text) == []


GUARDED: list[Protection] = [
    (what_is_to_be_built_stands_first, "if not one.due and one.state not in HELD]", "if one.state not in HELD]"),
    (what_is_to_be_built_stands_first, "return row(code(one.tool), one.state, prose(one.why) + cost)", "return row(code(one.tool), one.state, one.why + cost)"),
    (costs_are_told_with_what_they_are, "asked = cost.calls - cost.free_calls", "asked = cost.calls"),
    (costs_are_told_with_what_they_are, '"unknown" if amount is None else', '"$0.00" if amount is None else'),
    (a_preview_begins_with_what_is_wrong, "prose(one.message)) for one in problems", "one.message) for one in problems"),
    (a_preview_begins_with_what_is_wrong, 'if one.state != "broken"', "if one.state"),
]  # fmt: skip


@pytest.mark.parametrize("protection", GUARDED)
def test_a_plan_is_told(protection: Protection) -> None:
    assert_guarded(plan_summary, protection)


def test_a_plan_with_nothing_to_do_says_so() -> None:
    assert plan_summary.plan_summary([FINE]).startswith("## Nothing is to be built\n\n1 up to date\n")
    assert plan_summary.plan_summary([]) == "## Nothing is to be built\n\nThere are no specs.\n"


def test_a_preview_without_problems_says_so() -> None:
    text = plan_summary.preview([], [FINE], {})
    assert text.startswith("## All specs are right\n\nNo error was found in any spec.\n\n## Nothing is to be built\n")


def test_a_plan_of_thousands_fits() -> None:
    many = [Verdict(f"tool-{number}", "build", "x" * 200, "requirements", due=True) for number in range(3_000)]
    assert len(plan_summary.plan_summary(many).encode()) < 1_000_000
