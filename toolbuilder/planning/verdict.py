"""What the plan says of a tool."""

from dataclasses import asdict, dataclass
from typing import Literal, TypeAlias

State: TypeAlias = Literal[
    "build",  # new, or not finished: its next stage is to run
    "stale",  # something that a finished stage was made from has changed
    "outdated",  # finished; what made it has changed, and it is built again when that is asked for
    "up to date",  # finished on its branch, and not merged yet
    "merged",  # the default branch holds it, finished and current
    "removed",  # its spec is gone; its branch, or the tool on the default branch, is still there
    "renamed",  # removed, and a new spec says the same under another name
    "waits for a person",  # its last build stopped for a reason that still holds
    "closed by a person",  # a person closed its pull request, and the spec is still the same
    "broken",  # its spec cannot be read
]


@dataclass(frozen=True)
class Verdict:
    """What is true of one tool, and what is to be done about it."""

    tool: str
    state: State
    why: str = ""
    stage: str = ""  # the first stage that is to run, or that would run with --upgrade
    tip: str = ""  # the commit id that its branch ends with
    due: bool = False  # it is to be built now
    again: str = ""  # the stage from which a person asked to have it built again
    usd: float | None = None  # what the outdated stages cost when they were last built
    other: str = ""  # the name under which it lives on, or that it had before
    spec: str = ""  # the blob id of its spec on the default branch


def rows(verdicts: "list[Verdict]") -> list[dict[str, object]]:
    """Give verdicts for programs."""
    return [asdict(verdict) for verdict in verdicts]
