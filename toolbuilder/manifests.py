"""The manifest as a file: JSON, which is YAML too, so that a thousand of them are read in no time.

People read it and seldom write it. What toolbuilder wrote is known by being just what it would write again; whatever
else it may be is read as YAML, with every error located.
"""

from pydantic import ValidationError

from toolbuilder.artifacts import Manifest
from toolbuilder.yaml_files.models import read_model


def write_manifest(manifest: Manifest) -> bytes:
    """Give the text of a manifest, from which `read_manifest` reads the same."""
    return f"{manifest.model_dump_json(by_alias=True, exclude_defaults=True, indent=2)}\n".encode()


def read_manifest(content: bytes, file_name: str) -> Manifest:
    """Give the manifest that a file holds. Raises FileIsWrong with every problem located."""
    try:
        manifest = Manifest.model_validate_json(content, strict=True)
    except ValidationError:
        manifest = None
    # JSON as such would let a key stand twice.
    return manifest if manifest and write_manifest(manifest) == content else read_model(content, file_name, Manifest)
