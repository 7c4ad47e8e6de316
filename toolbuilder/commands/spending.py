"""Money: the commands that say what builds will cost and what they have cost."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import typer

from toolbuilder import estimate as estimating
from toolbuilder import fleet
from toolbuilder.bootstrap import engines
from toolbuilder.commands.common import here, print_json, root, tell_wrong
from toolbuilder.errors import FileIsWrong
from toolbuilder.metrics import committed_usd, metrics_of
from toolbuilder.reports.costs import estimate_lines, estimate_table, metrics_lines
from toolbuilder.stages import STAGES


def estimate(names: Sequence[str], engine: str, *, as_json: bool, table: bool) -> int:
    """Compute what builds will cost; a spec that is wrong is told, and the others are computed."""
    orders, wrong = fleet.orders_of(fleet.find_specs(root(), names))
    tell_wrong(wrong, rest=len(orders))
    made, workshop = engines(Path.cwd(), engine), here(engine)
    bought = made.bought()
    rows = [
        asyncio.run(estimating.estimate(order, workshop, made.offline(), made.paid_ladder(), bought))
        for order in orders
    ]
    if as_json:
        print_json([asdict(row) for row in rows])
    elif table:
        typer.echo("\n".join(estimate_table(rows)))
    else:
        typer.echo("\n\n".join("\n".join(estimate_lines(row)) for row in rows))
    return FileIsWrong.exit_code if wrong else 0


def metrics(*, as_json: bool) -> int:
    """Show what was spent."""
    made = engines(Path.cwd())
    tools = {*made.tools(), *(path.stem for path in (root() / fleet.SPECS).glob(f"*{fleet.SUFFIX}"))}
    found = metrics_of(made.bought(), STAGES, committed_usd(made.repository, sorted(tools)))
    if as_json:
        print_json(asdict(found))
    else:
        typer.echo("\n".join(metrics_lines(found)))
    return 0
