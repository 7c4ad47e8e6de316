"""The commands that look: nothing is built, nothing is changed."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from toolbuilder.command_line.options import AsJson, EngineOption, Specs, StageName, Tool
from toolbuilder.deferred import deferred

if TYPE_CHECKING:
    from toolbuilder.commands import looking, solving, spending
else:
    looking = deferred("toolbuilder.commands.looking")
    solving = deferred("toolbuilder.commands.solving")
    spending = deferred("toolbuilder.commands.spending")

app = typer.Typer()


@app.command()
def validate(specs: Specs = None, as_json: AsJson = False) -> int:
    """Check specs and show every error with its line and column; nothing is built."""
    return looking.validate(specs or [], as_json=as_json)


@app.command()
def status(specs: Specs = None, as_json: AsJson = False) -> int:
    """Say how far each tool is: what is done, stale, outdated, or corrected by a person."""
    return looking.status(specs or [], as_json=as_json)


@app.command()
def log(tool: Tool, as_json: AsJson = False) -> int:
    """Show the stage commits of a tool, newest first."""
    return looking.log(tool, as_json=as_json)


@app.command()
def show(tool: Tool, stage: Annotated[StageName, typer.Argument(help="The stage.")]) -> int:
    """Print what a stage produced."""
    return looking.show(tool, stage)


@app.command()
def export(tool: Tool, folder: Annotated[Path, typer.Argument(help="A new or empty folder.")]) -> int:
    """Write a built tool's package into a folder, ready for `pip install`."""
    return looking.export(tool, folder)


@app.command()
def solve(specs: Specs = None, as_json: AsJson = False) -> int:
    """Ask the embedded engine alone: the program that the examples determine, or what they leave open."""
    return solving.solve(specs or [], as_json=as_json)


@app.command()
def estimate(
    specs: Specs = None,
    engine: EngineOption = None,
    as_json: AsJson = False,
    table: Annotated[bool, typer.Option("--table", help="Print a Markdown table of the totals.")] = False,
) -> int:
    """Compute what builds will cost, before anything is spent."""
    return spending.estimate(specs or [], engine or "", as_json=as_json, table=table)


@app.command()
def metrics(as_json: AsJson = False) -> int:
    """Show what was spent, by tool, stage, microtask, model and day."""
    return spending.metrics(as_json=as_json)


@app.command()
def schema() -> int:
    """Print the JSON schema of specs, for editors."""
    return looking.schema()


@app.command()
def stages(as_json: AsJson = False) -> int:
    """List the five stages and what each asks and produces."""
    return looking.stages(as_json=as_json)


@app.command()
def patterns(as_json: AsJson = False) -> int:
    """List the patterns that generated tools can follow."""
    return looking.patterns(as_json=as_json)


@app.command()
def mcp() -> int:
    """Serve validation and sandboxed tests to a model's client, over standard input and output."""
    return looking.mcp()
