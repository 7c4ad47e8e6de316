"""A spec as a file: reading it with every error located, and the schema by which editors complete and check."""

import stat
from pathlib import Path, PurePath

from pydantic import JsonValue

from toolbuilder.credentials import credentials_in
from toolbuilder.errors import FileIsWrong, Problem
from toolbuilder.spec import Spec
from toolbuilder.spec.hidden import invisible_problems
from toolbuilder.yaml_files.models import validated
from toolbuilder.yaml_files.text import LARGEST_FILE, Located, load

SCHEMA_ID = "urn:toolbuilder:spec"
MADE_UP = "a spec is pushed, and sent to models: put a made-up value there, and revoke a real one"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def read_spec(path: Path) -> Spec:
    """Read a spec from its file. Raises FileIsWrong with every problem; never reads more than 1 MiB."""
    return parse_spec(spec_bytes(path), str(path))


def spec_bytes(path: Path) -> bytes:
    """Give what a spec file holds. Raises FileIsWrong where it cannot be read; never reads more than 1 MiB and one."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise FileIsWrong([Problem(str(path), 0, 0, "this is not a file; give the spec's file")])
        with path.open("rb") as file:
            return file.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise FileIsWrong([Problem(str(path), 0, 0, f"the file cannot be read: {why}")]) from None


def parse_spec(content: bytes, file_name: str) -> Spec:
    """Read a spec from the bytes of its file. Raises FileIsWrong with every problem.

    Where the file's name ends in .yaml or .yml, the tool's name has to be the rest of it.
    """
    if leaked := credentials_in(content):  # before any message could quote it
        raise FileIsWrong([Problem(file_name, line, 1, f"this looks like {kind}; {MADE_UP}") for line, kind in leaked])
    located = load(content, file_name)
    if hidden := invisible_problems(content, located):
        raise FileIsWrong(hidden)
    misnamed = _name_problems(located)
    try:
        spec = validated(located, Spec)
    except FileIsWrong as error:
        about_name = located.position_of(("name",))
        others = [p for p in misnamed if about_name not in {(q.line, q.column) for q in error.problems}]
        raise FileIsWrong(sorted([*error.problems, *others])) from None
    if misnamed:
        raise FileIsWrong(misnamed)
    return spec


def _name_problems(located: Located) -> list[Problem]:
    file = PurePath(located.file_name)
    name = located.value.get("name") if isinstance(located.value, dict) else None
    if file.suffix not in {".yaml", ".yml"} or not isinstance(name, str) or name == file.stem:
        return []
    words = f"the tool is called `{name}` but its file `{file.name}`; both names must be the same"
    return [located.problem(("name",), words)]


def json_schema() -> dict[str, JsonValue]:
    """Give the JSON schema (draft 2020-12) of spec files; what it refuses, `parse_spec` refuses too."""
    schema: JsonValue = Spec.model_json_schema(by_alias=True)
    closed = _closed(schema)
    return {"$schema": DIALECT, "$id": SCHEMA_ID, **(closed if isinstance(closed, dict) else {})}


def _closed(schema: JsonValue) -> JsonValue:
    """Close mappings whose keys have a form to keys of another form, which pydantic leaves open in its schemas."""
    if isinstance(schema, list):
        return [_closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(part) for key, part in schema.items()}
    return {**closed, "additionalProperties": False} if "patternProperties" in closed else closed
