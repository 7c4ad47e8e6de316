"""Stage 5: the wheel, the proof that it installs and works without network, and the README."""

import asyncio

from toolbuilder.artifacts import Architecture, Packaging
from toolbuilder.checks import covered
from toolbuilder.errors import NeedsPerson
from toolbuilder.microtask import Microtask
from toolbuilder.proof.installation import build_wheel, foreseen_help, help_text, install, prepare, verdicts
from toolbuilder.proof.workbench import Workbench, workbench
from toolbuilder.scaffold.readme import tool_readme
from toolbuilder.spec import Words
from toolbuilder.stage import Context, Files, Finding, Produced, Stage, no_secrets
from toolbuilder.together import both

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
    """Ask for the README's words while an environment is made; build the wheel with them, and prove it there."""
    architecture = context.artifact(Architecture)
    text = await asyncio.to_thread(foreseen_help, context.sandbox, context.files, context.spec.package)
    with workbench(context.sandbox, {}) as bench:
        words, _ = await both(
            context.runner.ask(WRITE_README, ToDescribe(architecture=architecture, help_text=text)),
            asyncio.to_thread(prepare, bench, architecture.dependencies),
        )
        readme = tool_readme(context.spec, text, words.summary, words.when_to_use, words.limits).encode()
        artifact = await asyncio.to_thread(_proven, context, bench, readme, text)
    return Produced(artifact, {README: readme})


def gate(context: Context, artifact: Packaging, files: Files) -> list[Finding]:
    """Let pass a wheel with its digest, a README, and an installed script that reproduces every example."""
    wanted = f"{context.spec.package}-"
    return [
        *([] if artifact.wheel.startswith(wanted) else [Finding("wheel", artifact.wheel, f"is not {wanted}…")]),
        *([] if len(artifact.wheel_sha256) == 64 else [Finding("wheel", artifact.wheel, "has no SHA-256")]),
        *([] if README in files else [Finding("readme", README, "is missing")]),
        *no_secrets(files),
        *(Finding("examples", one.example, one.difference) for one in artifact.examples if not one.passed),
        *covered(context.spec.example_ids, [one.example for one in artifact.examples], "examples"),
    ]


async def again(context: Context, _recorded: Packaging, files: Files) -> Packaging:
    """Build the wheel with the README as it stands, and prove it once more."""
    with workbench(context.sandbox, {}) as bench:
        await asyncio.to_thread(prepare, bench, context.artifact(Architecture).dependencies)
        text = await asyncio.to_thread(foreseen_help, context.sandbox, context.files, context.spec.package)
        return await asyncio.to_thread(_proven, context, bench, files[README], text)


def exceeds(recorded: Packaging, measured: Packaging) -> list[Finding]:
    """Find what a record claims beyond a measurement: the wheel, or an example."""
    right = {one.example for one in measured.examples if one.passed}
    return [
        *(
            Finding("wheel", field, f"the record claims {claimed}; {found} is what was built")
            for field, claimed, found in (
                ("name", recorded.wheel, measured.wheel),
                ("sha256", recorded.wheel_sha256, measured.wheel_sha256),
                ("command", recorded.command, measured.command),
            )
            if claimed != found
        ),
        *(
            Finding("examples", one.example, "the record says that it is right; it is not")
            for one in recorded.examples
            if one.passed and one.example not in right
        ),
    ]


def _proven(context: Context, bench: Workbench, readme: bytes, text: str) -> Packaging:
    wheel = build_wheel(context.sandbox, {**context.files, README: readme})
    tool = install(bench, wheel, context.spec.name)
    if help_text(tool) != text:
        raise NeedsPerson("the installed command prints another `--help` than its sources do")
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
    again=again,
    exceeds=exceeds,
    microtasks=(WRITE_README,),
)
