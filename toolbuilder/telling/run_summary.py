"""The job summary of a run: how each tool ended, when each stage ran, and what the stages that ran have to show."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from toolbuilder.build import Built
from toolbuilder.errors import BudgetReached, NeedsPerson, ToolbuilderError
from toolbuilder.events import Event, Rejected, StageKept, StageLanded, StageStarted
from toolbuilder.scaffold.markdown_text import fenced
from toolbuilder.telling.fitting import Part, page
from toolbuilder.telling.gates import status_line
from toolbuilder.telling.markdown import block, code, row, table_head
from toolbuilder.telling.mermaid import Bar, gantt
from toolbuilder.telling.stage_summary import stage_parts
from toolbuilder.telling.view import ToolView

LIMIT = 300_000  # UTF-16 units: at most three bytes each
MOST_BARS = 100
MOST_SHOWN = 20  # tools whose stages are shown
HEAD = table_head("Tool", "Result", "Stages that ran", "Kept")
End = Built | ToolbuilderError
Seen = Sequence[tuple[float, Event]]  # seconds from the beginning, and what happened then


def run_summary(ends: Mapping[str, End], seen: Seen, seconds: float, views: Mapping[str, ToolView]) -> str:
    """Give the summary of a run; `views` are those of tools that can be read."""
    counts = [result(end) for end in ends.values()]
    title = ", ".join(f"{counts.count(kind)} {kind}" for kind in dict.fromkeys(counts)) or "nothing to build"
    rows = tuple(_row(tool, end, seen) for tool, end in ends.items())
    bars = bars_of(seen, seconds)[:MOST_BARS]
    chart = fenced(gantt("Stages by time, minutes:seconds", bars), "mermaid") if bars else ""
    return page(
        (
            Part(f"toolbuilder: {title}", "" if rows else "No tool was named.", rows, head=HEAD),
            Part("", chart),
            *(part for tool, end in ends.items() for part in _failure(tool, end)),
            *(part for tool, view in [*views.items()][:MOST_SHOWN] for part in _shown(tool, view, ends.get(tool))),
        ),
        LIMIT,
    )


def result(end: End) -> str:
    """Say how a build ended."""
    match end:
        case Built():
            return ("built" if end.complete else "done as far as ordered") if end.landed else "up to date"
        case NeedsPerson():
            return "waits for a person"
        case BudgetReached():
            return "capped"
        case _:
            return "failed"


def bars_of(seen: Seen, seconds: float) -> list[Bar]:
    """Give a bar for each time a stage ran; one that did not land is marked, and ends where the run did."""
    begun: dict[tuple[str, str], float] = {}
    tries: dict[tuple[str, str], int] = {}
    bars: list[Bar] = []
    for at, event in seen:
        match event:
            case StageStarted(tool, stage, _):
                begun[tool, stage], tries[tool, stage] = at, 1
            case Rejected(tool, stage, _):
                tries[tool, stage] = tries.get((tool, stage), 1) + 1
            case StageLanded(tool, stage, _, _) if (tool, stage) in begun:
                bars.append(_bar(tool, stage, tries.pop((tool, stage)), begun.pop((tool, stage)), at, landed=True))
    cut_short = [
        _bar(tool, stage, tries[tool, stage], at, seconds, landed=False) for (tool, stage), at in begun.items()
    ]
    return sorted([*bars, *cut_short], key=lambda bar: (bar.section, bar.begin))


def _bar(tool: str, stage: str, tries: int, begin: float, end: float, *, landed: bool) -> Bar:
    attempts = f", {tries} attempts" if tries > 1 else ""
    return Bar(tool, f"{stage}{attempts}", begin, end, "done" if landed else "crit")


def _row(tool: str, end: End, seen: Seen) -> str:
    ran = [event.stage for _, event in seen if isinstance(event, StageLanded) and event.tool == tool]
    kept = [event.stage for _, event in seen if isinstance(event, StageKept) and event.tool == tool]
    return row(code(tool), result(end), ", ".join(ran), ", ".join(kept))


def _failure(tool: str, end: End) -> tuple[Part, ...]:
    if isinstance(end, Built):
        return ()
    return (Part(f"{tool} {result(end)}", block(str(end), longest=6_000)),)


def _shown(tool: str, view: ToolView, end: End | None) -> tuple[Part, ...]:
    """Give what the stages that ran have to show."""
    if not isinstance(end, Built) or not end.landed:
        return ()
    parts = stage_parts(view, end.landed)
    return (Part(tool, status_line(view)), *(replace(part, level=3) for part in parts))
