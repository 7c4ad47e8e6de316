"""The plan as Markdown: what is to be built and why, what that may cost, what waits, and what is as it should be."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from toolbuilder.budget import dollars
from toolbuilder.errors import Problem
from toolbuilder.planning.verdict import Verdict
from toolbuilder.telling.fitting import Part, page
from toolbuilder.telling.markdown import code, prose, row, table_head

LIMIT = 300_000  # UTF-16 units: at most three bytes each
DUE_HEAD = table_head("Tool", "From stage", "Why")
PRICED_HEAD = table_head("Tool", "From stage", "Why", "Questions for a model", "Cost expected", "At most")
HELD = frozenset({"waits for a person", "closed by a person", "broken"})
HELD_HEAD = table_head("Tool", "State", "Why")
REST_HEAD = table_head("Tool", "State", "Remark")
SPENT_NOTHING = (
    "Computed, and nothing was spent: repairs are left out, and what the embedded engine can answer is free. "
    "Without a key nothing costs anything."
)


@dataclass(frozen=True)
class Cost:
    """What building a tool may cost, computed; the amounts are None where a price is not known."""

    calls: int
    free_calls: int
    expected_usd: float | None
    high_usd: float | None


Costs: TypeAlias = Mapping[str, Cost | None]  # by tool; None where it was not computed


def plan_summary(verdicts: Sequence[Verdict], costs: Costs | None = None) -> str:
    """Give the plan; with forecasts, also what building may cost."""
    return page(plan_parts(verdicts, costs), LIMIT)


def preview(problems: Sequence[Problem], verdicts: Sequence[Verdict], costs: Costs) -> str:
    """Give what is wrong with specs, and the plan that follows when they are merged."""
    wrong = tuple(row(code(_place(one)), prose(one.message)) for one in problems)
    title = f"{len(problems)} problems in specs" if len(problems) != 1 else "A problem in a spec"
    errors = Part(title if wrong else "All specs are right", "", wrong, head=table_head("Where", "What"))
    said = errors if wrong else Part(errors.title, "No error was found in any spec.")
    told = [one for one in verdicts if one.state != "broken"]
    return page((said, *plan_parts(told, costs)), LIMIT)


def plan_parts(verdicts: Sequence[Verdict], costs: Costs | None) -> tuple[Part, ...]:
    """Give the plan in three tables."""
    due = [one for one in verdicts if one.due]
    held = [one for one in verdicts if one.state in HELD]
    rest = [one for one in verdicts if not one.due and one.state not in HELD]
    priced = costs is not None and bool(due)
    rows = tuple(_due(one) + (_cost((costs or {}).get(one.tool)) if priced else ()) for one in due)
    return (
        Part(_title(due), SPENT_NOTHING if priced else _counted(verdicts)),
        Part("", "", tuple(row(*cells) for cells in rows), head=PRICED_HEAD if priced else DUE_HEAD),
        Part("Held back" if held else "", "", tuple(map(_state, held)), head=HELD_HEAD),
        Part("", "", tuple(map(_state, rest)), head=REST_HEAD, fold=f"{len(rest)} more: {_counted(rest)}"),
    )


def _title(due: Sequence[Verdict]) -> str:
    return f"{len(due)} to build" if due else "Nothing is to be built"


def _counted(verdicts: Iterable[Verdict]) -> str:
    states = [one.state for one in verdicts]
    return ", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(states)) or "There are no specs."


def _due(one: Verdict) -> tuple[str, ...]:
    return code(one.tool), one.stage, prose(f"{one.state}: {one.why}" if one.why else one.state)


def _cost(cost: Cost | None) -> tuple[str, ...]:
    if cost is None:
        return "not computed", "", ""
    asked = cost.calls - cost.free_calls
    return f"{asked} of {cost.calls}", _amount(cost.expected_usd), _amount(cost.high_usd)


def _amount(amount: float | None) -> str:
    return "unknown" if amount is None else dollars(Decimal(str(amount)))


def _state(one: Verdict) -> str:
    cost = f" (its outdated stages cost {_amount(one.usd)} the last time)" if one.usd is not None else ""
    return row(code(one.tool), one.state, prose(one.why) + cost)


def _place(problem: Problem) -> str:
    place = f"{problem.file}:{problem.line}:{problem.column}" if problem.line else problem.file
    return prose(place)
