"""What a template needs to know of a tool: names, imports and options as Python; words come from `scaffold_words`."""

import re

from toolbuilder.artifacts import Architecture
from toolbuilder.errors import FileIsWrong, Problem
from toolbuilder.scaffold.options import argparse_call, default, typer_annotation, typer_call, variable
from toolbuilder.scaffold.python_text import import_line
from toolbuilder.scaffold.words import usual_examples, words
from toolbuilder.spec import Option, Spec

SCAFFOLD_MODULES = frozenset({"cli", "errors", "streams"})
CLI_NAMES = frozenset(
    {
        *("argparse", "os", "sys", "typer"),
        *("app", "Parser", "add_options", "build_parser", "command", "complain", "give_up", "main", "parse", "run"),
        *(
            "discard_output",
            "read_files",
            "read_lines",
            "read_text",
            "show_version",
            "use_utf8",
            "write_files",
            "write_lines",
            "write_text",
        ),
    }
)  # what the command lines import and define
READERS = {"files": "read_files", "none": ""}
WRITERS = {"files": "write_files"}


def template_answers(spec: Spec, architecture: Architecture) -> dict[str, object]:
    """Give the answers that a template is rendered with, all of them quoted for the language they will stand in.

    Raises FileIsWrong when the architecture has a module of the scaffold's own name.
    """
    _refuse_clashes(architecture)
    return {
        "name": spec.name,
        "package": spec.package,
        "debug_variable": f"{spec.package.upper()}_DEBUG",
        "intelligence": spec.intelligence,
        "input_type": spec.input_type,
        "output_type": spec.output_type,
        "command_line": architecture.command_line,
        "entry_module": architecture.entry.module,
        "entry_function": _entry_name(spec, architecture),
        "streams": streams(architecture),
        "reader": _reader(spec, architecture),
        "writer": _writer(spec, architecture),
        "imports": _imports(spec, architecture),
        "options": [_option(option, architecture) for option in spec.options],
        "has_choices": any(option.choices for option in spec.options),
        "has_sample": bool(usual_examples(spec)),
        **words(spec, architecture),
    }


def _refuse_clashes(architecture: Architecture) -> None:
    clashes = sorted(SCAFFOLD_MODULES & {module.name for module in architecture.modules})
    message = "module {}: the scaffold has one of that name; choose another"
    if clashes:
        raise FileIsWrong([Problem("architecture.yaml", 0, 0, message.format(name)) for name in clashes])


def streams(architecture: Architecture) -> bool:
    """Tell whether the entry takes and gives lines as they come, rather than whole texts."""
    entry = architecture.entry
    begin, end = f"def {entry.function}(lines: Iterable[str]", "-> Iterator[str]"
    signatures = [one.signature for one in architecture.interfaces if one.module == entry.module]
    return any(one.startswith(begin) and one.endswith(end) for one in signatures)


def _reader(spec: Spec, architecture: Architecture) -> str:
    return "read_lines" if streams(architecture) else READERS.get(spec.input_type, "read_text")


def _writer(spec: Spec, architecture: Architecture) -> str:
    return "write_lines" if streams(architecture) else WRITERS.get(spec.output_type, "write_text")


def _entry_name(spec: Spec, architecture: Architecture) -> str:
    """Give the name by which the command line knows the entry: its own, unless that means something else there."""
    taken = CLI_NAMES | set(map(variable, spec.options))
    return "entry_function" if architecture.entry.function in taken else architecture.entry.function


def _imports(spec: Spec, architecture: Architecture) -> list[str]:
    name, function = _entry_name(spec, architecture), architecture.entry.function
    wanted = {
        spec.package: ["__version__"],
        f"{spec.package}.{architecture.entry.module}": [function if name == function else f"{function} as {name}"],
        f"{spec.package}.errors": ["InputError"],
        f"{spec.package}.streams": sorted(
            filter(None, ["discard_output", _reader(spec, architecture), "use_utf8", _writer(spec, architecture)])
        ),
    }
    return [import_line(module, *wanted[module]) for module in sorted(wanted, key=_natural)]


def _natural(name: str) -> list[tuple[int, int | str, str]]:
    """Order names as ruff orders imports: numbers in them by value."""
    parts = filter(None, re.split(r"(\d+)", name))
    return [(0, int(part), part) if part.isdigit() else (1, part, part) for part in parts]


def _option(option: Option, architecture: Architecture) -> dict[str, object]:
    typer = architecture.command_line == "typer"
    return {
        "variable": variable(option),
        "default": default(option),
        "annotation": typer_annotation(option),
        "arguments": typer_call(option) if typer else argparse_call(option),
    }
