"""The words of a spec as a template shows them: in `--help`, in the project's settings, in the first README."""

import json
import textwrap

from toolbuilder.artifacts import Architecture
from toolbuilder.scaffold.exit_codes import exit_codes
from toolbuilder.scaffold.markdown_text import escaped
from toolbuilder.scaffold.options import ARGPARSE_INDENT, TYPER_INDENT
from toolbuilder.scaffold.plain_text import first_sentence, paragraphs, plain, wrapped
from toolbuilder.scaffold.python_text import argument, block
from toolbuilder.scaffold.shell_text import COLUMNS, session
from toolbuilder.spec import Example, Spec

TYPER = "typer>=0.29,<1"
HELP_COLUMNS = 77  # typer indents by two
MOST_EXAMPLES = 3
MOST_LINES = 8
SUMMARY_LENGTH = 400  # package indexes take 512

ONE_INPUT = ("[INPUT]", "file to read; standard input when left out, or for -")
MANY_INPUTS = ("[INPUT ...]", "files to read, one after another; standard input when left out, or for -")
INPUTS = {
    "files": ("INPUT ...", "files to read"),
    "none": ("", ""),
    "json": ONE_INPUT,
    "csv": ONE_INPUT,
    "tsv": ONE_INPUT,
}
OUTPUTS = {"files": ("DIR", "folder to write to")}
TEXT_OUTPUT = ("FILE", "file to write; standard output when left out, or -")


def words(spec: Spec, architecture: Architecture) -> dict[str, object]:
    """Give the answers that hold people's words."""
    typer = architecture.command_line == "typer"
    indent = TYPER_INDENT if typer else ARGPARSE_INDENT
    guard = _unwrapped if typer else _without_placeholders
    usage, input_help = INPUTS.get(spec.input_type, MANY_INPUTS)
    metavar, output_help = OUTPUTS.get(spec.output_type, TEXT_OUTPUT)
    return {
        "summary_toml": _toml(textwrap.shorten(first_sentence(spec.description), SUMMARY_LENGTH, placeholder=" …")),
        "dependencies_toml": ", ".join(map(_toml, _dependencies(architecture))),
        "description_literal": block(guard(wrapped(spec.description, HELP_COLUMNS))),
        "epilog_literal": block(guard(_epilog(spec))),
        "description_markdown": escaped("\n".join(paragraphs(spec.description))),
        "how_it_reads": _how_it_reads(spec),
        "usage": f"%(prog)s [OPTIONS] {usage}".rstrip(),
        "input_help": argument("help", input_help, indent),
        "output_metavar": metavar,
        "output_help": argument("help", output_help, indent),
        "into_folder": '"--output", "out", ' if spec.output_type == "files" else "",
    }


def usual_examples(spec: Spec) -> list[Example]:
    """Give the examples that end well and are not held out."""
    pairs = zip(spec.example_ids, spec.examples, strict=True)
    return [example for name, example in pairs if example.exit_code == 0 and name not in spec.held_out]


def _toml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _dependencies(architecture: Architecture) -> list[str]:
    others = [one for one in architecture.dependencies if one != "typer"]
    return [*others, TYPER] if architecture.command_line == "typer" else others


def _unwrapped(text: str) -> str:
    """Mark the paragraphs that typer would wrap anew."""
    return "\n\n".join(f"\b\n{paragraph}" for paragraph in text.split("\n\n"))


def _without_placeholders(text: str) -> str:
    """Double the percent signs where argparse would take one for a placeholder."""
    return text.replace("%", "%%") if "%(prog)" in text else text


def _epilog(spec: Spec) -> str:
    shown = [lines for example in usual_examples(spec) if (lines := _shown(spec, example))]
    codes = ["exit codes:", *(f"  {number}  {meaning}" for number, meaning in exit_codes(spec))]
    examples = ["examples:", *shown[:MOST_EXAMPLES], ""] if shown else []
    return "\n".join([*examples, *codes])


def _shown(spec: Spec, example: Example) -> str:
    """Give an example for `--help`, or nothing when it is too large."""
    lines = [*([f"# {plain(example.name)}"] if example.name else []), *session(spec, example).split("\n")]
    fits = len(lines) <= MOST_LINES and all(len(line) <= COLUMNS and line.isprintable() for line in lines)
    return "\n".join(f"  {line}" for line in lines) if fits else ""


def _how_it_reads(spec: Spec) -> str:
    kinds = {"files": "reads the named files and", "none": ""}
    reads = kinds.get(spec.input_type, "reads the named files or standard input and")
    writes = (
        "below the folder `--output DIR`" if spec.output_type == "files" else "to standard output or `--output FILE`"
    )
    codes = ", ".join(f"{number} {meaning}" for number, meaning in exit_codes(spec))
    return f"It {reads} writes {writes}.\nExit codes: {codes}.".replace("  ", " ")
