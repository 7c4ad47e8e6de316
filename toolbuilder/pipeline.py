"""The product: a build is a fold of stages over git history.

Replay what the branch says is done, run the stage that is due, put its result before the gate, make it one commit,
and move the branch by compare-and-swap; whoever loses that race reads everything again and keeps the paid answers.
"""

import asyncio
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from toolbuilder.artifacts import Manifest, StageRecord
from toolbuilder.brief import brief_of
from toolbuilder.build import Built, Order, Workshop
from toolbuilder.commits import branch_of, folder_of, keep_in_log, spec_in_force, spec_path, stage_message
from toolbuilder.errors import AnswerRejected, NeedsPerson, RaceLost, RepositoryError
from toolbuilder.events import Asked, Raced, Rejected, StageKept, StageLanded, StageStarted
from toolbuilder.history import MANIFEST, AnyStage, Replay, Tree, blob_id, inputs_of, replay, with_repairs
from toolbuilder.merging import merge_files
from toolbuilder.metacognition import another_attempt
from toolbuilder.microtask import Runner, Silent
from toolbuilder.patterns import chosen, fingerprint
from toolbuilder.ports import Commit, ModelBackend, Repository
from toolbuilder.schema import canonical_json, digest, digest_files
from toolbuilder.spec import Spec
from toolbuilder.spec.file import parse_spec
from toolbuilder.stage import Artifact, Attempt, Context, Files, Finding, Produced
from toolbuilder.yaml_files.models import read_model, write_model


@dataclass(frozen=True)
class State:
    """A tool as its branch stands at one moment."""

    spec: Spec
    source: bytes  # the spec file in force
    given: bytes  # the spec file as it was ordered; the branch may hold a correction
    parent: str  # what the next commit stands on: the branch's tip, or HEAD where there is no branch yet
    tip: str | None
    tree: Tree
    tools: dict[str, str]
    replay: Replay


async def build(order: Order, workshop: Workshop) -> Built:
    """Build a tool as far as ordered; finished stages are kept, not run again.

    Raises NeedsPerson, FileIsWrong, BudgetReached or another ToolbuilderError; what was finished stays committed.
    """
    again = names_from(workshop.stages, order.again)
    landed: dict[str, str] = {}
    backend = workshop.backend(order.spec.name)
    state = await asyncio.to_thread(survey, order, workshop, again)
    if order.upgrade:
        again |= {done.stage.name for done in state.replay.done if done.outdated}
        state = await asyncio.to_thread(survey, order, workshop, again)
    tell_kept(state, workshop)
    while (stage := due(state, order, workshop)) is not None:
        produced, runner = await advance(state, stage, backend, workshop)
        try:
            commit = await asyncio.to_thread(land, state, stage, produced, runner, workshop)
        except RaceLost:
            workshop.tell(Raced(order.spec.name, stage.name))
        else:
            again -= {stage.name}
            landed[stage.name] = commit
            workshop.tell(StageLanded(order.spec.name, stage.name, commit, unchanged=commit == state.parent))
        state = await asyncio.to_thread(survey, order, workshop, again)
    return ended(state, landed)


def survey(order: Order, workshop: Workshop, again: AbstractSet[str]) -> State:
    """Read everything from the branch: the spec in force, the files, what is done and what is due."""
    repository, tool = workshop.repository, order.spec.name
    tip = repository.resolve(branch_of(tool))
    parent = tip or repository.resolve("HEAD")
    if parent is None:
        raise RepositoryError("the repository has no commit to build on; type `git commit --allow-empty -m start`")
    folder = folder_of(tool)
    files = repository.read(parent, folder)
    tree = Tree(folder, {path.removeprefix(folder): content for path, content in files.items()})
    source = order.source
    if tip and (manifest := tree.manifest):
        present = repository.read(tip, spec_path(tool)).get(spec_path(tool))
        source = spec_in_force(repository, manifest, present, order.source, tip)
    spec = order.spec if source == order.source else parse_spec(source, spec_path(tool))
    patterns = chosen(spec, workshop.patterns)
    tools = {"patterns": fingerprint(patterns), "template": workshop.fingerprint(spec.template)}
    context_of = partial(context, spec, tree, workshop, Runner(Silent()))
    return State(
        spec, source, order.source, parent, tip, tree, tools, replay(workshop.stages, tree, context_of, tools, again)
    )


async def advance(
    state: State, stage: AnyStage, backend: ModelBackend, workshop: Workshop
) -> tuple[Produced[Any], Runner]:
    """Run the stage that is due until its result passes the gate. Raises NeedsPerson when it will not."""
    tool = state.spec.name
    workshop.tell(StageStarted(tool, stage.name, state.replay.due.why if state.replay.due else ""))
    runner = Runner(
        backend,
        canonical_json(brief_of(state.spec)),
        workshop.ladder,
        lambda microtask: workshop.tell(Asked(tool, stage.name, microtask)),
    )
    here = context(state.spec, state.tree, workshop, runner, state.replay.artifacts)
    while True:
        try:
            produced = await stage.run(here)
        except AnswerRejected as error:
            raise NeedsPerson(f"{stage.name}: no usable answer", findings=[str(error)]) from error
        files = {**state.tree.tool, **produced.files, **produced.repairs}
        findings = stage.judge(here, produced.artifact, files)
        if not findings:
            return produced, runner
        workshop.tell(Rejected(tool, stage.name, len(findings)))
        attempts = (*here.attempts, Attempt(tuple(findings), produced.repairs, here.advice))
        advice = await another_attempt(runner, stage.name, attempts)
        here = replace(here, attempts=attempts, advice=advice)


