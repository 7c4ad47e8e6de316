"""The commands of the forge's side: what is to be built, published and answered, and how a repository is set up."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from toolbuilder.command_line.options import AsJson, Forge, ForgeName, Looked, StageName, Tools
from toolbuilder.deferred import deferred

if TYPE_CHECKING:
    from toolbuilder.commands import answering, examining, planning, previewing, publishing, setting_up, verifying
else:
    answering = deferred("toolbuilder.commands.answering")
    examining = deferred("toolbuilder.commands.examining")
    planning = deferred("toolbuilder.commands.planning")
    previewing = deferred("toolbuilder.commands.previewing")
    publishing = deferred("toolbuilder.commands.publishing")
    setting_up = deferred("toolbuilder.commands.setting_up")
    verifying = deferred("toolbuilder.commands.verifying")

app = typer.Typer()


@app.command()
def plan(
    tools: Tools = None,
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
    remote: Looked = "",
    forge: Annotated[
        ForgeName | None,
        typer.Option(help="Ask it for pull requests that people have closed; with --remote it is asked anyway."),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Say what is to be built, and why: every committed spec against its tool's branch. Nothing is spent."""
    wanted = planning.Wanted(tuple(tools or ()), asked, again or "", upgrade)
    return planning.show(wanted, planning.Form(as_json, matrix, shard or 0), remote, forge or "")


@app.command()
def preview(
    remote: Looked = "",
    as_json: AsJson = False,
) -> int:
    """Show every error of every spec, and what would be built and cost; nothing is spent, no secret is needed."""
    return previewing.preview(remote, as_json=as_json)


@app.command()
def verify(
    tools: Annotated[list[str], typer.Argument(help="Tools by name.")],
    ref: Annotated[str, typer.Option(help="Verify what stands there, a branch or a commit; the tool's branch.")] = "",
    remote: Looked = "",
    output: Annotated[bool, typer.Option("--output", help="Print the output of a GitHub job: verified.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print tool -> commit of those that passed.")] = False,
) -> int:
    """Put finished tools before every gate again, and measure what their records claim: no engine, no commit."""
    return verifying.show(tools, verifying.Form(as_json, output), remote, ref)


@app.command()
def publish(
    tools: Tools = None,
    forge: Forge = "auto",
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
    forge: Forge = "auto",
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
