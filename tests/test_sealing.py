"""What the seal stands for; that a glance trusts it only where it may is shown in `planning/test_standing.py`."""

from toolbuilder import sealing
from toolbuilder.artifacts import Manifest, Requirement, Requirements, StageRecord
from toolbuilder.schema import digest
from toolbuilder.stages import STAGES
from toolbuilder.yaml_files.models import read_model, write_model

RECORD = StageRecord(stage="requirements", inputs={"spec": "1"}, engine={}, output="2", files={"a": "3"})


def test_the_order_of_files_is_no_part_of_a_seal_and_the_manifest_itself_is_none() -> None:
    manifest = Manifest(tool="dedupe", spec="", stages=(RECORD,))
    files = {"a": "1", "b": "2"}
    backwards = {"b": "2", ".toolbuilder/manifest.yaml": "9", "a": "1"}
    assert sealing.seal_of(manifest, files, STAGES) == sealing.seal_of(manifest, backwards, STAGES)
    assert sealing.seal_of(manifest, files, STAGES) != sealing.seal_of(manifest, {"a": "1", "c": "2"}, STAGES)


def test_other_stages_read_in_another_form() -> None:
    manifest = Manifest(tool="dedupe", spec="", stages=(RECORD,))
    assert sealing.seal_of(manifest, {}, STAGES) != sealing.seal_of(manifest, {}, STAGES[:4])


def test_what_is_read_and_digested_in_another_way_than_this_needs_another_revision() -> None:
    """Whoever has to change these lines raises `sealing.REVISION`, and makes every finished tool stale."""
    artifact = Requirements(
        problem="Drop é", requirements=(Requirement(id="R1", text="a: b", by="code"),), flows=(), critical_paths=()
    )
    text = write_model(artifact)
    assert text.decode() == (
        'problem: Drop é\nrequirements:\n  - id: R1\n    text: "a: b"\n    by: code\nflows: []\ncritical_paths: []\n'
    )
    assert read_model(text, "it", Requirements) == artifact
    assert digest(artifact) == "8239515936c69565af6ad65427182d07"
    assert sealing.REVISION == 1
