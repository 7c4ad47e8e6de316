from dataclasses import replace

from tests.bought import bought
from toolbuilder.estimate import Estimate, Forecast, PastBuild
from toolbuilder.metrics import metrics_of, spent
from toolbuilder.reports.costs import estimate_lines, estimate_table, metrics_lines, run_lines
from toolbuilder.stages import STAGES

ROW = Forecast("generation", 4, 1, 3_000, 500, 0.01, 0.5, 2.0)
TOTAL = replace(ROW, stage="total")
ESTIMATE = Estimate("tool", (ROW,), TOTAL, None)


def test_an_estimate_is_marked_as_computed_and_shows_its_three_amounts() -> None:
    assert estimate_lines(ESTIMATE) == [
        "tool: computed, not measured; repairs are left out",
        "              calls  free    input   output        low   expected       high",
        "generation        4     1     3000      500    $0.0100    $0.5000      $2.00",
        "total             4     1     3000      500    $0.0100    $0.5000      $2.00",
    ]


def test_an_estimate_shows_its_error_for_the_last_paid_build() -> None:
    past = PastBuild(real_usd=0.5, estimated_usd=0.6, error=0.2)

    assert estimate_lines(replace(ESTIMATE, past=past))[-1] == (
        "the last build of this spec cost $0.5000; computed in this way it would be $0.6000, +20%"
    )


def test_an_unknown_amount_is_called_unknown() -> None:
    unknown = replace(TOTAL, low_usd=None, expected_usd=None, high_usd=None)

    assert estimate_lines(replace(ESTIMATE, total=unknown))[-1].split()[-3:] == ["unknown"] * 3


def test_questions_that_no_rung_can_answer_are_told() -> None:
    offline = Forecast("total", 11, 9, 0, 0, 0.0, 0.0, 0.0)

    assert estimate_lines(replace(ESTIMATE, total=offline))[-1] == (
        "2 of the 11 questions need a model, and this engine asks none"
    )


def test_the_totals_of_several_tools_are_a_markdown_table() -> None:
    assert estimate_table([ESTIMATE])[2:] == ["| tool | 3 of 4 | 3000 | 500 | $0.0100 | $0.5000 | $2.00 |"]


def test_metrics_show_each_group_and_the_total() -> None:
    lines = metrics_lines(metrics_of([bought(1), bought(2, tool="another")], STAGES, {}))

    for title in ("tool", "stage", "microtask", "model", "day"):
        assert any(line.startswith(f"{title} ") and line.endswith("cost") for line in lines)
    assert [line.split() for line in lines if line.startswith(("another", "total"))] == [
        ["another", "1", "100", "20", "0%", "$2.00"],
        ["total", "2", "200", "40", "0%", "$3.00"],
    ]


def test_doubts_are_told_below_the_total() -> None:
    calls = [bought(1), bought(0.5, cost="at most", answered=False), bought(0, cost="unknown")]

    assert metrics_lines(metrics_of(calls, STAGES, {}))[-3:] == [
        "of this, $0.5000 is reserved for calls of which nobody knows whether they were billed",
        "1 calls brought no usable answer",
        "the price of 1 calls is unknown: they are in no amount",
    ]


def test_a_group_without_any_price_costs_an_unknown_amount() -> None:
    lines = metrics_lines(metrics_of([bought(0, cost="unknown")], STAGES, {}))

    assert next(line for line in lines if line.startswith("shop-1")).endswith("unknown")


def test_costs_that_only_commits_know_are_told() -> None:
    lines = metrics_lines(metrics_of([], STAGES, {"tool": 0.5, "free": 0.0}))

    fetch = "type `git fetch origin 'refs/toolbuilder/journal/*:refs/toolbuilder/journal/*'`"
    assert lines == [
        "nothing was paid for",
        f"tool: its commits say $0.5000, and its journal is not here: {fetch}",
    ]


def test_the_last_lines_of_a_run_say_what_it_paid() -> None:
    assert run_lines(spent("run", [])) == []
    assert run_lines(spent("run", [bought(0.25), bought(1)])) == [
        "paid $1.25 for 2 calls, 200 + 40 tokens, 0% of the input from cache"
    ]
