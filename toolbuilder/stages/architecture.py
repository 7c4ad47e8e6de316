"""Stage 2: the modules, how they talk, and what they say when something is wrong."""

import ast
import re
from functools import partial

from toolbuilder.artifacts import Architecture, Entry, ErrorCase, Interface, Module, Requirements
from toolbuilder.brief import obligations
from toolbuilder.checks import covered, interface_parses, modules_fit, not_invented
from toolbuilder.dependencies import allowed_dependencies
from toolbuilder.microtask import Microtask
from toolbuilder.proof.sources import public_interfaces
from toolbuilder.spec import Option, Spec, Words
from toolbuilder.stage import Context, Files, Finding, Produced, Stage
from toolbuilder.together import both


class PatternInBrief(Words):
    """A pattern that applies to the tool; a module named `module` carries its body."""

    id: str
    purpose: str
    module: str


class ToDesign(Words):
    """What the modules are designed from."""

    requirements: Requirements
    patterns: tuple[PatternInBrief, ...]
    may_depend_on: tuple[str, ...]


class Design(Words):
    """The modules, the function that the command line calls, and what the tool depends on."""

    modules: tuple[Module, ...]
    entry: Entry
    dependencies: tuple[str, ...]


class Interfaces(Words):
    """The public functions of all modules."""

    interfaces: tuple[Interface, ...]


class Errors(Words):
    """What can go wrong when the tool runs."""

    errors: tuple[ErrorCase, ...]


DESIGN_MODULES = Microtask("design_modules", ToDesign, Design)
DEFINE_INTERFACES = Microtask("define_interfaces", Design, Interfaces)
DESIGN_ERRORS = Microtask("design_errors", Design, Errors)


async def run(context: Context) -> Produced[Architecture]:
    """Ask for the modules, then side by side for their interfaces and the errors; those of patterns are known."""
    ask = partial(context.runner.ask, feedback=context.feedback())
    brief = ToDesign(
        requirements=context.artifact(Requirements),
        patterns=tuple(PatternInBrief(id=p.id, purpose=p.purpose, module=p.module) for p in context.patterns),
        may_depend_on=tuple(sorted(allowed_dependencies(context.spec))),
    )
    design = await ask(DESIGN_MODULES, brief)
    interfaces, errors = await both(ask(DEFINE_INTERFACES, design), ask(DESIGN_ERRORS, design))
    carried = [one for one in context.patterns if one.id in {module.pattern for module in design.modules}]
    fixed = [public_interfaces(one.module, one.source(context.spec.package)) for one in carried]
    return Produced(
        Architecture(
            modules=design.modules,
            entry=design.entry,
            interfaces=(*interfaces.interfaces, *(interface for module in fixed for interface in module)),
            errors=errors.errors,
            command_line="typer" if "typer" in design.dependencies else "argparse",
            dependencies=design.dependencies,
            patterns=tuple(pattern.id for pattern in context.patterns),
        )
    )


def gate(context: Context, artifact: Architecture, _files: Files) -> list[Finding]:
    """Every obligation has a module, interfaces parse and fit the options, no circle, only what is allowed."""
    wanted = [one.id for one in obligations(context.spec)]
    covers = [i for module in artifact.modules for i in module.covers]
    allowed = allowed_dependencies(context.spec)
    known = {pattern.id for pattern in context.patterns}
    return [
        *covered(wanted, covers, "modules"),
        *not_invented(wanted, covers, "modules"),
        *modules_fit(artifact.modules),
        *(finding for interface in artifact.interfaces for finding in interface_parses(interface)),
        *_interfaces_belong(artifact),
        *_entry_fits(context.spec, artifact),
        *(Finding("dependencies", name, "is not allowed") for name in artifact.dependencies if name not in allowed),
        *(
            Finding("patterns", name, "does not exist or does not apply")
            for name in artifact.patterns
            if name not in known
        ),
        *covered(sorted(known), artifact.patterns, "patterns"),
    ]


def _interfaces_belong(artifact: Architecture) -> list[Finding]:
    names = {module.name for module in artifact.modules}
    strangers = [one for one in artifact.interfaces if one.module not in names]
    return [
        *(Finding("interfaces", one.signature, f"belongs to {one.module}, which no module is") for one in strangers),
        *covered(sorted(names), [one.module for one in artifact.interfaces], "interfaces"),
    ]


def _entry_fits(spec: Spec, artifact: Architecture) -> list[Finding]:
    where = f"{artifact.entry.module}.{artifact.entry.function}"
    start = re.compile(rf"def {artifact.entry.function}\(")
    signatures = [one.signature for one in artifact.interfaces if one.module == artifact.entry.module]
    entry = next((signature for signature in signatures if start.match(signature)), None)
    if entry is None:
        return [Finding("entry", where, "no interface defines it")]
    if spec.intelligence == "runtime":
        return []
    try:
        function = ast.parse(f"{entry}: ...").body[0]
    except SyntaxError:
        return []  # interface_parses has said so
    if not isinstance(function, ast.FunctionDef):
        return [Finding("entry", where, "is not a plain function")]
    given = [argument.arg for argument in function.args.kwonlyargs]
    wanted = [parameter_name(option) for option in spec.options]
    return [] if given == wanted else [Finding("entry", where, f"takes options {given}; the spec has {wanted}")]


def parameter_name(option: Option) -> str:
    """Give the Python name of an option."""
    return option.variable


ARCHITECTURE = Stage(
    name="architecture",
    title="Modules and interfaces",
    produces=Architecture,
    reads=("spec", "requirements"),
    run=run,
    gate=gate,
    microtasks=(DESIGN_MODULES, DEFINE_INTERFACES, DESIGN_ERRORS),
    tools=("patterns",),
)
