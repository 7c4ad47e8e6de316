"""Arguments and options that several commands share."""

from typing import Annotated, Literal

import typer

StageName = Literal["requirements", "architecture", "generation", "verification", "packaging"]
Engine = Literal["auto", "offline", "anthropic", "replay"]
Tool = Annotated[str, typer.Argument(help="The tool's name.")]
Specs = Annotated[list[str] | None, typer.Argument(help="Spec files, folders of specs or tool names; all of specs/.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON, for programs.")]
EngineOption = Annotated[Engine | None, typer.Option("--engine", help="Who answers; the settings say when left out.")]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=1, max=64, help="How many tools to build side by side.")]
ForgeName = Literal["auto", "github", "local"]
Forge = Annotated[ForgeName, typer.Option(help="Where pull requests stand; local writes them as files.")]
Tools = Annotated[list[str] | None, typer.Argument(help="Tools by name; all when left out.")]
Looked = Annotated[str, typer.Option("--remote", metavar="NAME", help="Look at the branches that this remote has.")]
