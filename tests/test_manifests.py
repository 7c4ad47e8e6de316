from typing import Any

import pytest

from tests.sabotage import Protection, assert_guarded
from toolbuilder import manifests
from toolbuilder.artifacts import Manifest, StageRecord
from toolbuilder.errors import FileIsWrong
from toolbuilder.yaml_files.models import read_model, write_model

RECORD = StageRecord(
    stage="generation", inputs={"spec": "1"}, engine={}, output="2", files={'é/\\ "': "3"}, adopted=True
)
MANIFEST = Manifest(tool="dedupe", spec="4" * 40, stages=(RECORD,), seal="5")


def what_is_written_is_read_again_as_yaml_too(part: Any) -> None:
    text = part.write_manifest(MANIFEST)
    assert part.read_manifest(text, "it") == read_model(text, "it", Manifest) == MANIFEST
    assert text.decode().startswith('{\n  "tool": "dedupe",\n  "spec": "4')
    assert text.endswith(b"}\n")
    assert part.read_manifest(write_model(MANIFEST), "it") == MANIFEST


def what_somebody_else_wrote_is_read_with_every_error_located(part: Any) -> None:
    text = part.write_manifest(MANIFEST)
    twice = text.replace(b'"seal": "5"', b'"seal": "5",\n  "seal": "6"')
    for wrong in (twice, text.replace(b'"tool": "dedupe"', b'"tool": 3'), text[:-3], b"\xff", b"tool: dedupe\n"):
        with pytest.raises(FileIsWrong, match=r"it:\d+:\d+: "):
            part.read_manifest(wrong, "it")


GUARDED: list[Protection] = [
    (what_is_written_is_read_again_as_yaml_too, "by_alias=True, exclude_defaults=True, indent=2", "indent=1"),
    (what_somebody_else_wrote_is_read_with_every_error_located, "if manifest and write_manifest(manifest) == content else", "if manifest else"),
]  # fmt: skip


@pytest.mark.parametrize("protection", GUARDED)
def test_a_manifest_is_read_as_it_was_written_or_with_care(protection: Protection) -> None:
    assert_guarded(manifests, protection)
