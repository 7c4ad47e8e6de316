"""The preview of a pull request that touches specs: every error at its line, and what merging it would build and cost.

It spends nothing, asks nobody and needs no secret, so that it works for forks too. Nothing that the pull request brings
is run; programs that the embedded engine tries, to say whether a tool will be free, run in the sandbox.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path, PurePath

import typer

from toolbuilder import actions, fleet
from toolbuilder import estimate as estimating
from toolbuilder.bootstrap import engines
from toolbuilder.build import Order
from toolbuilder.commands.common import print_json, root
from toolbuilder.commits import spec_path
from toolbuilder.errors import FileIsWrong, Problem, ToolbuilderError
from toolbuilder.forges import open_forge
from toolbuilder.planning.plan import Wanted, plan
from toolbuilder.planning.standing import View
from toolbuilder.planning.verdict import Verdict
from toolbuilder.ports import PullRequest
from toolbuilder.spec.file import parse_spec
from toolbuilder.spending import bought_by
from toolbuilder.telling.annotations import of_error
from toolbuilder.telling.plan_summary import Cost, Costs
from toolbuilder.telling.plan_summary import preview as preview_text
from toolbuilder.viewing import viewed

WRONG = 2
MOST_ESTIMATED = 25  # tools: an estimate searches for a program


def preview(remote: str, *, as_json: bool) -> int:
    """Show what is wrong and what would be built; exit code 2 says that a spec is wrong."""
    problems = [*_problems(root())]
    listed = _listed(remote) if remote else None
    with viewed(Path.cwd(), remote) as view:
        verdicts = plan(view, Wanted(), listed)
        costs = dict(_costs(verdicts, view))
    text = preview_text(problems, verdicts, costs)
    shown = actions.summarize(text)
    if problems:
        actions.annotate(of_error(FileIsWrong(problems), PurePath()))
        typer.echo(str(FileIsWrong(problems)), err=True)
    if as_json:
        print_json(_rows(problems, verdicts, costs))
    elif not shown:
        typer.echo(text, nl=False)
    return WRONG if problems else 0


def _listed(remote: str) -> list[PullRequest] | None:
    """Give the pull requests, of which people may have closed some; None where the forge cannot be asked."""
    try:
        with open_forge(Path.cwd(), remote=remote) as there:
            return there.forge.pull_requests()
    except ToolbuilderError as error:
        typer.echo(f"pull requests that people have closed are not known: {error}", err=True)
        return None


def _problems(folder: Path) -> Iterator[Problem]:
    """Give every problem of every spec, with paths as the repository has them."""
    for path in sorted((folder / fleet.SPECS).glob(f"*{fleet.SUFFIX}")):
        try:
            fleet.order_of(path)
        except FileIsWrong as error:
            yield from (replace(one, file=path.relative_to(folder).as_posix()) for one in error.problems)


def _costs(verdicts: Sequence[Verdict], view: View) -> Iterator[tuple[str, Cost | None]]:
    """Estimate what is to be built; None where that was not computed, or cannot be."""
    due = [one.tool for one in verdicts if one.due]
    if not due:
        return
    made = engines(Path.cwd())
    workshop = replace(view.workshop, repository=view.snapshot, ladder=made.ladder)
    bought = bought_by(view.snapshot, view.snapshot.branches())
    for tool in due[:MOST_ESTIMATED]:
        try:
            order = _order(tool, view)
            wanted = estimating.estimate(order, workshop, made.offline(), made.paid_ladder(), bought)
            total = asyncio.run(wanted).total
            yield tool, Cost(total.calls, total.free_calls, total.expected_usd, total.high_usd)
        except ToolbuilderError:  # the plan says what is wrong with it
            yield tool, None


def _order(tool: str, view: View) -> Order:
    """Give the order of a spec as it is committed, which is what the plan is about."""
    path = spec_path(tool)
    source = view.snapshot.read(view.snapshot.resolve("HEAD") or "", path)[path]
    return Order(parse_spec(source, path), source)


def _rows(problems: Sequence[Problem], verdicts: Sequence[Verdict], costs: Costs) -> dict[str, object]:
    """Give the preview for programs."""
    return {
        "problems": [asdict(problem) for problem in problems],
        "plan": [{**asdict(one), "cost": _cost(costs.get(one.tool))} for one in verdicts],
    }


def _cost(cost: Cost | None) -> dict[str, object] | None:
    return asdict(cost) if cost else None
