"""What is to be done about one pull request, as a value that can be printed before anything is done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from toolbuilder.planning.verdict import Verdict
from toolbuilder.ports import PullRequest
from toolbuilder.verified import VerifiedAgain

Action: TypeAlias = Literal["close", "update", "open", "wait", "leave"]  # in the order in which they are carried out
ORDER: tuple[Action, ...] = ("close", "update", "open", "wait", "leave")

LABEL = "toolbuilder"
NEEDS_PERSON = f"{LABEL}:needs-person"
REMOVAL = f"{LABEL}:removal"
IN_WORDS = f"{LABEL}:draft"  # a draft where the forge has none
REMOVALS = "toolbuilder-remove/"  # branches beside toolbuilder/<tool>: no name of a tool can lead there
BRANCHES = "toolbuilder/"


@dataclass(frozen=True)
class Facts:
    """What git says of one tool."""

    verdict: Verdict
    stopped: bool = False  # its last build stopped before it was done
    built: bool = False  # the default branch holds the tool
    refused: bool = False  # what the closed removal would have deleted is what is there now
    verified: VerifiedAgain = field(default_factory=VerifiedAgain)


@dataclass(frozen=True)
class Wish:
    """What a publisher is told: verified tips by tool (None: nobody verifies), how many to open at most.

    `asked`: a person asks for these, so what a person has closed is proposed again.
    """

    verified: Mapping[str, str] | None = None
    most: int = 10
    asked: bool = False
    run: str = ""  # the address of the run that tells what was verified


@dataclass(frozen=True)
class Decision:
    """What is to be done about one branch's pull request, and why."""

    tool: str
    action: Action
    why: str
    branch: str
    known: PullRequest | None = None
    draft: bool = False
    tip: str = ""
    verified: str = ""  # the commit that was verified again, as far as is known
    run: str = ""  # the address of the run that said so, where it was one
    told: bool = False  # this publisher was told so, and git does not say it yet
    labels: tuple[str, ...] = ()
    comment: str = ""  # said when it is closed

    @property
    def removal(self) -> bool:
        """Whether it is about deleting the tool."""
        return self.branch.startswith(REMOVALS)


def is_draft(pull_request: PullRequest) -> bool:
    """Say whether a pull request is a draft, be it only in words."""
    return pull_request.draft or IN_WORDS in pull_request.labels


def tool_of(branch: str) -> str:
    """Give the tool that a branch of toolbuilder's is about."""
    return branch.removeprefix(REMOVALS).removeprefix(BRANCHES)
