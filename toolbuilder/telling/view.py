"""All that is told of a tool, as one value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from toolbuilder.artifacts import Manifest, Obligation, Verification, Wish
from toolbuilder.brief import obligations
from toolbuilder.errors import Problem
from toolbuilder.history import ABOUT, RECORD
from toolbuilder.metacognition import Diagnosis
from toolbuilder.metrics import Spent
from toolbuilder.ports import LogEntry
from toolbuilder.runs import Stop
from toolbuilder.spec import Spec
from toolbuilder.stage import Artifact
from toolbuilder.stages import STAGES

A = TypeVar("A", bound=Artifact)


@dataclass(frozen=True)
class Outside:
    """What is known of a tool from elsewhere than its branch and its journal."""

    stop: Stop | None = None  # why the last build ended before it was done, where that still holds
    verified: str | None = None  # the commit whose gates passed again; None: that is not known
    run: str = ""  # the address of the run that said so; empty: no job is known to have
    checks_wait: bool = False  # the pull request is opened by a token whose checks wait for approval
    address: str = ""  # of the repository, without credentials: https://github.com/owner/name
    remote: str = ""  # where there is no such address: the name of the remote that holds the branch


@dataclass(frozen=True)
class Paid:
    """What was paid for the answers of a model in a stage; `spent.name` is the model."""

    stage: str
    spent: Spent


@dataclass(frozen=True)
class Edits:
    """What people did on a tool's branch; paths are the repository's."""

    changed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()  # that merging would change, and that are neither the tool's nor its spec
    stages: frozenset[str] = frozenset()  # whose own files are not as they wrote them
    commits: tuple[LogEntry, ...] = ()  # newest first

    @property
    def any(self) -> bool:
        """Whether people did anything."""
        return bool(self.changed or self.added or self.deleted or self.stages or self.commits)

    @property
    def of_program(self) -> bool:
        """Whether the program, or a test of it, may be another than the one that was generated."""
        paths = (*self.changed, *self.added, *self.deleted)
        return "generation" in self.stages or any(is_of_program(path) for path in paths)


def is_of_program(path: str) -> bool:
    """Say whether a path of the repository is a tool's own, neither its record nor what is written about it."""
    folder, _, inside = path.partition("/")
    inside = inside.partition("/")[2]
    return folder == "tools" and inside not in ABOUT and not inside.startswith(RECORD)


@dataclass(frozen=True)
class ToolView:
    """A tool as its branch and its journal show it; `artifacts` are those of the finished stages."""

    tool: str
    tip: str
    spec: Spec
    artifacts: tuple[Artifact, ...] = ()
    outside: Outside = field(default_factory=Outside)
    manifest: Manifest | None = None
    commits: Mapping[str, LogEntry] = field(default_factory=dict)  # by stage, the newest of each
    notes: tuple[str, ...] = ()  # what a reader should know of finished stages: adopted, outdated
    due: str = ""  # the stage that has to run next
    why: str = ""
    paid: tuple[Paid, ...] = ()  # for this version of the spec
    paid_before: Spent | None = None  # for earlier versions
    diagnoses: tuple[Diagnosis, ...] = ()  # that were paid for this version, in their order
    wishes: tuple[Wish, ...] = ()
    edits: Edits = Edits()
    unreadable: tuple[Problem, ...] = ()  # records that cannot be read, and edits that do not pass

    def of(self, kind: type[A]) -> A | None:
        """Give an artifact by its type, if there is one."""
        return next((artifact for artifact in self.artifacts if isinstance(artifact, kind)), None)

    @cached_property
    def held_out(self) -> frozenset[str]:
        """The examples that were never seen by what wrote the code."""
        return self.spec.held_out

    @cached_property
    def obligations(self) -> tuple[Obligation, ...]:
        """All that the spec wants."""
        return obligations(self.spec)

    @property
    def refused(self) -> bool:
        """Whether verification ran, and its gate refused what it found: the stop's findings are what that was."""
        stop = self.outside.stop
        told = bool(stop and stop.findings and stop.message.startswith("verification does not pass its gate"))
        return told and self.of(Verification) is None

    @property
    def verified(self) -> bool:
        """Whether what stands on the branch now has been verified again."""
        return bool(self.tip) and self.outside.verified == self.tip

    @property
    def engines(self) -> frozenset[str]:
        """Who answered, over all stages: `offline`, or providers."""
        return frozenset(
            name for entry in self.commits.values() for name in entry.trailers.get("Toolbuilder-Engine", "").split()
        )


def draft_reason(view: ToolView) -> str:
    """Say why a pull request is no more than a draft; empty when it can be merged. Fixed words and stage names."""
    unverified = view.outside.verified is not None and not view.verified
    if view.edits.outside:
        return "it changes files that are not the tool's"
    return waiting_reason(view) or ("it is not verified again yet" if unverified else "")


def waiting_reason(view: ToolView) -> str:
    """Say why a tool is not finished; empty when it is. Fixed words and stage names."""
    stop = view.outside.stop
    if stop:
        stage = stop.stage if stop.stage in {one.name for one in STAGES} else "the build"
        return {
            "needs_person": f"{stage} waits for a person",
            "capped": f"{stage} waits for money: a cap is reached",
            "failed": f"{stage} failed",
        }[stop.kind]
    if view.unreadable:
        return "a record cannot be read"
    return f"{view.due} is not done" if view.due else ""
