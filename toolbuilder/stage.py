"""A stage: one step of a build, as data. It cannot commit or push: it sees no repository."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeAlias, TypeVar, cast

from toolbuilder.artifacts import Architecture, Generation, Packaging, Requirements, Verification
from toolbuilder.credentials import credentials_in
from toolbuilder.microtask import Microtask, Runner
from toolbuilder.patterns import Pattern
from toolbuilder.ports import Sandbox, Scaffolder
from toolbuilder.schema import digest
from toolbuilder.spec import Spec
from toolbuilder.yaml_files.models import write_model

Artifact: TypeAlias = Requirements | Architecture | Generation | Verification | Packaging
Files: TypeAlias = Mapping[str, bytes]  # path relative to the tool's folder -> content
A = TypeVar("A", bound=Artifact)


@dataclass(frozen=True)
class Finding:
    """Something that a gate holds against an artifact."""

    check: str
    where: str
    message: str

    def __str__(self) -> str:
        """Give `check: where: message`."""
        return ": ".join(part for part in (self.check, self.where, self.message) if part)


def no_secrets(files: Files) -> list[Finding]:
    """Find what looks like a credential; it is named by file and line, never shown."""
    return [
        Finding("secrets", f"{path}:{line}", f"holds what looks like {kind}")
        for path, content in files.items()
        for line, kind in credentials_in(content)
    ]


@dataclass(frozen=True)
class Attempt:
    """One run of a stage that did not pass: what the gate found, what it had repaired, and the advice that it had."""

    findings: tuple[Finding, ...]
    repairs: Files
    advice: str


@dataclass(frozen=True)
class Context:
    """All that a stage may see and use."""

    spec: Spec
    earlier: tuple[Artifact, ...]
    files: Files  # the tool's folder as it stands, the record left out
    patterns: tuple[Pattern, ...]
    runner: Runner
    sandbox: Sandbox
    scaffolder: Scaffolder
    attempts: tuple[Attempt, ...] = ()  # of this stage, in this build
    advice: str = ""  # what a diagnosis says about the last of them
    wishes: tuple[str, ...] = ()  # what people ask of this stage

    def artifact(self, kind: type[A]) -> A:
        """Give an earlier stage's artifact by its type."""
        return next(artifact for artifact in self.earlier if isinstance(artifact, kind))

    def feedback(self, about: str = "") -> str:
        """Give what a question about a file should be told of the last attempt; empty when it was not at fault.

        A question about no file in particular is always told; so is every one when no finding names a file. What
        people ask of the stage is told to all.
        """
        return "\n".join(part for part in (self.wished, self._findings(about)) if part)

    @property
    def wished(self) -> str:
        """What every question of this stage is told that people ask for; empty when they ask for nothing."""
        return "\n".join(["A reviewer asks:", *self.wishes]) if self.wishes else ""

    def _findings(self, about: str) -> str:
        if not self.attempts:
            return ""
        findings = [str(finding) for finding in self.attempts[-1].findings]
        named = [text for text in findings if about in text]
        if about and not named and any("/" in text for text in findings):
            return ""
        return "\n".join(["The last attempt was rejected:", *(named or findings), "Advice:", self.advice])


@dataclass(frozen=True)
class Produced(Generic[A]):
    """What a run of a stage gives: its artifact, the files that belong to it, and repaired files of earlier stages."""

    artifact: A
    files: Files = field(default_factory=dict)
    repairs: Files = field(default_factory=dict)


@dataclass(frozen=True)
class Stage(Generic[A]):
    """One stage of the pipeline.

    `reads` names what its result depends on: "spec", "files", or earlier stages. What else went into it, the
    prompts, schemas, `revision` and the `tools` ("patterns", "template"), is its engine: a change there makes a
    result outdated, not stale. What a stage `measures` is measured again when its record was edited: a person may
    correct a decision, not a measurement.
    """

    name: str
    title: str
    produces: type[A]
    reads: tuple[str, ...]
    run: Callable[[Context], Coroutine[Any, Any, Produced[A]]]
    gate: Callable[[Context, A, Files], list[Finding]]
    microtasks: tuple[Microtask[Any, Any], ...] = ()
    tools: tuple[str, ...] = ()
    measures: bool = False
    again: Callable[[Context, A, Files], Coroutine[Any, Any, A]] | None = (
        None  # measures what a record says, asks nobody
    )
    exceeds: Callable[[A, A], list[Finding]] = (
        lambda _recorded, _measured: []
    )  # what a record claims beyond a measurement
    by_code: frozenset[str] = frozenset()  # files that nobody corrects: an edit is not merged, but taken back
    revision: int = 1

    @property
    def record(self) -> str:
        """The artifact's path in the tool's folder."""
        return f".toolbuilder/{self.name}.yaml"

    def judge(self, context: Context, artifact: Artifact, files: Files) -> list[Finding]:
        """Put an artifact of this stage's type, and its files, before the gate.

        Where something that the stage wrote holds what looks like a credential, that alone is told: what else a gate
        finds might quote it.
        """
        written = {path: content for path, content in files.items() if context.files.get(path) != content}
        leaked = no_secrets({self.record: write_model(artifact), **written})
        return leaked or self.gate(context, cast("A", artifact), files)

    async def claims(self, context: Context, artifact: Artifact, files: Files) -> list[Finding]:
        """Measure once more what an artifact says was measured, without asking anybody; give what does not hold."""
        if self.again is None:
            return []
        recorded = cast("A", artifact)
        measured = await self.again(context, recorded, files)
        return [*self.exceeds(recorded, measured), *self.gate(context, measured, files)]

    def engine(self, tools: Mapping[str, str]) -> dict[str, str]:
        """Give the digests of what made the stage: its questions, its code's revision, and the tools it used."""
        questions = digest(self.revision, [task.revision for task in self.microtasks])
        return {"stage": questions, **{name: tools[name] for name in self.tools}}
