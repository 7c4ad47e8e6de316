"""What the embedded engine answers about architecture: the modules that the program found really fills."""

import keyword
import re
import sys
from collections.abc import Iterator, Sequence
from itertools import dropwhile, takewhile

from toolbuilder.adapters.offline import recipe
from toolbuilder.adapters.offline.program import Solver, attempt, layout_of
from toolbuilder.artifacts import Architecture, Entry, ErrorCase, Interface, Module
from toolbuilder.brief import Brief
from toolbuilder.proof.sources import public_interfaces
from toolbuilder.stages.architecture import Design, Errors, Interfaces, ToDesign
from toolbuilder.synthesis import Accepted, emit, solve, streams
from toolbuilder.synthesis.source import definitions

TAKEN = frozenset({"cli", "errors", "streams", "main", "test", "tests", "reading", "writing", "src"})
DETERMINERS = frozenset({"the", "a", "an", "all", "every", "each", "only", "any", "this", "that", "it", "out"})
STOPPERS = frozenset({
    "of", "in", "into", "by", "from", "for", "to", "and", "or", "as", "with", "on", "that", "which", "whose", "per",
    "it", "them", "their", "its", "the", "a", "an", "at", "using", "if", "when", "how", "so", "is", "are",
})  # fmt: skip
TYPES = {"str": "str", "int": "int", "float": "float", "flag": "bool", "choice": "str"}
PARSED = frozenset({"csv", "tsv", "json", "jsonl"})


def design_modules(brief: Brief, known: ToDesign, solver: Solver = solve) -> Design:
    """Design one module, three where reading and writing have work of their own, or those of a recipe."""
    if brief.recipe:
        return recipe.design_modules(brief, known)
    noun = _noun(brief)
    ids = tuple(one.id for one in known.requirements.requirements)
    structured = {brief.input_type, brief.output_type} <= PARSED
    three = structured and isinstance(attempt(brief, solver), Accepted)
    modules = _three(brief, noun, ids) if three else _one(brief, noun, ids)
    entry = Entry(module=noun, function=_function(brief, noun))
    return Design(modules=modules, entry=entry, dependencies=known.may_depend_on)


def define_interfaces(brief: Brief, design: Design, solver: Solver = solve) -> Interfaces:
    """Give the entry's signature from the spec, and the other modules' from the program found."""
    if brief.recipe:
        return recipe.define_interfaces(brief, design)
    found = attempt(brief, solver)
    lines = isinstance(found, Accepted) and streams(found.program)
    entry = Interface(
        module=design.entry.module,
        signature=entry_signature(brief, design.entry.function, lines=lines),
        purpose=f"Gives the {'lines of the' if lines else 'whole'} output; raises InputError for input that is wrong.",
    )
    return Interfaces(interfaces=(entry, *_inner(brief, design, entry, solver)))


def design_errors(brief: Brief, _design: Design) -> Errors:
    """Name the input that does not parse, what the spec's own examples refuse, and a model that gives no answer."""
    unreadable = {
        "json": ("the input is not JSON", "line {line}, column {column}: {what is wrong}"),
        "jsonl": ("a line is not JSON", "line {line}: {what is wrong}"),
        "csv": ("a row does not fit the header", "line {line}: {what is wrong}"),
        "tsv": ("a row does not fit the header", "line {line}: {what is wrong}"),
    }
    cases = [unreadable[brief.input_type]] if brief.input_type in unreadable else []
    thinks = [ErrorCase(when="a step has no usable answer", message="step {step}: {why}", exit_code=1)]
    cases += [
        (shown.example.name or f"example {shown.id}", shown.example.stderr or "{what is wrong}")
        for shown in brief.examples
        if shown.example.exit_code == 2
    ]
    refused = tuple(ErrorCase(when=when, message=message, exit_code=2) for when, message in cases)
    return Errors(errors=(*refused, *(thinks if brief.recipe else [])))


def entry_signature(brief: Brief, function: str, *, lines: bool = False) -> str:
    """Give the `def` line of the function that the command line calls; it may take and give lines as they come."""
    text = "lines: Iterable[str]" if lines else "text: str"
    source = {"files": ["files: Mapping[str, str]"], "none": []}.get(brief.input_type, [text])
    options = [_parameter(option.variable, option.type, option.default) for option in brief.options]
    result = "Iterator[str]" if lines else "Mapping[str, str]" if brief.output_type == "files" else "str"
    return f"def {function}({', '.join([*source, *(['*', *options] if options else [])])}) -> {result}"


def _parameter(python: str, kind: str, default: object) -> str:
    if kind == "flag":
        return f"{python}: bool=False"
    return f"{python}: {TYPES[kind]} | None=None" if default is None else f"{python}: {TYPES[kind]}={default!r}"


def _noun(brief: Brief) -> str:
    """Give the module's name: the last word of the tool's name that is neither taken nor the standard library's."""
    parts = [part for part in brief.name.split("-") if part.isidentifier() and part not in STOPPERS]
    free = [part for part in reversed(parts) if part not in sys.stdlib_module_names and part not in TAKEN]
    return free[0] if free else "transformation"


def _function(brief: Brief, noun: str) -> str:
    """Give the entry's name: what the first sentence says, such as `count_lines` for "Count the lines of a log"."""
    clause = re.split(r"[^A-Za-z0-9 ]", brief.obligations[0].text.lower())[0].split()
    verb, *rest = clause or ["make"]
    named = list(takewhile(lambda word: word not in STOPPERS, _after(DETERMINERS, rest)))[:3]
    name = "_".join([verb, *(named or [noun])])
    name = f"{name}_{noun}" if name in definitions() else name  # the emitted module may hold the library's function
    usable = name.isidentifier() and not keyword.iskeyword(name) and verb not in DETERMINERS
    return name if usable and name != noun else f"make_{noun}"


def _after(skipped: frozenset[str], words: Sequence[str]) -> Iterator[str]:
    return dropwhile(lambda word: word in skipped, words)


def _one(brief: Brief, noun: str, ids: tuple[str, ...]) -> tuple[Module, ...]:
    summary = brief.obligations[0].text
    return (Module(name=noun, summary=summary, roles=("read", "transform", "write"), covers=ids),)


def _three(brief: Brief, noun: str, ids: tuple[str, ...]) -> tuple[Module, ...]:
    refused = tuple(shown.id for shown in brief.examples if shown.example.exit_code)
    reads, writes = f"Reads {brief.input_type.upper()}.", f"Writes {brief.output_type.upper()}."
    summary = brief.obligations[0].text
    return (
        Module(name="reading", summary=reads, roles=("read",), covers=refused),
        Module(name=noun, summary=summary, roles=("transform",), covers=ids, uses=("reading", "writing")),
        Module(name="writing", summary=writes, roles=("write",), covers=()),
    )


def _inner(brief: Brief, design: Design, entry: Interface, solver: Solver) -> list[Interface]:
    others = [module for module in design.modules if module.name != design.entry.module]
    found = attempt(brief, solver)
    if not others or not isinstance(found, Accepted):
        return []
    draft = Architecture(
        modules=design.modules, entry=design.entry, interfaces=(entry,), errors=(), command_line="argparse"
    )
    sources = emit(found.program, layout_of(brief, draft))
    return [interface for module in others for interface in public_interfaces(module.name, sources[module.name])]
