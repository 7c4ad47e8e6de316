"""Tests that pin the behaviour on inputs that no example shows."""

from collections.abc import Sequence

from toolbuilder.artifacts import Architecture
from toolbuilder.brief import Brief
from toolbuilder.synthesis.outcome import Behaviour

HEADER = '''"""Recorded behaviour on inputs that no example shows; a reviewer judges it."""

import pytest

from {package}.{module} import {entry}

CASES = [
{cases}
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_an_unusual_input(text: str, expected: str) -> None:
    assert {entry}(text) == expected
'''


def pinned_tests(brief: Brief, architecture: Architecture, behaviours: Sequence[Behaviour]) -> str:
    """Give the source of the tests; empty when there is nothing to pin or the entry takes no text."""
    cases = [f"    ({one.input!r}, {one.output!r})," for one in behaviours]
    if not cases or brief.input_type in {"files", "none"}:
        return ""
    entry = architecture.entry
    return HEADER.format(entry=entry.function, package=brief.package, module=entry.module, cases="\n".join(cases))
