"""The command line: arguments in, exit code out. What the commands do stands in `commands/`, loaded when one runs.

Exit codes: 0 done, 1 error, 2 your file or usage is wrong, 3 needs a person, 4 budget reached, 130 interrupted.
"""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn

import typer

from toolbuilder import __version__
from toolbuilder.actions import annotate, folder, output_without_commands
from toolbuilder.deferred import deferred
from toolbuilder.errors import DEBUG, FileIsWrong, ToolbuilderError, a_bug, explained
from toolbuilder.telling.annotations import of_error

if TYPE_CHECKING:
    from toolbuilder.commands import (
        answering,
        building,
        examining,
        looking,
        planning,
        previewing,
        publishing,
        setting_up,
        spending,
        verifying,
    )
else:
    answering = deferred("toolbuilder.commands.answering")
    building = deferred("toolbuilder.commands.building")
    examining = deferred("toolbuilder.commands.examining")
    looking = deferred("toolbuilder.commands.looking")
    setting_up = deferred("toolbuilder.commands.setting_up")
    planning = deferred("toolbuilder.commands.planning")
    previewing = deferred("toolbuilder.commands.previewing")
    publishing = deferred("toolbuilder.commands.publishing")
    spending = deferred("toolbuilder.commands.spending")
    verifying = deferred("toolbuilder.commands.verifying")

INTERRUPTED = 130

app = typer.Typer(
    name="toolbuilder",
    help="A YAML spec of a command-line tool goes in; a reviewed-quality Python package comes out, one commit a stage.",
    epilog="Exit codes: 0 done, 1 error, 2 your file or usage is wrong, 3 needs a person, 4 budget reached.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

StageName = Literal["requirements", "architecture", "generation", "verification", "packaging"]
Engine = Literal["auto", "offline", "anthropic", "replay"]
Tool = Annotated[str, typer.Argument(help="The tool's name.")]
Specs = Annotated[list[str] | None, typer.Argument(help="Spec files, folders of specs or tool names; all of specs/.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON, for programs.")]
EngineOption = Annotated[Engine | None, typer.Option("--engine", help="Who answers; the settings say when left out.")]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=1, max=64, help="How many tools to build side by side.")]


def main() -> NoReturn:
    """Run the command line and exit."""
    with output_without_commands():
        code = run_app(sys.argv[1:])
    sys.exit(code)


def run_app(arguments: list[str]) -> int:
    """Run the command line and give the exit code; every error becomes one message on standard error."""
    try:
        result = app(arguments, prog_name="toolbuilder", standalone_mode=False)
        sys.stdout.flush()  # a full disk is told here, not by a traceback at exit
    except (KeyboardInterrupt, typer.Abort):
        result = INTERRUPTED
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        annotate(of_error(error, folder()))
        result = told(error)
    if result == INTERRUPTED:  # typer turns the interrupt of a command into this result
        typer.echo("toolbuilder: interrupted; what was finished is kept, the same command goes on from there", err=True)
    return result if isinstance(result, int) else 0


def told(error: Exception) -> int:
    """Tell an error in a message, and give its exit code."""
    match error:
        case FileIsWrong():
            typer.echo(str(error), err=True)  # `file:line:column: message`, as editors read it
            return error.exit_code
        case ToolbuilderError():
            typer.echo(f"toolbuilder: {error}", err=True)
            return error.exit_code
        case typer.TyperException():
            usage = error.format_message().replace("Value error, ", "")  # pydantic's words, which typer lets through
            typer.echo(f"toolbuilder: {usage} `toolbuilder --help` says what there is.", err=True)
            return error.exit_code
        case OSError():
            sys.stdout = None  # nobody reads it any more, or it takes no more: nothing is to be flushed at exit
            if not isinstance(error, BrokenPipeError):
                typer.echo(f"toolbuilder: {explained(error)}", err=True)
        case _:
            typer.echo(f"toolbuilder: {a_bug(error)}", err=True)
    return 1