def land(state: State, stage: AnyStage, produced: Produced[Any], runner: Runner, workshop: Workshop) -> str:
    """Make a stage's result one commit on the branch, people's edits merged in; give the commit's id.

    A stage that ran again and came to the same result makes no commit: the one that it stands on is given. Raises
    RaceLost when the branch moved meanwhile, NeedsPerson when an edit conflicts.
    """
    repository, tree, tool = workshop.repository, state.tree, state.spec.name
    fresh = {stage.record: write_model(produced.artifact), **produced.files}
    merged = merge_files(repository, pristine(stage, tree), tree.files, fresh, state.parent)
    here = context(state.spec, tree, workshop, runner, state.replay.artifacts)
    if merged.files != fresh:
        artifact = read_model(merged.files[stage.record], f"{tree.folder}{stage.record}", stage.produces)
        refuse(stage, stage.judge(here, artifact, {**tree.tool, **merged.files}))
    repaired = Tree(tree.folder, {**tree.files, **produced.repairs})
    record = StageRecord(
        stage=stage.name,
        inputs=inputs_of(stage, here, repaired),
        engine=stage.engine(state.tools),
        output=digest_files(merged.files),
        files={path: blob_id(content, state.parent) for path, content in fresh.items()},
        adopted=merged.files != fresh,
    )
    manifest = manifest_with(state, record, produced.repairs)
    files = {**produced.repairs, **merged.files, MANIFEST: write_model(manifest)}
    if state.tip and not merged.removed and {**tree.files, **files} == tree.files:
        return state.tip
    message = stage_message(tool, record, digest(record.inputs, record.engine), runner.answers)
    paths = {spec_path(tool): state.source, **{f"{tree.folder}{path}": content for path, content in files.items()}}
    removed = tuple(f"{tree.folder}{path}" for path in merged.removed)
    edited = record.adopted or state.source != state.given
    parents = (state.parent, *([_as_generated(state, stage, fresh, repository)] if edited else []))
    commit = repository.write(Commit(parents, message, paths, removed))
    repository.swap(branch_of(tool), commit, state.tip)
    keep_in_log(repository, tool, commit, state.parent)
    return commit


def pristine(stage: AnyStage, tree: Tree) -> dict[str, str]:
    """Give the blob ids that a stage wrote last time; a record that was lost counts as never written."""
    old = tree.manifest.of(stage.name) if tree.manifest else None
    files = old.files if old else {}
    return {path: blob for path, blob in files.items() if path != stage.record or path in tree.files}


def _as_generated(state: State, stage: AnyStage, fresh: Files, repository: Repository) -> str:
    """Keep what the stage itself wrote, and the spec as ordered: the bases of the next merge have to be in history."""
    files = {spec_path(state.spec.name): state.given}
    files |= {f"{state.tree.folder}{path}": content for path, content in fresh.items()}
    return repository.write(Commit((state.parent,), f"{state.spec.name}: {stage.name} as generated\n", files))


def context(spec: Spec, tree: Tree, workshop: Workshop, runner: Runner, earlier: tuple[Artifact, ...]) -> Context:
    """Give a stage all that it may see: neither the repository nor the forge."""
    patterns = chosen(spec, workshop.patterns)
    return Context(spec, earlier, tree.tool, patterns, runner, workshop.sandbox, workshop.scaffolder)


def due(state: State, order: Order, workshop: Workshop) -> AnyStage | None:
    """Give the stage to run now, or None when all that was ordered is done."""
    names = [stage.name for stage in workshop.stages]
    waiting = state.replay.due
    if waiting is None or (order.until and names.index(waiting.stage.name) > names.index(order.until)):
        return None
    return waiting.stage


def names_from(stages: tuple[AnyStage, ...], first: str | None) -> frozenset[str]:
    """Give the names of a stage and all that follow; none without a first one."""
    names = [stage.name for stage in stages]
    return frozenset(names[names.index(first) :]) if first else frozenset()


def manifest_with(state: State, record: StageRecord, repairs: Files) -> Manifest:
    """Give the manifest with one stage's record new, the finished ones as they are in force, the others kept."""
    old = {one.stage: one for one in (state.tree.manifest.stages if state.tree.manifest else ())}
    in_force = {one.stage.name: with_repairs(one.record, state.tree, repairs) for one in state.replay.done}
    records = {**old, **in_force, record.stage: record}
    return Manifest(tool=state.spec.name, spec=blob_id(state.given, state.parent), stages=tuple(records.values()))


def refuse(stage: AnyStage, findings: list[Finding]) -> None:
    """Stop where a gate found something."""
    if findings:
        raise NeedsPerson(f"{stage.name} does not pass its gate", findings=[str(finding) for finding in findings])


def tell_kept(state: State, workshop: Workshop) -> None:
    """Tell which stages were found finished."""
    for done in state.replay.done:
        workshop.tell(StageKept(state.spec.name, done.stage.name, "; ".join(done.notes)))


def ended(state: State, landed: dict[str, str]) -> Built:
    """Say what a build ended with."""
    tool = state.spec.name
    return Built(tool, branch_of(tool), state.tip or state.parent, state.replay.done, landed, state.replay.due is None)
