"""Tools with hand-written transforms and hostile texts, for every kind of input and output and both command lines."""

from dataclasses import dataclass
from pathlib import Path

from toolbuilder.adapters.copier_scaffolder import CopierScaffolder
from toolbuilder.artifacts import Architecture, Entry, Interface, Module
from toolbuilder.scaffold.answers import template_answers
from toolbuilder.scaffold.example_tests import example_files
from toolbuilder.spec import Example, Option, Spec

TEMPLATES = Path(__file__).parents[2] / "templates"
HOSTILE = (
    """He said "it's" 100% {x} {{ y }} %(prog)s %s \\n \\ ''' and \"\"\" <b> `code` | $HOME naïve """
    "日本語 " + "very " * 30 + "long. # Next {% raw %} \N{EN DASH} done?"
)
OPTIONS = (
    Option(name="top", type="int", default=10, help="How many to print."),
    Option(name="quote", type="str", help=HOSTILE),
    Option(name="sep", type="str", default=""""\\%'""", help="What stands between."),
    Option(name="factor", type="float", default=1, help="What to multiply by."),
    Option(name="dry-run", type="flag", help="Only say so."),
    Option(name="level", type="choice", choices=("low", "50%", 'a "b"'), default="low", help="How loud."),
    Option(name="format", type="choice", choices=tuple(f"choice number {n}" for n in range(9)), help="Which."),
)
ECHO = '''"""Tells what it was given."""

import json

from {package}.errors import InputError


def transform(
    text: str,
    *,
    top: int = 10,
    quote: str | None = None,
    sep: str = "\\"\\\\%'",
    factor: float = 1.0,
    dry_run: bool = False,
    level: str = "low",
    format: str | None = None,
) -> str:
    """Give text and options as JSON; some words make it fail."""
    if text == "bad\\n":
        raise InputError("line 1: bad")
    if text == "crash\\n":
        raise RuntimeError("two\\nlines")
    if text == "interrupt\\n":
        raise KeyboardInterrupt
    if text == "lone\\n":
        return "\\ud800"
    return json.dumps([text, top, quote, sep, factor, dry_run, level, format]) + "\\n"
'''
SAME = '''"""Gives back what it gets."""


def transform(text: str) -> str:
    """Give the text."""
    return text
'''
REFUSES = '''"""Refuses everything."""

from {package}.errors import InputError


def transform(text: str) -> str:
    """Refuse the text."""
    raise InputError(f"{len(text)} characters are too many")
'''
COPIES = '''"""Copies files."""

from collections.abc import Mapping


def transform(files: Mapping[str, str]) -> Mapping[str, str]:
    """Give every file below the folder that its text names."""
    return {text.strip() + "/" + name: text for name, text in files.items()}
'''
UPPER = '''"""Shouts, line by line."""

from collections.abc import Iterable, Iterator

from {package}.errors import InputError


def transform(
    lines: Iterable[str], *, big: bool = False, from_: int = 1, lines_: bool = False
) -> Iterator[str]:
    """Give the lines in upper case, if they are to be big, from a line on."""
    for number, line in enumerate(lines, start=1):
        if line == "bad":
            raise InputError(f"line {number}: bad")
        if number >= from_ and not lines_:
            yield line.upper() if big else line
'''
STREAMING = "def transform(lines: Iterable[str], *, big: bool=False, from_: int=1, lines_: bool=False) -> Iterator[str]"
FIXED = '''"""Says what it always says."""


def transform(*, big: bool = False) -> str:
    """Give a word."""
    return "BIG\\n" if big else "small\\n"
'''


@dataclass(frozen=True)
class Sample:
    """A tool: its spec, its command line's flavour, and the source of its transform."""

    spec: Spec
    command_line: str
    source: str
    signature: str = ""

    @property
    def folder(self) -> str:
        """A folder's name that could be a package's, so that one run of mypy can look at all of them."""
        return f"tool_{self.spec.package}"


def spec_of(name: str, reads: str, writes: str, *examples: Example, options: tuple[Option, ...] = ()) -> Spec:
    """Give a spec that says hostile things."""
    return Spec.model_validate(
        {
            "name": name,
            "description": HOSTILE,
            "input_type": reads,
            "output_type": writes,
            "options": options,
            "examples": examples,
            "constraints": [HOSTILE],
        }
    )


