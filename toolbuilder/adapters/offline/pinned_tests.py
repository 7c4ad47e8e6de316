"""Tests that pin the behaviour on inputs that no example shows."""

from collections.abc import Sequence

from toolbuilder.artifacts import Architecture
from toolbuilder.brief import Brief
from toolbuilder.scaffold.answers import streams
from toolbuilder.synthesis.library.text import read_lines
from toolbuilder.synthesis.outcome import Behaviour

HEADER = '''"""Recorded behaviour on inputs that no example shows; a reviewer judges it."""

import pytest

from {package}.{module} import {entry}

CASES = [
{cases}
]


@pytest.mark.parametrize(("{given}", "expected"), CASES)
def test_an_unusual_input({given}: {type}, expected: str) -> None:
    assert {printed} == expected
'''
WHOLE = {"given": "text", "type": "str", "printed": "{entry}(text)"}
STREAM = {"given": "lines", "type": "list[str]", "printed": '"".join(f"{{line}}\\n" for line in {entry}(lines))'}


def pinned_tests(brief: Brief, architecture: Architecture, behaviours: Sequence[Behaviour]) -> str:
    """Give the source of the tests; empty when there is nothing to pin or the entry takes no text."""
    if not behaviours or brief.input_type in {"files", "none"}:
        return ""
    lines, entry = streams(architecture), architecture.entry
    cases = [f"    ({read_lines(one.input) if lines else one.input!r}, {one.output!r})," for one in behaviours]
    words = {name: text.format(entry=entry.function) for name, text in (STREAM if lines else WHOLE).items()}
    return HEADER.format(
        entry=entry.function, package=brief.package, module=entry.module, cases="\n".join(cases), **words
    )
