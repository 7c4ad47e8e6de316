"""Carrying decisions out, one by one: a forge that asks for patience ends it, any other failure is one tool's."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from toolbuilder.errors import ForgeBusy, ToolbuilderError
from toolbuilder.planning.holds import WITHDRAWN
from toolbuilder.ports import Forge, Proposal, PullRequest
from toolbuilder.publishing.decision import IN_WORDS, LABEL, NEEDS_PERSON, Decision, is_draft

STOPPED = "<!-- toolbuilder:stopped -->"
WAITS = "This tool waits for a person now: the description above begins with what is wanted, and how it goes on."
GOES_ON = "This tool does not wait for a person any more."

Did: TypeAlias = Literal["opened", "updated", "unchanged", "closed", "left", "waiting", "failed"]


@dataclass(frozen=True)
class Desk:
    """What is needed to carry decisions out."""

    forge: Forge
    text: Callable[[Decision], tuple[str, str]]  # title and body
    reviewers: Callable[[Decision], tuple[str, ...]]
    remove: Callable[[str], str]  # puts the branch that removes a tool in place, gives its tip
    keep: Callable[[Decision], None]  # writes down what was verified again


@dataclass(frozen=True)
class Outcome:
    """What became of one decision."""

    tool: str
    did: Did
    why: str
    number: int = 0
    url: str = ""
    draft: bool = False


def carry_out(decisions: Sequence[Decision], desk: Desk) -> Iterator[Outcome]:
    """Do what was decided, and tell of each as it is done. No error is raised: each is an outcome."""
    busy = ""
    for decision in decisions:
        try:
            if decision.told:  # even if its pull request has to wait: nobody is to verify it once more
                desk.keep(decision)
            if busy and decision.action in {"close", "update", "open"}:
                yield Outcome(decision.tool, "waiting", busy)
            else:
                yield _done(decision, desk)
        except ForgeBusy as error:
            busy = str(error)
            yield Outcome(decision.tool, "waiting", busy)
        except ToolbuilderError as error:
            yield Outcome(decision.tool, "failed", str(error))


def _done(decision: Decision, desk: Desk) -> Outcome:
    match decision.action, decision.known:
        case "close", PullRequest() as known:
            desk.forge.close(known.number, decision.comment, WITHDRAWN)
            return _outcome(decision, "closed", known)
        case (("open" | "update"), known):
            return _proposed(decision, known, desk)
        case action, known:
            return _outcome(decision, "waiting" if action == "wait" else "left", known)


def _proposed(decision: Decision, known: PullRequest | None, desk: Desk) -> Outcome:
    if decision.removal:
        decision = replace(decision, tip=desk.remove(decision.tool))
    proposal = _proposal(decision, desk)
    if known and _says(known, proposal):
        return _outcome(decision, "unchanged", known)
    if known and (word := _word(known, decision)):
        desk.forge.comment(known.number, STOPPED, word)
    now = desk.forge.propose(proposal, known)
    return _outcome(decision, "updated" if known else "opened", now)


def _proposal(decision: Decision, desk: Desk) -> Proposal:
    title, body = desk.text(decision)
    return Proposal(
        branch=decision.branch,
        title=title,
        body=body,
        draft=decision.draft,
        labels=decision.labels,
        reviewers=desk.reviewers(decision),
    )


def _word(known: PullRequest, decision: Decision) -> str:
    """Give a word where a tool begins or ends to wait for a person: nobody is told of a text that changes.

    The label tells what was said last. It follows on the comment, so that a crash between both repeats it in place.
    """
    before, now = NEEDS_PERSON in known.labels, NEEDS_PERSON in decision.labels
    return "" if before == now else WAITS if now else GOES_ON


def _says(known: PullRequest, proposal: Proposal) -> bool:
    """Say whether a pull request is as it should be already."""
    title = known.title == proposal.title or (proposal.draft and known.title.endswith(proposal.title))
    own = {name for name in known.labels if name.split(":")[0] == LABEL} - {IN_WORDS}
    same_state = is_draft(known) == proposal.draft and own == set(proposal.labels)
    return title and same_state and known.body.rstrip() == proposal.body.rstrip()


def _outcome(decision: Decision, did: Did, known: PullRequest | None) -> Outcome:
    if known is None:
        return Outcome(decision.tool, did, decision.why)
    return Outcome(decision.tool, did, decision.why, known.number, known.url, is_draft(known))
