"""The examples that a tool's tests read: each has to stand there, with what the spec says of it."""

import json
import re
from collections.abc import Mapping
from typing import TypeAlias

from toolbuilder.stage import Files, Finding

Row: TypeAlias = Mapping[str, object]

DESCRIBES = frozenset({"name"})  # what a row says to its reader only


def rows_stand(files: Files, path: str, wanted: bytes) -> list[Finding]:
    """Find the examples of `wanted`, a file of rows, that the file at a path lacks, repeats, or says otherwise."""
    if path not in files:
        return [Finding("tests", path, "is missing, and with it every example; restore it")]
    rows = _rows(files[path])
    if rows is None:
        return [Finding("tests", path, "is not a list of examples in JSON; restore it")]
    text = files[path].decode(errors="replace")
    found = [(str(row["id"]), _flaw(row, rows)) for row in _rows(wanted) or []]
    return [Finding("tests", f"{path}:{_line(text, i)}", f"{i} {flaw}") for i, flaw in found if flaw]


def rows_in(files: Files, path: str) -> set[str]:
    """Give the ids of the examples in the file at a path; none where it cannot be read."""
    return {str(row.get("id")) for row in _rows(files.get(path, b"")) or []}


def _rows(content: bytes) -> list[Row] | None:
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, list) and all(isinstance(row, dict) for row in value) else None


def _flaw(wanted: Row, rows: list[Row]) -> str:
    """Say what is wrong with how a row stands among others; nothing if it stands there once, as it is wanted."""
    same = [row for row in rows if row.get("id") == wanted["id"]]
    if len(same) != 1:
        return "stands twice; keep one" if same else "is not there, so nothing shows it; restore it"
    edited = [key for key in wanted if key not in DESCRIBES and _exact(same[0].get(key)) != _exact(wanted[key])]
    words = " and ".join(f"`{key}`" for key in edited)
    return f"has another {words} than the spec; change the example in the spec" if edited else ""


def _exact(value: object) -> str:
    """Give what is equal only for values that are the same JSON, the order of keys included."""
    return json.dumps(value)


def _line(text: str, example: str) -> int:
    found = re.search(rf'"id"\s*:\s*"{re.escape(example)}"', text)
    return text.count("\n", 0, found.start()) + 1 if found else 1
