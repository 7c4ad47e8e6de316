"""The door to where pull requests stand."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True)
class PullRequest:
    """A pull request of toolbuilder's, as the forge has it."""

    number: int
    url: str
    branch: str  # without refs/heads/
    state: Literal["open", "closed", "merged"]
    draft: bool
    tip: str  # the commit id that it ends with
    title: str
    body: str
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Proposal:
    """What a pull request is to say."""

    branch: str
    title: str
    body: str
    draft: bool = False
    labels: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()  # logins, and teams as "owner/team"


class Forge(Protocol):
    """Where pull requests stand. Every method raises ForgeError when the forge refuses or cannot be reached."""

    def pull_requests(self) -> list[PullRequest]:
        """Give every pull request from a branch of toolbuilder's, open and closed, the newest first."""

    def propose(self, proposal: Proposal, known: PullRequest | None) -> PullRequest:
        """Open a pull request, or make the known one say this; never a second one for a branch that has one open."""

    def close(self, number: int, comment: str, label: str) -> None:
        """Close a pull request with a word of why, and mark it so that it is known who closed it."""

    def comment(self, number: int, marker: str, text: str) -> None:
        """Put the comment that carries this marker in place: there is at most one."""

    def may_write(self, login: str) -> bool:
        """Say whether a person has write access."""

    def dispatch(self, workflow: str, inputs: Mapping[str, str]) -> None:
        """Start a workflow on the default branch."""
