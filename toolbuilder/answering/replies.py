"""What is answered to a comment, beside status and explanation. Nothing of the comment is repeated."""

from toolbuilder.answering.asked import COMMANDS, Asked
from toolbuilder.telling.markdown import block


def misunderstood(why: str) -> str:
    """Say why nothing was started, and what there is."""
    return f"Nothing was started: {why}.\n\n{help_text()}"


def help_text() -> str:
    """Say what can be asked."""
    return "\n".join(
        ["What people with write access can write here:", "", *(f"- {text}" for text in COMMANDS.values())]
    )


def started(asked: Asked, tool: str, login: str) -> str:
    """Say what was started."""
    heard = " with the feedback" if asked.feedback else ""
    return (
        f"For `{login}`: `{tool}` is being built again from {asked.stage}{heard}. "
        "New commits appear on this pull request; `/toolbuilder status` says how far it is."
    )


def failed(error: str) -> str:
    """Say that what was asked for could not be done."""
    return f"That could not be done:\n\n{block(error)}"


def merged_already(tool: str) -> str:
    """Say that a merged pull request is not built again."""
    return f"Nothing was started: this pull request is merged. To change `{tool}`, edit `specs/{tool}.yaml`."
