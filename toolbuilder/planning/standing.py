"""How far a tool is: by object ids where the seal of its manifest fits, else by reading everything, to the same end."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import TypeAlias

from toolbuilder.artifacts import Manifest
from toolbuilder.build import Order, Workshop
from toolbuilder.commits import branch_of, folder_of, spec_path
from toolbuilder.errors import FileIsWrong
from toolbuilder.history import MANIFEST, AnyStage, blob_id
from toolbuilder.manifests import read_manifest
from toolbuilder.patterns import chosen, fingerprint
from toolbuilder.ports import Snapshot
from toolbuilder.sealing import fits, glance_of, is_whole
from toolbuilder.spec import Spec
from toolbuilder.survey import survey

NOT_BUILT = "not built yet"
Engines: TypeAlias = Mapping[str, Mapping[str, str]]  # stage -> what makes it, by name -> digest


@dataclass(frozen=True)
class Standing:
    """How far a tool is; `due` is the stage that has to run next, empty when all are done."""

    tip: str  # of its branch, empty without one
    done: tuple[str, ...]
    due: str
    why: str
    outdated: tuple[tuple[str, tuple[str, ...]], ...]  # finished stages, and what made them and has changed since
    tools: Mapping[str, str]  # the digests of the patterns and the template in use


@dataclass(frozen=True)
class View:
    """What a plan is made from: the repository at one moment, and the workshop that would build."""

    snapshot: Snapshot
    workshop: Workshop
    ladders: tuple[tuple[str, ...], ...] = ()  # those with which the last build may have stopped

    @cached_property
    def library(self) -> str:
        """The digest of all patterns that there are to choose from."""
        return fingerprint(self.workshop.patterns)

    def without_branch(self, tool: str) -> "View":
        """Give the view in which a tool has no branch: what the default branch holds of it."""
        return replace(self, snapshot=self.snapshot.moved(branch_of(tool), None))


def standing_of(order: Order, view: View) -> Standing:
    """Say how far a tool is. Raises what a survey raises."""
    return at_a_glance(order, view) or looked_through(order, view)


def looked_through(order: Order, view: View) -> Standing:
    """Say how far a tool is by reading everything, as a build does. Raises what a survey raises."""
    state = survey(order, replace(view.workshop, repository=view.snapshot), frozenset())
    due = state.replay.due
    return Standing(
        tip=state.tip or "",
        done=tuple(one.stage.name for one in state.replay.done),
        due=due.stage.name if due else "",
        why=due.why if due else "",
        outdated=tuple((one.stage.name, one.outdated) for one in state.replay.done if one.outdated),
        tools=state.tools,
    )


def at_a_glance(order: Order, view: View) -> Standing | None:
    """Say how far a tool is from object ids and its sealed manifest; None where that does not suffice.

    Raises FileIsWrong for a pattern that the spec wants and that there is not.
    """
    stages, tool, snapshot = view.workshop.stages, order.spec.name, view.snapshot
    tip, ids, manifest = _sealed(tool, snapshot)
    if ids:
        corrected = tip and snapshot.id_of(tip, spec_path(tool)) != blob_id(order.source, tip)
        if manifest is None or corrected or not fits(manifest, ids, stages, order.spec):
            return None
    return _standing(tip, manifest, tools_of(order.spec, view.workshop), stages)


def unread(tool: str, blob: str, view: View) -> Standing | None:
    """Say how far a tool is where its manifest tells what this spec (a blob id) comes to; None where it does not.

    Such a spec was read when the tool was built, and would be read in the same way: then it is not read again.
    """
    stages, snapshot = view.workshop.stages, view.snapshot
    tip, ids, manifest = _sealed(tool, snapshot)
    glance = manifest.glance if manifest else None
    if manifest is None or glance is None or manifest.tool != tool:
        return None
    if glance != glance_of(manifest, blob, glance.template, glance.patterns, view.library):
        return None
    corrected = tip and snapshot.id_of(tip, spec_path(tool)) != blob
    if corrected or not is_whole(manifest, ids, stages):
        return None
    tools = {"patterns": glance.patterns, "template": view.workshop.fingerprint(glance.template)}
    return _standing(tip, manifest, tools, stages)


def _sealed(tool: str, snapshot: Snapshot) -> tuple[str | None, Mapping[str, str], Manifest | None]:
    """Give the branch's tip, and what stands there, or without a branch on the default branch: ids and manifest."""
    tip = snapshot.resolve(branch_of(tool))
    commit = tip or snapshot.resolve("HEAD")
    ids = snapshot.ids(commit, folder_of(tool)) if commit else {}
    return tip, ids, _manifest(snapshot, ids)


def _standing(
    tip: str | None, manifest: Manifest | None, tools: Mapping[str, str], stages: tuple[AnyStage, ...]
) -> Standing:
    """Say how far a tool is whose records are all in force."""
    records = manifest.stages if manifest else ()
    engines = _engines(stages, tools["patterns"], tools["template"])
    left = [stage.name for stage in stages[len(records) :]]
    changed = {
        record.stage: tuple(name for name, now in engines[record.stage].items() if record.engine.get(name) != now)
        for record in records
    }
    return Standing(
        tip=tip or "",
        done=tuple(changed),
        due=left[0] if left else "",
        why=NOT_BUILT if left else "",
        outdated=tuple((stage, names) for stage, names in changed.items() if names),
        tools=tools,
    )


def tools_of(spec: Spec, workshop: Workshop) -> dict[str, str]:
    """Give the digests of the patterns and the template that a tool is made with. Raises FileIsWrong."""
    patterns = fingerprint(chosen(spec, workshop.patterns))
    return {"patterns": patterns, "template": workshop.fingerprint(spec.template)}


def _manifest(snapshot: Snapshot, ids: Mapping[str, str]) -> Manifest | None:
    if MANIFEST not in ids:
        return None
    try:
        return read_manifest(snapshot.content(ids[MANIFEST]), MANIFEST)
    except FileIsWrong:
        return None


@cache
def _engines(stages: tuple[AnyStage, ...], patterns: str, template: str) -> Engines:
    return {stage.name: stage.engine({"patterns": patterns, "template": template}) for stage in stages}
