"""What happens during a build, told to whoever shows it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class StageKept:
    """A finished stage was found in the branch and not run again."""

    tool: str
    stage: str
    note: str  # "", or what a reader should know: adopted, outdated


@dataclass(frozen=True)
class StageStarted:
    """A stage runs."""

    tool: str
    stage: str
    why: str


@dataclass(frozen=True)
class Asked:
    """A microtask was put to the engine, or to the journal."""

    tool: str
    stage: str
    microtask: str


@dataclass(frozen=True)
class Rejected:
    """A gate found something; the stage is diagnosed, and perhaps tried again."""

    tool: str
    stage: str
    findings: int


@dataclass(frozen=True)
class StageLanded:
    """A stage's commit stands on the branch; `unchanged` if it ran again and came to the same result."""

    tool: str
    stage: str
    commit: str
    unchanged: bool = False


@dataclass(frozen=True)
class Raced:
    """Somebody else moved the branch: everything is read again, answers are kept."""

    tool: str
    stage: str


@dataclass(frozen=True)
class Joined:
    """The default branch had news of the tool; its branch holds them now."""

    tool: str
    commit: str


@dataclass(frozen=True)
class BatchSent:
    """Questions of all tools that are built went to the provider together; it may take a day to answer them."""

    questions: int
    batch: str  # its id there


Event: TypeAlias = StageKept | StageStarted | Asked | Rejected | StageLanded | Raced | Joined | BatchSent
Listener: TypeAlias = Callable[[Event], None]
