"""What is answered to a comment on a pull request."""

from toolbuilder.stages import STAGES
from toolbuilder.telling.fitting import Part, page
from toolbuilder.telling.gates import status_line
from toolbuilder.telling.guidance import doing_part
from toolbuilder.telling.markdown import code, prose, row, table_head
from toolbuilder.telling.stopping import stop_parts
from toolbuilder.telling.view import ToolView, waiting_reason

LIMIT = 30_000  # UTF-16 units; a comment takes 65,536 characters
HEAD = table_head("Stage", "State", "Commit")


def status_comment(view: ToolView) -> str:
    """Give how far a tool is, stage by stage."""
    rows = tuple(_stage(view, stage.name) for stage in STAGES)
    waits = waiting_reason(view)
    why = f"Not finished: {waits}." if waits else "Everything is done."
    notes = tuple(f"- {prose(note)}" for note in view.notes)
    return page(
        (Part("", f"{code(view.tool)}: {status_line(view)}"), Part("", "", rows, why, head=HEAD), Part("", "", notes)),
        LIMIT,
    )


def explain_comment(view: ToolView) -> str:
    """Give why a tool does not go on, and what one can do."""
    said = stop_parts(view)
    free = Part("", f"{code(view.tool)} waits for nobody: {waiting_reason(view) or 'everything is done'}.")
    return page((*(said or (free,)), doing_part(view)), LIMIT)


def refusal_line(login: str) -> str:
    """Refuse somebody without write access; the name mentions nobody."""
    return f"{code(prose(login, 60))} has no write access to this repository, so nothing was started."


def _stage(view: ToolView, stage: str) -> str:
    names = [one.name for one in STAGES]
    entry = view.commits.get(stage)
    if view.due and names.index(stage) >= names.index(view.due):
        state = f"**next**: {prose(view.why)}" if stage == view.due else "to do"
    else:
        state = "done"
    return row(stage, state, code(entry.commit[:12]) if entry else "")
