"""What a build works with and what it ends with."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from toolbuilder.events import Listener
from toolbuilder.history import AnyStage, Done
from toolbuilder.patterns import Pattern
from toolbuilder.ports import Joiner, ModelBackend, Repository, Sandbox, Scaffolder
from toolbuilder.runs import NOBODY, Claimant, Hurried
from toolbuilder.spec import Spec


@dataclass(frozen=True)
class Workshop:
    """Everything that a build needs from outside."""

    repository: Repository
    backend: Callable[[Spec], ModelBackend]  # a tool's spec -> its journalled backend
    sandbox: Sandbox
    scaffolder: Scaffolder
    patterns: tuple[Pattern, ...]
    fingerprint: Callable[[str], str]  # template's name -> digest of its content
    stages: tuple[AnyStage, ...]
    ladder: tuple[str, ...] = ("offline",)  # who is asked, one after the other
    tell: Listener = lambda _: None
    underway: Callable[[str], AbstractContextManager[None]] = lambda _: nullcontext()  # held as long as a tool is built
    joiner: Joiner | None = None  # merges what the default branch brought into a tool's branch
    claimant: Claimant = NOBODY  # who runs, as others are told
    hurried: Hurried | None = None  # the repository for whoever has so many seconds; None: it keeps nobody waiting
    prove: Callable[[], object] = lambda: None  # called once, first of all: raises where no commit could be written
    reconcile: Callable[[], None] = lambda: None  # called once, before anything is built: brings what others have
    finish: Callable[[], None] = lambda: None  # called once, after all is journalled: gives back what is left over


@dataclass(frozen=True)
class Order:
    """What is to be built: a spec as its file holds it, and how far."""

    spec: Spec
    source: bytes  # the spec file, word for word
    until: str | None = None  # the last stage to run
    again: str | None = None  # the first stage to run again, finished or not
    upgrade: bool = False  # outdated stages run again too
    feedback: str = ""  # what a person asks of the stage `again`


@dataclass(frozen=True)
class Built:
    """How a build ended: the tool's branch, its tip, and every finished stage."""

    tool: str
    branch: str
    tip: str
    done: tuple[Done, ...]
    landed: Mapping[str, str]  # stages that this build ran -> their commits
    complete: bool
