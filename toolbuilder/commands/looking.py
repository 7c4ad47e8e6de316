"""Looking: the commands that read and change nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

import typer

from toolbuilder import fleet
from toolbuilder.commands.common import here, print_json, root
from toolbuilder.errors import ToolbuilderError
from toolbuilder.patterns import load_patterns
from toolbuilder.places import data_folder
from toolbuilder.reports.builds import status_lines
from toolbuilder.spec.file import json_schema
from toolbuilder.stages import STAGES


def validate(names: Sequence[str], *, as_json: bool) -> int:
    """Check spec files; show every problem of all of them."""
    errors: dict[str, ToolbuilderError | None] = {}
    for path in fleet.find_specs(root(), names):
        try:
            fleet.order_of(path)
            errors[str(path)] = None
        except ToolbuilderError as error:
            errors[str(path)] = error
    if as_json:
        print_json({path: str(error).splitlines() if error else [] for path, error in errors.items()})
    else:
        for name, problem in errors.items():
            typer.echo(str(problem) if problem else f"{name}: good", err=bool(problem))
    return max((error.exit_code for error in errors.values() if error), default=0)


def status(names: Sequence[str], *, as_json: bool) -> int:
    """Say how far each tool is."""
    workshop = here()
    rows = [fleet.status_of(path, workshop) for path in fleet.find_specs(root(), names)]
    if as_json:
        print_json([asdict(row) for row in rows])
    else:
        typer.echo("\n".join(status_lines(rows)))
    return 0


def log(tool: str, *, as_json: bool) -> int:
    """Show the stage commits of a tool."""
    entries = fleet.stage_log(tool, here())
    if as_json:
        print_json([asdict(entry) for entry in entries])
    else:
        for entry in entries:
            typer.echo(f"{entry.commit[:12]}  {entry.date[:10]}  {entry.subject}  ({_made_by(entry.trailers)})")
    return 0


def show(tool: str, stage: str) -> int:
    """Print a stage's artifact."""
    typer.echo(fleet.stage_text(tool, stage, here()), nl=False)
    return 0


def export(tool: str, folder: Path) -> int:
    """Write a tool's package into a folder, and say so where it is not what the stages have let through."""
    workshop = here()
    count = fleet.export(tool, folder, workshop)
    typer.echo(f"wrote {count} files; install with `pip install {folder}`", err=True)
    spec = root() / fleet.SPECS / f"{tool}{fleet.SUFFIX}"
    row = fleet.status_of(spec, workshop) if spec.exists() else None
    if row and (row.due or row.error):
        typer.echo(f"this is not finished: {status_lines([row])[0]}", err=True)
    return 0


def schema() -> int:
    """Print the JSON schema of specs."""
    print_json(json_schema())
    return 0


def stages(*, as_json: bool) -> int:
    """List the stages."""
    rows = [{"stage": s.name, "title": s.title, "microtasks": [task.name for task in s.microtasks]} for s in STAGES]
    if as_json:
        print_json(rows)
    else:
        for stage in STAGES:
            asks = ", ".join(task.name for task in stage.microtasks)
            typer.echo(f"{stage.name:13} {stage.title}\n{'':13} asks {asks}")
    return 0


def patterns(*, as_json: bool) -> int:
    """List the patterns."""
    known = load_patterns(data_folder(root(), "patterns"))
    if as_json:
        print_json([pattern.model_dump(mode="json", include={"id", "purpose", "module"}) for pattern in known])
    else:
        typer.echo("\n".join(f"{pattern.id:27} {pattern.purpose}" for pattern in known))
    return 0


def mcp() -> int:
    """Serve tools to a model's client."""
    import_module("toolbuilder.mcp_server").serve(Path.cwd())
    return 0


def _made_by(trailers: Mapping[str, str]) -> str:
    engine, cost = trailers.get("Toolbuilder-Engine", ""), trailers.get("Toolbuilder-Cost-USD", "0")
    return f"{engine}, {trailers.get('Toolbuilder-Model', '')}, ${float(cost):.4f}"
