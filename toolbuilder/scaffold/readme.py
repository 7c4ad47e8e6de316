"""The README of a finished tool: what people need to use it, with examples that are proven to work."""

import json
from collections.abc import Iterator, Sequence

from toolbuilder import invisible
from toolbuilder.proof.example_run import OUT
from toolbuilder.scaffold.exit_codes import exit_codes
from toolbuilder.scaffold.markdown_text import code, escaped, fenced, table
from toolbuilder.scaffold.options import help_words
from toolbuilder.scaffold.plain_text import paragraphs, plain
from toolbuilder.scaffold.shell_text import session
from toolbuilder.spec import Example, Option, Spec

MOST_EXAMPLES = 4
MOST_LINES = 40
DEVELOPMENT = """\
pip install -e '.[dev]'
pytest
ruff check
ruff format --check
mypy
"""


def tool_readme(spec: Spec, help_text: str, summary: str, when_to_use: str, limits: Sequence[str]) -> str:
    """Give the README.md of a tool: the words as they are, `--help` as it was printed, the examples, the options."""
    sections = {
        "Install": [f"In this folder, with Python 3.11 or later:\n\n{fenced('pip install .', 'sh')}"],
        "Usage": [fenced(help_text.strip("\n"), "text")],
        "Examples": _examples(spec),
        "Options": _options(spec),
        "Exit codes": [_exit_codes(spec)],
        "Limits": ["\n".join(f"- {escaped(plain(limit))}" for limit in limits if plain(limit))],
        "How it was made": [_origin(spec)],
        "Development": [fenced(DEVELOPMENT, "sh")],
    }
    body = [f"## {title}\n\n" + "\n\n".join(parts) for title, parts in sections.items() if any(parts)]
    return "\n\n".join([f"# {spec.name}", *_words(summary, when_to_use), *body]) + "\n"


def _words(*texts: str) -> list[str]:
    return [escaped("\n".join(paragraphs(text))) for text in texts if plain(text)]


def _examples(spec: Spec) -> list[str]:
    pairs = zip(spec.example_ids, spec.examples, strict=True)
    short = [(i, example) for i, example in pairs if i not in spec.held_out and _is_short(spec, example)]
    usual = [(i, example) for i, example in short if example.exit_code == 0]
    refused = [(i, example) for i, example in short if example.exit_code]
    shown = [*usual[:MOST_EXAMPLES], *refused[:1]]
    return [f"### {_title(i, example)}\n\n{_run(spec, example)}" for i, example in shown]


def _is_short(spec: Spec, example: Example) -> bool:
    return max(session(spec, example).count("\n"), _result(example).count("\n")) < MOST_LINES


def _title(name: str, example: Example) -> str:
    title = plain(example.name or "")
    return escaped(title[:1].upper() + title[1:]) if title else f"Example {name}"


def _run(spec: Spec, example: Example) -> str:
    return f"{fenced(session(spec, example), 'sh')}\n\n{_outcome(spec, example)}"


def _outcome(spec: Spec, example: Example) -> str:
    if example.exit_code:
        words = f", and says {code(plain(example.stderr))}" if example.stderr else ""
        return f"It ends with exit code {example.exit_code}{words}."
    result = _result(example)
    if not result.strip("\n"):
        return "It prints nothing."
    condition = "With the answers that the spec scripts for the model, it" if example.answers else "It"
    if spec.output_type == "files":
        return f"{condition} writes these files below {code(f'{OUT}/')}:\n\n{fenced(result, 'json')}"
    return f"{condition} prints:\n\n{fenced(result, _language(example))}"


def _result(example: Example) -> str:
    """Give what is printed, and nothing that a reader would not see: JSON can say it, of text it is only shown."""
    if isinstance(example.output, str):
        return invisible.visible(example.output)
    return invisible.visible(invisible.escaped(json.dumps(example.output, ensure_ascii=False, indent=2)))


def _language(example: Example) -> str:
    return "text" if isinstance(example.output, str) else "json"


def _options(spec: Spec) -> list[str]:
    rows = [*map(_option, spec.options), *_options_of_every_tool(spec)]
    return [table(("Option", "Meaning", "Default"), rows)]


def _option(option: Option) -> tuple[str, str, str]:
    value = "" if option.type == "flag" else f" {option.name.upper()}"
    choices = f"; one of {', '.join(map(_value, option.choices))}" if option.choices else ""
    default = "" if option.type == "flag" or option.default is None else _value(option.default)
    return code(f"--{option.name}{value}"), f"{escaped(help_words(option))}{choices}", default


def _value(value: object) -> str:
    return code(plain(str(value))) if plain(str(value)) else "the empty text"


def _options_of_every_tool(spec: Spec) -> Iterator[tuple[str, str, str]]:
    if spec.intelligence == "runtime":
        yield code("--model NAME"), "the model to ask", ""
        yield code("--answers FILE"), "answers to use in place of a model's, by step, as JSON", ""
        yield code("--state FILE"), "the file that keeps every answer, so that a run can go on where it stopped", ""
    if spec.output_type == "files":
        yield code("-o DIR, --output DIR"), "the folder to write to", "must be given"
    else:
        yield code("-o FILE, --output FILE"), "the file to write", "standard output"
    yield code("--version"), "show the version and exit", ""
    yield code("--help"), "show the usage and exit", ""


def _exit_codes(spec: Spec) -> str:
    rows = [(str(number), meaning) for number, meaning in exit_codes(spec)]
    return table(("Code", "Meaning"), rows) + "\n\nWhat went wrong stands in one line on standard error."


def _origin(spec: Spec) -> str:
    spec_file, record = code(f"specs/{spec.name}.yaml"), code(".toolbuilder/")
    return (
        f"Toolbuilder built this tool from the spec {spec_file}.\n"
        f"The record of the build, from requirements to verification, lies in {record}."
    )
