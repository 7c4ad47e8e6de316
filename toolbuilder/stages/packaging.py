"""Stage 5: the wheel, the proof that it installs and works without network, and the README."""

import asyncio

from toolbuilder.artifacts import Architecture, Packaging
from toolbuilder.checks import covered
from toolbuilder.microtask import Microtask
from toolbuilder.proof.installation import build_wheel, help_text, installed, verdicts
from toolbuilder.scaffold.readme import tool_readme
from toolbuilder.spec import Words
from toolbuilder.stage import Context, Files, Finding, Produced, Stage

README = "README.md"


class ToDescribe(Words):
    """What the README is written from: the architecture, and what `--help` really prints."""

    architecture: Architecture
    help_text: str


class Description(Words):
    """The README's own words; code adds the rest."""

    summary: str
    when_to_use: str
    limits: tuple[str, ...]


WRITE_README = Microtask("write_readme", ToDescribe, Description)


async def run(context: Context) -> Produced[Packaging]:
    """Describe the tool, build the wheel with that README, install it, and run every example once more."""
    architecture = context.artifact(Architecture)
    text = await asyncio.to_thread(_help, context)
    words = await context.runner.ask(WRITE_README, ToDescribe(architecture=architecture, help_text=text))
    readme = tool_readme(context.spec, text, words.summary, words.when_to_use, words.limits).encode()
    artifact = await asyncio.to_thread(_prove, context, readme)
    return Produced(artifact, {README: readme})


def gate(context: Context, artifact: Packaging, files: Files) -> list[Finding]:
    """Let pass a wheel with its digest, a README, and an installed script that reproduces every example."""
    wanted = f"{context.spec.package}-"
    return [
        *([] if artifact.wheel.startswith(wanted) else [Finding("wheel", artifact.wheel, f"is not {wanted}…")]),
        *([] if len(artifact.wheel_sha256) == 64 else [Finding("wheel", artifact.wheel, "has no SHA-256")]),
        *([] if README in files else [Finding("readme", README, "is missing")]),
        *(Finding("examples", one.example, one.difference) for one in artifact.examples if not one.passed),
        *covered(context.spec.example_ids, [one.example for one in artifact.examples], "examples"),
    ]


def _help(context: Context) -> str:
    dependencies = context.artifact(Architecture).dependencies
    with installed(
        context.sandbox, build_wheel(context.sandbox, context.files), context.spec.name, dependencies
    ) as tool:
        return help_text(tool)


def _prove(context: Context, readme: bytes) -> Packaging:
    wheel = build_wheel(context.sandbox, {**context.files, README: readme})
    dependencies = context.artifact(Architecture).dependencies
    with installed(context.sandbox, wheel, context.spec.name, dependencies) as tool:
        return Packaging(
            sandbox=context.sandbox.kind,
            wheel=wheel.name,
            wheel_sha256=wheel.sha256,
            command=context.spec.name,
            examples=verdicts(tool, context.spec),
        )


PACKAGING = Stage(
    name="packaging",
    title="Wheel, installation proof, README",
    produces=Packaging,
    reads=("spec", "architecture", "files"),
    run=run,
    gate=gate,
    measures=True,
    microtasks=(WRITE_README,),
)
