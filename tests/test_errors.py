"""Errors that carry words of others."""

from typing import Any

from tests.sabotage import assert_guarded
from toolbuilder import errors


def a_name_that_moves_the_cursor_is_spelled_out(part: Any) -> None:
    names = ["src/é.py", "a\x1b[2Jb\n::error::c", "d\u202ee"]
    conflict = part.MergeConflict("Both changed them", paths=names)
    first, *_ = conflict.findings
    assert first == "src/é.py is in conflict"
    assert all(finding.isprintable() for finding in conflict.findings)
    assert conflict.paths == tuple(names), "by which they are found in git"


def test_a_file_in_conflict_is_shown_and_commands_nothing() -> None:
    check = a_name_that_moves_the_cursor_is_spelled_out
    assert_guarded(errors, (check, "path if path.isprintable() else ascii(path)", "path"))