@app.callback(invoke_without_command=True)
def _top(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False,
) -> None:
    if version:
        typer.echo(f"toolbuilder {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


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
def verify(
    tools: Annotated[list[str], typer.Argument(help="Tools by name.")],
    ref: Annotated[str, typer.Option(help="Verify what stands there, a branch or a commit; the tool's branch.")] = "",
    remote: Annotated[str, typer.Option(metavar="NAME", help="Look at the branches that this remote has.")] = "",
    output: Annotated[bool, typer.Option("--output", help="Print the output of a GitHub job: verified.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print tool -> commit of those that passed.")] = False,
) -> int:
    """Put finished tools before every gate again, and measure what their records claim: no engine, no commit."""
    return verifying.show(tools, verifying.Form(as_json, output), remote, ref)


@app.command()
def package(tool: Tool, as_json: AsJson = False) -> int:
    """Package a built tool again: wheel, installation into a clean environment, every example."""
    return building.stage_again(tool, building.How(again="packaging", until="packaging"), as_json=as_json)


@app.command()
def validate(specs: Specs = None, as_json: AsJson = False) -> int:
    """Check specs and show every error with its line and column; nothing is built."""
    return looking.validate(specs or [], as_json=as_json)


@app.command()
def plan(
    tools: Annotated[list[str] | None, typer.Argument(help="Tools by name; all when left out.")] = None,
    again: Annotated[StageName | None, typer.Option("--from", help="Build these again, from this stage on.")] = None,
    asked: Annotated[
        bool, typer.Option("--asked", help="Neither a stop nor a closed pull request holds these back.")
    ] = False,
    upgrade: Annotated[bool, typer.Option("--upgrade", help="Build what is outdated too.")] = False,
    matrix: Annotated[
        bool, typer.Option("--matrix", help="Print outputs of a GitHub job: build, builds, finish, shards.")
    ] = False,
    shard: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="With --matrix: only the Nth 256 tools to build.")
    ] = None,
    remote: Annotated[str, typer.Option(metavar="NAME", help="Look at the branches that this remote has.")] = "",
    forge: Annotated[
        Literal["auto", "github", "local"] | None,
        typer.Option(help="Ask it for pull requests that people have closed; with --remote it is asked anyway."),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Say what is to be built, and why: every committed spec against its tool's branch. Nothing is spent."""
    wanted = planning.Wanted(tuple(tools or ()), asked, again or "", upgrade)
    return planning.show(wanted, planning.Form(as_json, matrix, shard or 0), remote, forge or "")


@app.command()
def preview(
    remote: Annotated[str, typer.Option(metavar="NAME", help="Look at the branches that this remote has.")] = "",
    as_json: AsJson = False,
) -> int:
    """Show every error of every spec, and what would be built and cost; nothing is spent, no secret is needed."""
    return previewing.preview(remote, as_json=as_json)


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
def publish(
    tools: Annotated[list[str] | None, typer.Argument(help="Tools by name; all when left out.")] = None,
    forge: Annotated[
        Literal["auto", "github", "local"], typer.Option(help="Where pull requests stand; local writes them as files.")
    ] = "auto",
    remote: Annotated[str, typer.Option(metavar="NAME", help="The remote that holds the branches.")] = "",
    verified: Annotated[
        str | None, typer.Option(metavar="JSON", help="What `toolbuilder verify` printed; all else stays a draft.")
    ] = None,
    asked: Annotated[bool, typer.Option("--asked", help="Propose again what a person has closed.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    as_json: AsJson = False,
) -> int:
    """Open, update or close one pull request a tool, as its branch, its spec and the forge say."""
    how = publishing.How("" if forge == "auto" else forge, remote, verified, asked, dry_run)
    return publishing.publish(tools or [], how, as_json=as_json)


@app.command()
def answer(
    event: Annotated[str, typer.Option(metavar="FILE", help="The event; GITHUB_EVENT_PATH names it.")] = "",
    forge: Annotated[
        Literal["auto", "github", "local"], typer.Option(help="Where pull requests stand; local writes them as files.")
    ] = "auto",
    remote: Annotated[str, typer.Option(metavar="NAME", help="The remote that holds the branches.")] = "",
) -> int:
    """Answer a comment on a tool's pull request; a workflow runs this. `/toolbuilder help` says what can be asked."""
    return answering.answer_comment(event, "" if forge == "auto" else forge, remote)


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="A folder of the repository; this one.")] = Path(),
    source: Annotated[
        str, typer.Option("--from", metavar="OWNER/REPO@COMMIT", help="The toolbuilder whose workflows are called.")
    ] = "",
    branch: Annotated[str, typer.Option(help="The default branch; found when left out.")] = "",
    update: Annotated[bool, typer.Option("--update", help="Renew what was set up; your edits are merged.")] = False,
) -> int:
    """Make a repository one of toolbuilder's: workflows, settings, a first spec; nothing is committed."""
    return setting_up.init(folder, setting_up.How(source, branch, update))


@app.command()
def doctor(
    remote: Annotated[str, typer.Option(metavar="NAME", help="The remote that builds are pushed to; origin.")] = "",
    probe: Annotated[bool, typer.Option("--probe", help="Push a ref to the remote, and take it away again.")] = False,
    online: Annotated[bool, typer.Option("--online", help="See whether the models' server answers.")] = False,
    as_json: AsJson = False,
) -> int:
    """Check git, sandbox, engine, remote and what GitHub allows; say how each thing is mended."""
    return examining.doctor(examining.Wish(remote, probe, online), as_json=as_json)


@app.command()
def mcp() -> int:
    """Serve validation and sandboxed tests to a model's client, over standard input and output."""
    return looking.mcp()
