"""The command line: arguments in, exit code out.

The commands as they are typed stand in `command_line/`; what they do stands in `commands/`, loaded when one runs.

Exit codes: 0 done, 1 error, 2 your file or usage is wrong, 3 needs a person, 4 budget reached, 130 interrupted.
"""

import os
import sys
from typing import Annotated, NoReturn

import typer

from toolbuilder import __version__
from toolbuilder.actions import annotate, folder, output_without_commands
from toolbuilder.command_line import building, hosting, looking
from toolbuilder.ending import tidy_end
from toolbuilder.errors import DEBUG, FileIsWrong, ToolbuilderError, a_bug, explained
from toolbuilder.telling.annotations import of_error

INTERRUPTED = 130

app = typer.Typer(
    name="toolbuilder",
    help="A YAML spec of a command-line tool goes in; a complete Python package comes out, one commit a stage.",
    epilog="Exit codes: 0 done, 1 error, 2 your file or usage is wrong, 3 needs a person, 4 budget reached, "
    "130 interrupted.",
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for commands in (building, hosting, looking):
    app.add_typer(commands.app)


def main() -> NoReturn:
    """Run the command line and exit."""
    with output_without_commands(), tidy_end():
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
        if not isinstance(error, typer.TyperException):  # wrong usage has no place in a file
            annotate(of_error(error, folder()))
        result = told(error, _called(arguments))
    if result == INTERRUPTED:  # typer turns the interrupt of a command into this result
        typer.echo("toolbuilder: interrupted; what was finished is kept, the same command goes on from there", err=True)
    return result if isinstance(result, int) else 0


def told(error: Exception, called: str = "toolbuilder") -> int:
    """Tell an error in a message, and give its exit code; `called` is the command whose help may be of use."""
    match error:
        case FileIsWrong():
            typer.echo(str(error), err=True)  # `file:line:column: message`, as editors read it
            return error.exit_code
        case ToolbuilderError():
            typer.echo(f"toolbuilder: {error}", err=True)
            return error.exit_code
        case typer.TyperException():
            usage = error.format_message().replace("Value error, ", "").rstrip(".")  # pydantic's words, as typer passes
            typer.echo(f"toolbuilder: {usage}. `{called} --help` says what there is.", err=True)
            return error.exit_code
        case OSError():
            sys.stdout = None  # nobody reads it any more, or it takes no more: nothing is to be flushed at exit
            if not isinstance(error, BrokenPipeError):
                typer.echo(f"toolbuilder: {explained(error)}", err=True)
        case _:
            typer.echo(f"toolbuilder: {a_bug(error)}", err=True)
    return 1


def _called(arguments: list[str]) -> str:
    """Name the command that was called, or toolbuilder itself where there is no such command."""
    named = [one for one in arguments[:1] if one in getattr(typer.main.get_command(app), "commands", ())]
    return " ".join(["toolbuilder", *named])


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
