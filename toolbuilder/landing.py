"""Landing: a stage's result becomes one commit on the branch, people's edits merged in."""

from functools import partial
from typing import Any

from toolbuilder.artifacts import Manifest, StageRecord
from toolbuilder.build import Workshop
from toolbuilder.commits import move_branch, spec_path, stage_message
from toolbuilder.errors import NeedsPerson, ToolbuilderError
from toolbuilder.history import MANIFEST, AnyStage, Tree, blob_id, inputs_of, replay, with_repairs
from toolbuilder.manifests import write_manifest
from toolbuilder.merging import merge_files
from toolbuilder.microtask import Runner, Silent
from toolbuilder.patterns import fingerprint
from toolbuilder.ports import Commit, Repository
from toolbuilder.schema import digest, digest_files
from toolbuilder.sealing import glance_of, sealed
from toolbuilder.stage import Files, Finding, Produced
from toolbuilder.survey import State, context
from toolbuilder.yaml_files.models import read_model, write_model


def land(state: State, stage: AnyStage, produced: Produced[Any], runner: Runner, workshop: Workshop) -> str:
    """Make a stage's result one commit on the branch, people's edits merged in; give the commit's id.

    A stage that ran again and came to the same result makes no commit: the one that it stands on is given. Raises
    RaceLost when the branch moved meanwhile, NeedsPerson when an edit conflicts.
    """
    repository, tree, tool = workshop.repository, state.tree, state.spec.name
    fresh = {stage.record: write_model(produced.artifact), **produced.files}
    merged = merge_files(repository, _pristine(stage, tree), tree.files, fresh, state.parent)
    here = context(state.spec, tree, workshop, runner, state.replay.artifacts)
    if merged.files != fresh:
        artifact = read_model(merged.files[stage.record], f"{tree.folder}{stage.record}", stage.produces)
        _refuse(stage, stage.judge(here, artifact, {**tree.tool, **merged.files}))
    repaired = Tree(tree.folder, {**tree.files, **produced.repairs})
    record = StageRecord(
        stage=stage.name,
        inputs=inputs_of(stage, here, repaired),
        engine=stage.engine(state.tools),
        output=digest_files(merged.files),
        files={path: blob_id(content, state.parent) for path, content in fresh.items()},
        adopted=merged.files != fresh,
    )
    files = {**produced.repairs, **merged.files}
    after = {path: content for path, content in {**tree.files, **files}.items() if path not in merged.removed}
    manifest = _sealed(state, _manifest_with(state, record, produced.repairs), after, workshop)
    files = {**files, MANIFEST: write_manifest(manifest)}
    if state.tip and not merged.removed and {**tree.files, **files} == tree.files:
        return state.tip
    message = stage_message(tool, record, digest(record.inputs, record.engine), runner.answers)
    paths = {spec_path(tool): state.source, **{f"{tree.folder}{path}": content for path, content in files.items()}}
    removed = tuple(f"{tree.folder}{path}" for path in merged.removed)
    edited = record.adopted or state.source != state.given
    parents = (state.parent, *([_as_generated(state, stage, fresh, repository)] if edited else []))
    commit = repository.write(Commit(parents, message, paths, removed))
    move_branch(repository, tool, commit, state.tip, state.parent)
    return commit


def _pristine(stage: AnyStage, tree: Tree) -> dict[str, str]:
    """Give the blob ids that a stage wrote last time; a record that was lost counts as never written."""
    old = tree.manifest.of(stage.name) if tree.manifest else None
    files = dict(old.files) if old else {}
    if stage.record not in tree.files:
        files.pop(stage.record, None)
    elif stage.measures and stage.record in files:
        # What is measured again replaces its record, whatever a person wrote into it.
        files[stage.record] = blob_id(tree.files[stage.record], files[stage.record])
    for path in stage.by_code & files.keys():
        wrote = files.pop(path)
        if path in tree.files:
            files[path] = blob_id(tree.files[path], wrote)  # whatever stands there counts as untouched
    return files


def _as_generated(state: State, stage: AnyStage, fresh: Files, repository: Repository) -> str:
    """Keep what the stage itself wrote, and the spec as ordered: the bases of the next merge have to be in history."""
    files = {spec_path(state.spec.name): state.given}
    files |= {f"{state.tree.folder}{path}": content for path, content in fresh.items()}
    return repository.write(Commit((state.parent,), f"{state.spec.name}: {stage.name} as generated\n", files))


def _manifest_with(state: State, record: StageRecord, repairs: Files) -> Manifest:
    """Give the manifest with one stage's record new, the finished ones as they are in force, the others kept."""
    old = {one.stage: one for one in (state.tree.manifest.stages if state.tree.manifest else ())}
    in_force = {one.stage.name: with_repairs(one.record, state.tree, repairs) for one in state.replay.done}
    records = {**old, **in_force, record.stage: record}
    return Manifest(tool=state.spec.name, spec=blob_id(state.given, state.parent), stages=tuple(records.values()))


def _sealed(state: State, manifest: Manifest, files: Files, workshop: Workshop) -> Manifest:
    """Seal a manifest among the files that it will stand beside, where replay finds all of it in force."""
    tree = Tree(state.tree.folder, {**files, MANIFEST: write_manifest(manifest)})
    context_of = partial(context, state.spec, tree, workshop, Runner(Silent()))
    try:
        found = replay(workshop.stages, tree, context_of, state.tools)
    except ToolbuilderError:  # whatever it is, the next survey says so
        return manifest
    ids = {path: blob_id(content, state.parent) for path, content in files.items()}
    manifest = sealed(manifest, ids, workshop.stages, found)
    if not manifest.seal or state.source != state.given:
        return manifest
    library = fingerprint(workshop.patterns)
    glance = glance_of(manifest, manifest.spec, state.spec.template, state.tools["patterns"], library)
    return manifest.model_copy(update={"glance": glance})


def _refuse(stage: AnyStage, findings: list[Finding]) -> None:
    """Stop where a gate found something."""
    if findings:
        raise NeedsPerson(f"{stage.name} does not pass its gate", findings=[str(finding) for finding in findings])
