"""What the templates need to know of a tool: every text already quoted for the language it will stand in."""

import json
import re

from toolbuilder.artifacts import Architecture
from toolbuilder.errors import FileIsWrong, Problem
from toolbuilder.markdown_text import escaped
from toolbuilder.option_code import argparse_call, default, typer_annotation, typer_call, variable
from toolbuilder.plain_text import first_sentence, paragraphs, plain, wrapped
from toolbuilder.python_text import argument, block, import_line
from toolbuilder.shell_text import COLUMNS, session
from toolbuilder.spec import Example, Option, Spec

SCAFFOLD_MODULES = frozenset({"cli", "errors", "streams"})
CLI_NAMES = frozenset(
    {
        *("argparse", "os", "sys", "typer"),
        *("app", "Parser", "add_options", "build_parser", "command", "complain", "give_up", "main", "parse", "run"),
        *("discard_output", "read_files", "read_text", "show_version", "use_utf8", "write_files", "write_text"),
    }
)  # what the command lines import and define
TYPER = "typer>=0.29,<1"
READER = {"files": "read_files", "none": ""}
WRITER = {"files": "write_files"}

USAGE = {"files": "INPUT ...", "none": "", "json": "[INPUT]", "csv": "[INPUT]", "tsv": "[INPUT]"}
INPUT_HELP = {
    "files": "files to read",
    "json": "file to read; standard input when left out, or for -",
    "csv": "file to read; standard input when left out, or for -",
    "tsv": "file to read; standard input when left out, or for -",
}
MANY_INPUTS_HELP = "files to read, one after another; standard input when left out, or for -"
READS = {"files": "It reads the named files", "none": "It reads nothing"}
EXIT_CODES = """\
exit codes:
  0  the result is written
  1  the result cannot be written
  2  the arguments or the input are wrong
"""


def template_answers(spec: Spec, architecture: Architecture) -> dict[str, object]:
    """Give the answers that a template is rendered with.

    Raises FileIsWrong when the architecture names a module as one of the scaffold's own.
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
        "reader": READER.get(spec.input_type, "read_text"),
        "writer": WRITER.get(spec.output_type, "write_text"),
        "imports": _imports(spec, architecture),
        "has_sample": bool(usual_examples(spec)),
        "has_choices": any(option.choices for option in spec.options),
        "options": [_option(option, architecture) for option in spec.options],
        **_words(spec, architecture),
    }


def _refuse_clashes(architecture: Architecture) -> None:
    clashes = sorted(SCAFFOLD_MODULES & {module.name for module in architecture.modules})
    if clashes:
        raise FileIsWrong(
            [
                Problem("architecture.yaml", 0, 0, f"module {name}: the scaffold has one of that name; choose another")
                for name in clashes
            ]
        )


def _imports(spec: Spec, architecture: Architecture) -> list[str]:
    reader = READER.get(spec.input_type, "read_text")
    writer = WRITER.get(spec.output_type, "write_text")
    streams = ["discard_output", *([reader] if reader else []), "use_utf8", writer]
    name, function = _entry_name(spec, architecture), architecture.entry.function
    wanted = {
        spec.package: ["__version__"],
        f"{spec.package}.{architecture.entry.module}": [function if name == function else f"{function} as {name}"],
        f"{spec.package}.errors": ["InputError"],
        f"{spec.package}.streams": sorted(streams),
    }
    return [import_line(module, *wanted[module]) for module in sorted(wanted, key=_natural)]


def _entry_name(spec: Spec, architecture: Architecture) -> str:
    """Give the name by which the command line knows the entry: its own, unless that means something else there."""
    taken = CLI_NAMES | set(map(variable, spec.options))
    return "entry_function" if architecture.entry.function in taken else architecture.entry.function


def _natural(name: str) -> list[tuple[int, int | str, str]]:
    parts = filter(None, re.split(r"(\d+)", name))
    return [(0, int(part), part) if part.isdigit() else (1, part, part) for part in parts]


def _option(option: Option, architecture: Architecture) -> dict[str, object]:
    typer = architecture.command_line == "typer"
    return {
        "name": option.name,
        "variable": variable(option),
        "default": default(option),
        "annotation": typer_annotation(option),
        "arguments": typer_call(option) if typer else argparse_call(option),
    }


def _words(spec: Spec, architecture: Architecture) -> dict[str, object]:
    guard = _unwrapped if architecture.command_line == "typer" else _guarded
    output = ("DIR", "folder to write to") if spec.output_type == "files" else ("FILE", "")
    indent = 12 if architecture.command_line == "typer" else 8
    usage = USAGE.get(spec.input_type, "[INPUT ...]")
    return {
        "into_folder": '"--output", "out", ' if spec.output_type == "files" else "",
        "summary_toml": _toml(first_sentence(spec.description)),
        "dependencies_toml": ", ".join(map(_toml, _dependencies(architecture))),
        "description_literal": block(guard(wrapped(spec.description, 77))),
        "epilog_literal": block(guard(_epilog(spec))),
        "description_markdown": escaped("\n".join(paragraphs(spec.description))),
        "usage": f"%(prog)s [OPTIONS] {usage}".rstrip(),
        "input_help": argument("help", INPUT_HELP.get(spec.input_type, MANY_INPUTS_HELP), indent),
        "output_metavar": output[0],
        "output_help": argument("help", output[1] or "file to write; standard output when left out, or -", indent),
        "how_it_reads": _how_it_reads(spec),
    }


def _unwrapped(text: str) -> str:
    """Mark the paragraphs that typer would wrap anew."""
    return "\n\n".join(f"\b\n{paragraph}" for paragraph in text.split("\n\n"))


def _dependencies(architecture: Architecture) -> list[str]:
    others = [one for one in architecture.dependencies if one != "typer"]
    return [*others, TYPER] if architecture.command_line == "typer" else others


def _guarded(text: str) -> str:
    """Double the percent signs where argparse would take one for a placeholder."""
    return text.replace("%", "%%") if "%(prog)" in text else text


def _toml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _how_it_reads(spec: Spec) -> str:
    reads = READS.get(spec.input_type, "It reads the named files or standard input")
    writes = (
        "below the folder of `--output DIR`" if spec.output_type == "files" else "to standard output or `--output FILE`"
    )
    return f"{reads} and writes {writes}."


def _epilog(spec: Spec) -> str:
    shown = [text for example in usual_examples(spec) if (text := _shown(spec, example))]
    examples = "\n".join(["examples:", *shown[:3], "\n"]) if shown else ""
    return examples + EXIT_CODES


def _shown(spec: Spec, example: Example) -> str:
    lines = [*([f"# {plain(example.name)}"] if example.name else []), *session(spec, example).split("\n")]
    fits = len(lines) <= 8 and all(len(line) <= COLUMNS and line.isprintable() for line in lines)
    return "\n".join(f"  {line}" for line in lines) if fits else ""


def usual_examples(spec: Spec) -> list[Example]:
    """Give the examples that end well and are not held out."""
    pairs = zip(spec.example_ids, spec.examples, strict=True)
    return [example for name, example in pairs if example.exit_code == 0 and name not in spec.held_out]
