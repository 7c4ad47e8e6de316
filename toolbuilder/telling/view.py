"""All that is told of a tool, as one value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from toolbuilder.artifacts import Manifest, Obligation, Wish
from toolbuilder.brief import obligations
from toolbuilder.errors import Problem
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
    verified: str | None = None  # the commit whose gates passed again on a fresh runner; None: that is not known
    checks_wait: bool = False  # the pull request is opened by a token whose checks wait for approval
    address: str = ""  # of the repository, without credentials: https://github.com/owner/name


@dataclass(frozen=True)
class Paid:
    """What was paid for the answers of a model in a stage; `spent.name` is the model."""

    stage: str
    spent: Spent


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
    def verified(self) -> bool:
        """Whether what stands on the branch now has passed on a fresh runner."""
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
    return waiting_reason(view) or ("it is not verified on a fresh runner yet" if unverified else "")


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