ECHOED = Example(
    name="'quoted' \\ 100%",
    args=("--top", "-2", "--quote=x", "--dry-run", "--level", "50%"),
    input="a\tb'%s'\\n\r\n\n é",
    output=["a\tb'%s'\\n\r\n\n é", -2, "x", "\"\\%'", 1.0, True, "50%", None],
)
ECHO_EXAMPLES = (
    ECHOED,
    Example(name=HOSTILE[:300], input="", output=["", 10, None, "\"\\%'", 1.0, False, "low", None]),
    Example(input="bad\n", exit_code=2, stderr="line 1: bad"),
)
TABLE = Example(input="a,b\r\n", output="a,b\r\n")
COPIED = Example(files={"a.txt": "one", "b.txt": "two\n"}, output={"one/a.txt": "one", "two/b.txt": "two\n"})
WORD = (Example(output="small"), Example(args=("--big",), output="BIG\n"))
BIG = (Option(name="big", type="flag", help="Shout."),)
LONG = "x" * 63
SHOUTING = (
    *BIG,
    Option(name="from", type="int", default=1, help="First line to print."),
    Option(name="lines", type="flag", help="Print none."),
)
SHOUTS = (
    Example(args=("--from", "2"), input="a\nb\n", output="b\n"),
    Example(args=("--big",), input="a\nb\n", output="A\nB\n"),
    Example(input="a\nbad\n", exit_code=2, stderr="line 2"),
)

SAMPLES = {
    sample.spec.name: sample
    for sample in (
        Sample(spec_of("echo-plain", "lines", "json", *ECHO_EXAMPLES, options=OPTIONS), "argparse", ECHO),
        Sample(spec_of("echo-typer", "lines", "json", *ECHO_EXAMPLES, options=OPTIONS), "typer", ECHO),
        Sample(spec_of("table", "csv", "csv", TABLE), "argparse", SAME),
        Sample(spec_of("tree", "json", "lines", Example(input="{}", output="{}")), "typer", SAME),
        Sample(spec_of("copies", "files", "files", COPIED), "argparse", COPIES),
        Sample(spec_of("copies-typer", "files", "files", COPIED), "typer", COPIES),
        Sample(spec_of("word", "none", "text", *WORD, options=BIG), "argparse", FIXED),
        Sample(spec_of("word-typer", "none", "text", *WORD, options=BIG), "typer", FIXED),
        Sample(spec_of(LONG, "markdown", "text", Example(input="", output="")), "argparse", SAME),
        Sample(spec_of("shout", "lines", "lines", *SHOUTS, options=SHOUTING), "argparse", UPPER, STREAMING),
        Sample(spec_of("shout-typer", "csv", "lines", *SHOUTS, options=SHOUTING), "typer", UPPER, STREAMING),
        Sample(spec_of("refuses", "text", "text", Example(input="", exit_code=2)), "argparse", REFUSES),
    )
}


def architecture(
    command_line: str, module: str = "transforming", function: str = "transform", signature: str = ""
) -> Architecture:
    """Give an architecture of one module."""
    entry = Interface(module=module, signature=signature or f"def {function}(text: str) -> str", purpose="Does it.")
    return Architecture.model_validate(
        {
            "modules": [Module(name=module, summary="Transforms.", roles=("transform",), covers=("R1",))],
            "entry": Entry(module=module, function=function),
            "interfaces": (entry,),
            "errors": (),
            "command_line": command_line,
            "dependencies": ["typer"] if command_line == "typer" else [],
        }
    )


def build(folder: Path, sample: Sample, templates: Path = TEMPLATES) -> None:
    """Write the whole tool."""
    spec = sample.spec
    answers = template_answers(spec, architecture(sample.command_line, signature=sample.signature))
    files = {
        **CopierScaffolder(templates).render("python-cli", answers),
        **example_files(spec, set(spec.example_ids)),
        f"src/{spec.package}/transforming.py": sample.source.replace("{package}", spec.package).encode(),
    }
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
