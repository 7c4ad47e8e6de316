"""A forge in memory, for what is decided about comments."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from toolbuilder.errors import ForgeError
from toolbuilder.ports import Proposal, PullRequest


def pull(number: int = 7, branch: str = "toolbuilder/dedupe", **parts: object) -> PullRequest:
    """Give an open pull request."""
    given = {"state": "open", "draft": False, "tip": "1" * 40, "title": "dedupe", "body": "", "labels": (), **parts}
    return PullRequest(number=number, url=f"http://127.0.0.1/pull/{number}", branch=branch, **given)  # type: ignore[arg-type]  # only tests give parts


@dataclass
class MemoryForge:
    """Keeps what it was told to do."""

    writers: frozenset[str] = frozenset({"ada"})
    pulls: tuple[PullRequest, ...] = (pull(),)
    comments: dict[tuple[int, str], str] = field(default_factory=dict)
    dispatched: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    broken: str = ""  # why dispatches are refused

    def pull_requests(self) -> list[PullRequest]:
        return list(self.pulls)

    def propose(self, proposal: Proposal, known: PullRequest | None) -> PullRequest:
        raise AssertionError(f"a comment proposes nothing: {proposal}, {known}")

    def close(self, number: int, comment: str, label: str) -> None:
        raise AssertionError(f"a comment closes nothing: {number}, {comment}, {label}")

    def comment(self, number: int, marker: str, text: str) -> None:
        self.comments[number, marker] = text

    def may_write(self, login: str) -> bool:
        return login in self.writers

    def dispatch(self, workflow: str, inputs: Mapping[str, str]) -> None:
        if self.broken:
            raise ForgeError(self.broken)
        self.dispatched.append((workflow, dict(inputs)))
