"""What estimates and metrics show, as lines to read."""

from collections.abc import Iterable
from decimal import Decimal

from toolbuilder.budget import dollars
from toolbuilder.estimate import Estimate, Forecast, PastBuild
from toolbuilder.metrics import Metrics, Spent

UNKNOWN = "unknown"
FETCH = "type `git fetch origin 'refs/toolbuilder/journal/*:refs/toolbuilder/journal/*'`"


def estimate_lines(estimate: Estimate) -> list[str]:
    """Show an estimate, marked as computed, and how far it was off for the last paid build of the same spec."""
    head = f"{'':13} {'calls':>5} {'free':>5} {'input':>8} {'output':>8} {'low':>10} {'expected':>10} {'high':>10}"
    rows = [_forecast_line(row) for row in (*estimate.stages, estimate.total)]
    title = f"{estimate.tool}: computed, not measured; repairs are left out"
    return [title, head, *rows, *_unanswered(estimate.total), *_past_lines(estimate.past)]


def estimate_table(estimates: Iterable[Estimate]) -> list[str]:
    """Give a Markdown table of the totals of several tools, for a README; all of it computed."""
    totals = [(one.tool, one.total) for one in estimates]
    rows = [
        f"| {tool} | {row.calls - row.free_calls} of {row.calls} | {row.input_tokens} | {row.output_tokens} "
        f"| {_usd(row.low_usd)} | {_usd(row.expected_usd)} | {_usd(row.high_usd)} |"
        for tool, row in totals
    ]
    head = "| tool (computed) | paid calls | input tokens | output tokens | low | expected | high |"
    return [head, "|---|--:|--:|--:|--:|--:|--:|", *rows]


def metrics_lines(metrics: Metrics) -> list[str]:
    """Show what was spent, group by group."""
    if not metrics.total.calls:
        return ["nothing was paid for", *_commit_lines(metrics)]
    groups = {
        "tool": metrics.tools,
        "stage": metrics.stages,
        "microtask": metrics.microtasks,
        "model": metrics.models,
        "day": metrics.days,
    }
    tables = [line for title, rows in groups.items() for line in (_head(title), *map(_spent_line, rows), "")]
    return [*tables, _head(""), _spent_line(metrics.total), *_doubt_lines(metrics.total), *_commit_lines(metrics)]


def run_lines(total: Spent) -> list[str]:
    """Say in a line what a run has paid; nothing where it has paid nothing."""
    if not total.calls:
        return []
    tokens = f"{total.input_tokens} + {total.output_tokens} tokens"
    line = (
        f"paid {_usd(total.usd)} for {total.calls} calls, {tokens}, {total.cache_hit_share:.0%} of the input from cache"
    )
    return [line, *_doubt_lines(total)]


def _forecast_line(row: Forecast) -> str:
    amounts = " ".join(f"{_usd(usd):>10}" for usd in (row.low_usd, row.expected_usd, row.high_usd))
    return f"{row.stage:13} {row.calls:5} {row.free_calls:5} {row.input_tokens:8} {row.output_tokens:8} {amounts}"


def _unanswered(total: Forecast) -> list[str]:
    asked = total.calls - total.free_calls
    if total.input_tokens or not asked:
        return []
    return [f"{asked} of the {total.calls} questions need a model, and this engine asks none"]


def _past_lines(past: PastBuild | None) -> list[str]:
    if past is None:
        return []
    said, real = _usd(past.estimated_usd), _usd(past.real_usd)
    return [f"the last build of this spec cost {real}; computed in this way it would be {said}, {past.error:+.0%}"]


def _head(title: str) -> str:
    return f"{title:24} {'calls':>6} {'input':>9} {'output':>9} {'cached':>7} {'cost':>11}"


def _spent_line(row: Spent) -> str:
    tokens = f"{row.input_tokens:9} {row.output_tokens:9} {row.cache_hit_share:7.0%}"
    cost = UNKNOWN if row.unpriced_calls == row.calls else _usd(row.usd)
    return f"{row.name:24} {row.calls:6} {tokens} {cost:>11}"


def _doubt_lines(total: Spent) -> Iterable[str]:
    if total.at_most_usd:
        yield f"of this, {_usd(total.at_most_usd)} is reserved for calls of which nobody knows whether they were billed"
    if total.unanswered_calls:
        yield f"{total.unanswered_calls} calls brought no usable answer"
    if total.unpriced_calls:
        yield f"the price of {total.unpriced_calls} calls is unknown: they are in no amount"


def _commit_lines(metrics: Metrics) -> list[str]:
    """Tell of costs that only commits know: a branch can be fetched without its journal."""
    here = {row.name for row in metrics.tools}
    return [
        f"{tool}: its commits say {_usd(usd)}, and its journal is not here: {FETCH}"
        for tool, usd in metrics.committed_usd.items()
        if usd and tool not in here
    ]


def _usd(usd: float | None) -> str:
    return UNKNOWN if usd is None else dollars(Decimal(str(usd)))
