"""Examining: the command that says what is wrong, and how each thing is mended."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import typer

from toolbuilder.commands.common import print_json
from toolbuilder.doctor.examine import examine, lines
from toolbuilder.doctor.findings import Finding
from toolbuilder.examination import Wish, surroundings

__all__ = ["Wish", "doctor"]


def doctor(wish: Wish, *, as_json: bool) -> int:
    """Show what every check finds; 1 when one of them found a problem."""
    findings = examine(surroundings(Path.cwd(), wish))
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        typer.echo("\n".join(lines(findings)))
    return int(_is_wrong(findings))


def _is_wrong(findings: Sequence[Finding]) -> bool:
    return any(finding.level == "problem" for finding in findings)
