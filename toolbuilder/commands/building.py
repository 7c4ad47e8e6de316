"""Building tools: the commands that put commits on branches."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import typer

from toolbuilder import fleet
from toolbuilder.actions import Moments
from toolbuilder.build import Built, Order, Workshop
from toolbuilder.commands.common import here, print_json, root, tell_wrong
from toolbuilder.commands.reporting import report
from toolbuilder.errors import RepositoryError, ToolbuilderError
from toolbuilder.feedback import able_to_heed, wish_of
from toolbuilder.metrics import spent
from toolbuilder.microtask import OFFLINE
from toolbuilder.progress import shown
from toolbuilder.reports.builds import built_lines, built_rows, requirement_lines, summary_line
from toolbuilder.reports.costs import run_lines
from toolbuilder.side_by_side import build_all
from toolbuilder.spec.new import write_spec
from toolbuilder.spending import bought_since
from toolbuilder.telling.run_summary import End

UNHEEDED = (
    "the feedback is kept on the branch, but the embedded engine cannot read it: "
    "set a key, or correct the spec or what stands on the branch"
)


@dataclass(frozen=True)
class How:
    """How to build: as the command line says."""

    engine: str | None = None
    jobs: int = 1
    until: str | None = None
    again: str | None = None
    upgrade: bool = False
    feedback: str = ""
    batch: bool = False  # of all tools, so they are built side by side whatever `jobs` says
    remote: str = ""  # where everything is pushed as it lands
    take_over: bool = False

    def said_of(self, order: Order) -> Order:
        """Give an order as the command line wants it. Raises FileIsWrong for feedback that cannot be kept."""
        said = replace(order, until=self.until, again=self.again, upgrade=self.upgrade, feedback=self.feedback)
        wish_of(said)  # before anything is said of it, or done
        return said


def run(names: Sequence[str], how: How, *, as_json: bool) -> int:
    """Build tools, several side by side; the worst exit code of all is given.

    A spec that is wrong is told before anything is spent, and keeps no other tool from being built.
    """
    return _code(_build_all(fleet.find_specs(root(), names), how, as_json=as_json))


def create(name: str, fields: Mapping[str, str], examples: Sequence[str], how: How, *, as_json: bool) -> int:
    """Write a spec, then build it."""
    path = write_spec(root() / fleet.SPECS, name, fields, examples)
    typer.echo(f"wrote {path}", err=True)
    return _code(_build_all([path], how, as_json=as_json))


def analyze(names: Sequence[str], how: How, *, as_json: bool) -> int:
    """Run the first stage, and show what is wanted."""
    ends = _build_all(fleet.find_specs(root(), names), how, as_json=True, echo=False)
    for tool in (tool for tool, end in ends.items() if isinstance(end, Built)):
        text = fleet.stage_text(tool, "requirements", here())
        typer.echo(text if as_json else "\n".join(requirement_lines(tool, text)))
    return _code(ends)


def stage_again(tool: str, how: How, *, as_json: bool) -> int:
    """Run one stage of a built tool again."""
    return _code(_build_all(fleet.find_specs(root(), [tool]), how, as_json=as_json))


def _build_all(paths: Sequence[Path], how: How, *, as_json: bool, echo: bool = True) -> dict[str, End]:
    right, wrong = fleet.orders_of(paths)
    orders = [how.said_of(order) for order in right]
    tell_wrong(wrong, rest=len(orders))
    jobs = max(how.jobs, len(orders)) if how.batch else how.jobs
    began = datetime.now(UTC).isoformat(timespec="microseconds")
    with shown(quiet=as_json) as tell:
        moments = Moments(tell)
        workshop = here(how.engine or "", moments.tell, batch=how.batch, remote=how.remote, take_over=how.take_over)
        if how.feedback and able_to_heed(workshop.ladder) == (OFFLINE,):
            typer.echo(UNHEEDED, err=True)
        try:
            ends = asyncio.run(build_all(orders, workshop, jobs))
        finally:  # an interrupt too has waited for the threads that journal what was bought
            _finish(workshop)
    built = {order.spec.name: end for order, end in zip(orders, ends, strict=True)}
    every: dict[str, End] = {**wrong, **built}
    report(every, workshop, moments)
    _tell(built, as_json=as_json)
    if as_json and echo:
        print_json([built_rows(tool, end) for tool, end in every.items()])
    if not as_json:
        lines = [summary_line([*every.values()])] if len(every) > 1 else []
        for line in (*lines, *_paid_lines(orders, workshop, began)):
            typer.echo(line)
    return every


def _tell(ends: Mapping[str, End], *, as_json: bool) -> None:
    for tool, end in ends.items():
        if isinstance(end, ToolbuilderError):
            said = str(end)  # which may begin with the tool's name
            typer.echo(said if said.startswith(f"{tool} ") else f"{tool}: {said}", err=True)
        elif not as_json:
            typer.echo("\n".join(built_lines(end)))


def _code(ends: Mapping[str, End]) -> int:
    return max((end.exit_code for end in ends.values() if isinstance(end, ToolbuilderError)), default=0)


def _finish(workshop: Workshop) -> None:
    """Let other runs have the money that is left over; where that fails, they have it once its time is over."""
    try:
        workshop.finish()
    except (ToolbuilderError, OSError) as error:
        typer.echo(f"what this run may spend today is not given back yet: {error}", err=True)


def _paid_lines(orders: Sequence[Order], workshop: Workshop, began: str) -> list[str]:
    with suppress(RepositoryError):  # a damaged journal has been told by its tool's build
        return run_lines(spent("run", bought_since(workshop.repository, [one.spec.name for one in orders], began)))
    return []
