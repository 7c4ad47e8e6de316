"""The commands that build."""

from typing import TYPE_CHECKING, Annotated

import typer

from toolbuilder.command_line.options import AsJson, EngineOption, Jobs, Specs, StageName, Tool
from toolbuilder.deferred import deferred

if TYPE_CHECKING:
    from toolbuilder.commands import building
else:
    building = deferred("toolbuilder.commands.building")

app = typer.Typer()


@app.command()
def run(
    specs: Specs = None,
    until: Annotated[StageName | None, typer.Option(help="The last stage to run.")] = None,
    again: Annotated[StageName | None, typer.Option("--from", help="The first stage to run again.")] = None,
    jobs: Jobs = 2,
    engine: EngineOption = None,
    upgrade: Annotated[bool, typer.Option("--upgrade", help="Run outdated stages again too.")] = False,
    feedback: Annotated[str, typer.Option(help="What the stage after --from is to do differently, in words.")] = "",
    batch: Annotated[
        bool, typer.Option("--batch", help="Ask models for all tools at once, at half the price; it may take a day.")
    ] = False,
    remote: Annotated[str, typer.Option(metavar="NAME", help="Push everything to this remote as it lands.")] = "",
    take_over: Annotated[bool, typer.Option("--take-over", help="Build a tool that another run holds, too.")] = False,
    as_json: AsJson = False,
) -> int:
    """Build tools on their branches; without --remote nothing leaves this machine."""
    how = building.How(engine, jobs, until, again, upgrade, feedback, batch, remote, take_over)
    return building.run(specs or [], how, as_json=as_json)


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="The new tool's name.")],
    description: Annotated[str, typer.Option(help="What it does, in sentences.")],
    input_type: Annotated[str, typer.Option(help="text, lines, json, jsonl, csv, tsv, markdown, files or none.")],
    output_type: Annotated[str, typer.Option(help="text, lines, json, jsonl, csv, tsv, markdown or files.")],
    example: Annotated[
        list[str] | None,
        typer.Option(metavar="IN=OUT", help=r"An example; \n, \t, \= and \\ are understood; JSON output is a value."),
    ] = None,
    engine: EngineOption = None,
    as_json: AsJson = False,
) -> int:
    """Write specs/NAME.yaml, then build it."""
    fields = {"description": description, "input_type": input_type, "output_type": output_type}
    return building.create(name, fields, example or [], building.How(engine=engine), as_json=as_json)


@app.command()
def analyze(specs: Specs = None, engine: EngineOption = None, as_json: AsJson = False) -> int:
    """Run the first stage only, a commit on each branch, and show what is wanted."""
    return building.analyze(specs or [], building.How(engine=engine, until="requirements"), as_json=as_json)


@app.command()
def test(tool: Tool, as_json: AsJson = False) -> int:
    """Verify a built tool again: checks, tests and every example, in the sandbox."""
    return building.stage_again(tool, building.How(again="verification", until="verification"), as_json=as_json)


@app.command()
def package(tool: Tool, as_json: AsJson = False) -> int:
    """Package a built tool again: wheel, installation into a clean environment, every example."""
    return building.stage_again(tool, building.How(again="packaging", until="packaging"), as_json=as_json)
