"""Replay: what the tree of a branch says is done, what is stale, what is outdated and what a person changed."""

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from toolbuilder.artifacts import Feedback, Manifest, StageRecord
from toolbuilder.errors import FileIsWrong, Problem, RepositoryError
from toolbuilder.manifests import read_manifest
from toolbuilder.schema import digest, digest_files
from toolbuilder.spec import Spec
from toolbuilder.stage import Artifact, Context, Files, Finding, Stage
from toolbuilder.yaml_files.models import read_model

AnyStage: TypeAlias = Stage[Any]

RECORD = ".toolbuilder/"
MANIFEST = f"{RECORD}manifest.yaml"
FEEDBACK = f"{RECORD}feedback.yaml"
ABOUT = frozenset({"README.md"})  # packaging writes it from what verification found: no input of either


@dataclass(frozen=True)
class Tree:
    """A tool's folder as a commit holds it; paths are relative to `folder`."""

    folder: str
    files: Files

    @property
    def manifest(self) -> Manifest | None:
        """The manifest, if the folder has one. Raises FileIsWrong."""
        content = self.files.get(MANIFEST)
        if content is None:
            return None
        path = f"{self.folder}{MANIFEST}"
        try:
            return read_manifest(content, path)
        except FileIsWrong as error:
            way_out = f"restore it from an earlier commit of the branch: `git log -- {path}` lists them"
            raise FileIsWrong([*error.problems, Problem(path, 0, 0, way_out)]) from None

    @property
    def feedback(self) -> Feedback:
        """What people ask of the stages, in words. Raises FileIsWrong."""
        content = self.files.get(FEEDBACK)
        return read_model(content, f"{self.folder}{FEEDBACK}", Feedback) if content else Feedback(wishes=())

    @property
    def tool(self) -> Files:
        """The tool itself: neither the record nor what packaging writes about it."""
        return {p: content for p, content in self.files.items() if not p.startswith(RECORD) and p not in ABOUT}


@dataclass(frozen=True)
class Done:
    """A finished stage; `outdated` names what made it and has changed since."""

    stage: AnyStage
    artifact: Artifact
    record: StageRecord
    outdated: tuple[str, ...]

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know of it."""
        adopted = ("adopted, with an edit",) if self.record.adopted else ()
        outdated = (f"outdated: {' and '.join(self.outdated)} changed",) if self.outdated else ()
        return adopted + outdated


@dataclass(frozen=True)
class Due:
    """The stage that has to run next, and why."""

    stage: AnyStage
    why: str


@dataclass(frozen=True)
class Replay:
    """The finished stages, in order, and the first one that is not."""

    done: tuple[Done, ...]
    due: Due | None

    @property
    def artifacts(self) -> tuple[Artifact, ...]:
        """The artifacts in force."""
        return tuple(one.artifact for one in self.done)


def replay(
    stages: Sequence[AnyStage],
    tree: Tree,
    context_of: Callable[[tuple[Artifact, ...]], Context],
    tools: Mapping[str, str],
    again: Collection[str] = (),
) -> Replay:
    """Say what is done and what is due.

    `tools` are the digests of the patterns and the template in use; stages named in `again` are due whatever the
    record says. A person's edit is adopted when it validates and passes the stage's gate. Raises FileIsWrong naming
    the file and the finding when it does not, RepositoryError when the manifest and the tree disagree.
    """
    manifest = tree.manifest
    done: list[Done] = []
    for stage in stages:
        context = context_of(tuple(one.artifact for one in done))
        record = manifest.of(stage.name) if manifest else None
        why = "asked for" if stage.name in again else _why_due(stage, record, inputs_of(stage, context, tree), tree)
        if record is None or why:
            return Replay(tuple(done), Due(stage, why))
        done.append(_done(stage, record, context, tree, tools))
    return Replay(tuple(done), None)


def inputs_of(stage: AnyStage, context: Context, tree: Tree) -> dict[str, str]:
    """Give the digests of what a stage reads, as it stands."""
    artifacts = {type(artifact).__name__.lower(): artifact for artifact in context.earlier}
    digests = {
        "spec": spec_digest(context.spec),
        "files": digest_files(tree.tool),
        "feedback": digest(tree.feedback.of(stage.name)),
        **{name: digest(artifact) for name, artifact in artifacts.items()},
    }
    return {name: digests[name] for name in (*stage.reads, "feedback")}


def spec_digest(spec: Spec) -> str:
    """Name what a spec wants; what may be spent on it is no part of that."""
    return digest(spec.model_copy(update={"budget": None}))


def with_repairs(record: StageRecord, tree: Tree, repairs: Files) -> StageRecord:
    """Give a stage's record as it is once a later stage has repaired some of its files: they count as its own."""
    mine = {path: content for path, content in repairs.items() if path in record.files}
    if not mine:
        return record
    like = next(iter(record.files.values()))
    now = {path: {**tree.files, **mine}[path] for path in record.files if path in tree.files}
    blobs = {path: blob_id(content, like) for path, content in mine.items()}
    return record.model_copy(update={"output": digest_files(now), "files": {**record.files, **blobs}})


def blob_id(content: bytes, like: str) -> str:
    """Give the id under which git stores a file, in the object format of another id."""
    algorithm = hashlib.sha1 if len(like) == 40 else hashlib.sha256  # git's own formats
    return algorithm(b"blob %d\0" % len(content) + content).hexdigest()


def _why_due(stage: AnyStage, record: StageRecord | None, inputs: Mapping[str, str], tree: Tree) -> str:
    if record is None:
        return "not built yet"
    changed = [name for name in inputs if record.inputs.get(name) != inputs[name]]
    if changed:
        return f"{' and '.join(changed)} changed"
    return "its record was edited" if stage.measures and _record_edited(stage, record, tree) else ""


def _record_edited(stage: AnyStage, record: StageRecord, tree: Tree) -> bool:
    content, wrote = tree.files.get(stage.record), record.files.get(stage.record)
    return content is None or wrote is None or blob_id(content, wrote) != wrote


def _done(stage: AnyStage, record: StageRecord, context: Context, tree: Tree, tools: Mapping[str, str]) -> Done:
    path = f"{tree.folder}{stage.record}"
    if stage.record not in tree.files:
        raise RepositoryError(
            f"{path} is missing, though the manifest says that {stage.name} is done. Restore the file, "
            f"or type `toolbuilder run --from {stage.name}` to run the stage again."
        )
    artifact = read_model(tree.files[stage.record], path, stage.produces)
    files = {name: tree.files[name] for name in record.files if name in tree.files}
    output = digest_files(files)
    if output != record.output:
        findings = stage.judge(context, artifact, {**tree.tool, **files})
        if findings:
            raise FileIsWrong([_located(finding, tree, path) for finding in findings])
        record = record.model_copy(update={"output": output, "adopted": True})
    engine = stage.engine(tools)
    outdated = tuple(name for name, value in engine.items() if record.engine.get(name) != value)
    return Done(stage, artifact, record, outdated)


def _located(finding: Finding, tree: Tree, record: str) -> Problem:
    file, _, line = finding.where.partition(":")
    if file not in tree.files:
        return Problem(record, 0, 0, f"the edit does not pass the gate: {finding}")
    return Problem(f"{tree.folder}{file}", int(line) if line.isdigit() else 0, 1, f"the edit fails: {finding.message}")
