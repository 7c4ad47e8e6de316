"""Answering a comment on a tool's pull request: what the workflow for comments runs."""

import os
from pathlib import Path

import typer

from toolbuilder.answering.answer import Told, answer
from toolbuilder.answering.event import read_event
from toolbuilder.commands.common import here
from toolbuilder.errors import FileIsWrong, Problem
from toolbuilder.forges import OpenForge, open_forge
from toolbuilder.planning.plan import Wanted, plan
from toolbuilder.runs import record_of
from toolbuilder.telling.comments import explain_comment, status_comment
from toolbuilder.telling.gathering import gather
from toolbuilder.telling.view import Outside, ToolView
from toolbuilder.viewing import viewed

EVENT = "GITHUB_EVENT_PATH"


def answer_comment(event: str, forge: str, remote: str) -> int:
    """Answer the comment that an event is about; a refused one is no failure."""
    path = event or os.environ.get(EVENT, "")
    if not path:
        message = "is not set: a workflow on `issue_comment` runs this; by hand, name the event's file with --event"
        raise FileIsWrong([Problem(EVENT, 0, 0, message)])
    about = read_event(Path(path))
    with open_forge(Path.cwd(), forge, remote) as there:
        told = Told(
            lambda tool: status_comment(_view(tool, remote, there)),
            lambda tool: explain_comment(_view(tool, remote, there)),
        )
        typer.echo(answer(about, there.forge, told))
    return 0


def _view(tool: str, remote: str, there: OpenForge) -> ToolView:
    """Give what is known of a tool; with a remote, as it stands there."""
    workshop = here(remote=remote)
    workshop.reconcile()
    with viewed(Path.cwd()) as view:
        waits = any(one.state == "waits for a person" for one in plan(view, Wanted((tool,))))
    stop = record_of(workshop.repository, tool).stopped if waits else None
    return gather(workshop, tool, Outside(stop, checks_wait=there.checks_wait(), address=there.address))
