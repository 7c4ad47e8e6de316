"""The seal of a manifest: proof, by object ids alone, that replay finds what the manifest says.

Replay opens every file. When a stage lands it is made once, and if every record of the manifest was found in force,
the manifest is sealed: with the ids of all files of the tool, the records, and the form in which files are read. Where
the seal fits what stands in a tree, and the spec is the one that the records name, replay would find the same again.
"""

from collections.abc import Mapping, Sequence
from functools import cache

from toolbuilder.artifacts import Feedback, Glance, Manifest
from toolbuilder.history import ABOUT, MANIFEST, AnyStage, Replay, spec_digest
from toolbuilder.schema import canonical_json, digest
from toolbuilder.spec import Spec

REVISION = 1  # to be raised when the same bytes of a record or a spec come to be read, or digested, in another way


def seal_of(manifest: Manifest, ids: Mapping[str, str], stages: tuple[AnyStage, ...]) -> str:
    """Give the seal of a manifest among files with these blob ids, by path in the tool's folder."""
    files = sorted((path, blob) for path, blob in ids.items() if path != MANIFEST)
    return digest(_form(stages), manifest.stages, files)


def sealed(manifest: Manifest, ids: Mapping[str, str], stages: tuple[AnyStage, ...], found: Replay) -> Manifest:
    """Seal a manifest if replay found every record of it in force, just as it stands; else leave it open."""
    in_force = tuple(done.record for done in found.done) == manifest.stages
    left = found.due is None or manifest.of(found.due.stage.name) is None
    return manifest.model_copy(update={"seal": seal_of(manifest, ids, stages) if in_force and left else ""})


def fits(manifest: Manifest, ids: Mapping[str, str], stages: Sequence[AnyStage], spec: Spec) -> bool:
    """Say whether replay of these files for this spec would find every record of the manifest in force."""
    wanted = spec_digest(spec)
    said = {record.inputs.get("spec", wanted) for record in manifest.stages}
    return said <= {wanted} and is_whole(manifest, ids, stages)


def is_whole(manifest: Manifest, ids: Mapping[str, str], stages: Sequence[AnyStage]) -> bool:
    """Say whether replay of these files would find every record in force for the spec that the manifest names."""
    return bool(manifest.seal) and manifest.seal == seal_of(manifest, ids, tuple(stages))


def glance_of(manifest: Manifest, spec: str, template: str, patterns: str, library: str) -> Glance:
    """Give what a spec (its blob id) comes to among the patterns that there are, which `library` is the digest of.

    It holds for the tool and the records of this sealed manifest: beside others it says nothing.
    """
    seal = digest(_reading(), manifest.tool, manifest.seal, library, spec, template, patterns)
    return Glance(template=template, patterns=patterns, seal=seal)


@cache
def _form(stages: tuple[AnyStage, ...]) -> str:
    """Name all that replay depends on beside the tree and the spec: the stages' shape, and their artifacts' schemas."""
    shapes = [(one.name, one.reads, one.measures, one.record, canonical_json(_schema(one))) for one in stages]
    return digest(REVISION, sorted(ABOUT), shapes, Feedback.model_json_schema())


@cache
def _reading() -> str:
    """Name the form in which specs are read."""
    return digest(REVISION, Spec.model_json_schema())


def _schema(stage: AnyStage) -> object:
    return stage.produces.model_json_schema()
