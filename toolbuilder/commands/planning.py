"""The plan: what is to be built, and why; it reads, and spends nothing."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from toolbuilder.actions import in_actions
from toolbuilder.errors import FileIsWrong, Problem
from toolbuilder.lazy import load, uncollected
from toolbuilder.planning.matrix import FINISHED, outputs
from toolbuilder.planning.plan import Wanted, plan
from toolbuilder.planning.verdict import Verdict, rows
from toolbuilder.ports import PullRequest
from toolbuilder.reports.plans import plan_lines
from toolbuilder.verified import verified_of
from toolbuilder.viewing import viewed

__all__ = ["Form", "Wanted", "show"]

WRONG = 2


@dataclass(frozen=True)
class Form:
    """How the plan is printed: for people, for programs, or as outputs of a GitHub job."""

    as_json: bool = False
    as_matrix: bool = False
    shard: int = 0  # counted from 1; 0: all


def show(wanted: Wanted, form: Form, remote: str, forge: str) -> int:
    """Print the plan; exit code 2 says that a spec is broken, once all others have been told of.

    With a remote, or where a forge is named, it is asked for pull requests that people have closed.
    """
    if form.as_json and form.as_matrix:
        raise FileIsWrong([Problem("--matrix", 0, 0, "is another form than --json; give one of the two")])
    listed = _listed(forge, remote) if forge or remote else None
    with uncollected(), viewed(Path.cwd(), remote) as view:
        verdicts = plan(view, wanted, listed)
        finished = [one.tool for one in verdicts if form.as_matrix and one.state in FINISHED]
        verified = {tool: verified_of(view.snapshot, tool).commit for tool in finished}
    if in_actions():
        load("toolbuilder.commands.reporting").report_plan(verdicts)
    if form.as_matrix:
        typer.echo("\n".join(outputs(verdicts, listed, verified, form.shard)))
    if form.as_json:
        typer.echo(json.dumps(rows(verdicts), indent=2))
    else:
        typer.echo("\n".join(plan_lines(verdicts)), err=form.as_matrix)
    return WRONG if _broken(verdicts) else 0


def _listed(forge: str, remote: str) -> list[PullRequest]:
    with load("toolbuilder.forges").open_forge(Path.cwd(), "" if forge == "auto" else forge, remote) as there:
        listed: list[PullRequest] = there.forge.pull_requests()
        return listed


def _broken(verdicts: Sequence[Verdict]) -> bool:
    return any(verdict.state == "broken" for verdict in verdicts)
