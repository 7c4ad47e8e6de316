"""Solving: the embedded engine alone on specs, and what it has to say about them."""

import json
from collections.abc import Sequence
from pathlib import Path

import typer

from toolbuilder import fleet
from toolbuilder.bootstrap import engines
from toolbuilder.commands.common import print_json, root


def solve(names: Sequence[str], *, as_json: bool) -> int:
    """Show the program that each spec's examples determine, the question that they leave open, or why there is none."""
    made = engines(Path.cwd())
    specs = [fleet.order_of(path).spec for path in fleet.find_specs(root(), names)]
    results = [made.solved(spec) for spec in specs]
    if as_json:
        print_json({spec.name: json.loads(form) for spec, (_, _, form) in zip(specs, results, strict=True)})
    else:
        typer.echo("\n\n".join(words for _, words, _ in results))
    return max((code for code, _, _ in results), default=0)
