"""Answering a comment: who asks, where, and what is done about it.

Nothing of the comment is trusted: the tool's name comes from the branch that the pull request ends with, the stage is
one of five words, and feedback travels as data. What is started runs on the default branch, as any dispatch does.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from toolbuilder.answering import replies
from toolbuilder.answering.asked import Asked, Misunderstood, asked_of
from toolbuilder.answering.event import PERSON, Author, CommentEvent
from toolbuilder.errors import ToolbuilderError
from toolbuilder.ports import Forge, PullRequest
from toolbuilder.telling.comments import refusal_line
from toolbuilder.yaml_files.forms import HYPHENATED

WORKFLOW = "toolbuilder.yml"
BRANCHES = "toolbuilder/"
ANSWER = "<!-- toolbuilder:answer -->"
REFUSAL = "<!-- toolbuilder:refusal -->"  # a comment of its own: strangers cannot wipe out what others were told
OURS = "<!-- toolbuilder:"
LONGEST_NAME = 63


@dataclass(frozen=True)
class Place:
    """Where something is asked, and by whom: all of it checked."""

    tool: str
    merged: bool
    login: str


@dataclass(frozen=True)
class Told:
    """What can be said about a tool without starting anything: Markdown. Both raise ToolbuilderError."""

    status: Callable[[str], str]
    explain: Callable[[str], str]


def answer(event: CommentEvent, forge: Forge, told: Told) -> str:
    """Answer a comment, and say in a line what came of it.

    Raises what the forge and the repository raise, once that has been answered too.
    """
    asked, author = asked_of(event.comment.body or ""), event.comment.user
    if asked is None or author is None:
        return "left alone: it is no command"
    if why := _not_for_us(event, author):
        return f"left alone: {why}"
    pull = next((one for one in forge.pull_requests() if one.number == event.issue.number), None)
    tool = _tool_of(pull) if pull else ""
    if pull is None or not tool:
        return "left alone: it is not on a pull request from a branch of toolbuilder's"
    if not forge.may_write(author.login):
        forge.comment(pull.number, REFUSAL, refusal_line(author.login))
        return f"refused: {author.login} has no write access"
    try:
        text, line = _reply(asked, Place(tool, pull.state == "merged", author.login), forge, told)
    except ToolbuilderError as error:
        forge.comment(pull.number, ANSWER, replies.failed(str(error)))
        raise
    forge.comment(pull.number, ANSWER, text)
    return line


def _not_for_us(event: CommentEvent, author: Author) -> str:
    """Say why a comment is not answered at all, or give an empty text."""
    if event.action != "created":
        return "only new comments are commands"  # somebody else may have edited it
    if event.issue.pull_request is None:
        return "it is not on a pull request"
    if author.type != PERSON or author.login.endswith("[bot]") or OURS in (event.comment.body or ""):
        return "a program wrote it"
    return ""


def _tool_of(pull: PullRequest) -> str:
    tool = pull.branch.removeprefix(BRANCHES) if pull.branch.startswith(BRANCHES) else ""
    return tool if len(tool) <= LONGEST_NAME and re.fullmatch(HYPHENATED, tool) else ""


def _reply(asked: Asked | Misunderstood, place: Place, forge: Forge, told: Told) -> tuple[str, str]:
    """Do what is asked; give the text to answer with, and the line for the log."""
    match asked:
        case Misunderstood():
            return replies.misunderstood(asked.why), "misunderstood: the help was given"
        case Asked(command="help"):
            return replies.help_text(), "the help was given"
        case Asked(command="status"):
            return told.status(place.tool), f"the status of {place.tool} was given"
        case Asked(command="explain"):
            return told.explain(place.tool), f"{place.tool} was explained"
    if place.merged:
        return replies.merged_already(place.tool), f"nothing was started: {place.tool} is merged"
    forge.dispatch(WORKFLOW, {"tool": place.tool, "from-stage": asked.stage, "feedback": asked.feedback})
    return replies.started(asked, place.tool, place.login), f"started: {place.tool} from {asked.stage}"
