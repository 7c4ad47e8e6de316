"""The accepted program once more, as it is emitted, in a process of its own.

This library starts no process: who asks for the check says how one is started.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from typing import TypeAlias

from toolbuilder.synthesis.emit import emit
from toolbuilder.synthesis.layout import Layout, Module
from toolbuilder.synthesis.library.text import read_lines
from toolbuilder.synthesis.program import Program
from toolbuilder.synthesis.source import LIBRARY
from toolbuilder.synthesis.streaming import streams
from toolbuilder.synthesis.task import Example
from toolbuilder.synthesis.trial import Outcome, agrees_with, keywords

LAYOUT = Layout("tool", "run", (Module("main", frozenset({"read", "transform", "write"}), "The tool."),))
Start: TypeAlias = Callable[[str, str], str | None]
"""Runs a Python script in a fresh process with a text on its standard input, stopped when it takes too long.

Gives its standard output, or None when it failed or was stopped.
"""

DRIVER = """
import json, sys, types
given = json.load(sys.stdin)
errors = types.ModuleType("tool.errors")
exec(given["errors"], errors.__dict__)
sys.modules |= {"tool": types.ModuleType("tool"), "tool.errors": errors}
tool = types.ModuleType("tool.main")
exec(given["source"], tool.__dict__)
outcomes = []
for arguments, options in given["cases"]:
    try:
        output = tool.run(*arguments, **options)
        outcomes.append([output if isinstance(output, str) else "".join(line + "\\n" for line in output), 0])
    except errors.InputError as error:
        outcomes.append([str(error), 2])
json.dump(outcomes, sys.stdout)
"""


def failing(program: Program, examples: tuple[Example, ...], start: Start) -> str | None:
    """Run the examples in a fresh process; give the id of the first that does not fit, or None."""
    given = {
        "errors": (files(LIBRARY) / "errors.py").read_text("utf-8"),
        "source": emit(program, replace(LAYOUT, streams=streams(program)))["main"],
        "cases": [_case(program, example) for example in examples],
    }
    output = start(DRIVER, json.dumps(given))
    if output is None:
        return examples[0].id
    outcomes = [Outcome(str(text), int(code)) for text, code in json.loads(output)]
    pairs = zip(examples, outcomes, strict=True)
    return next((example.id for example, outcome in pairs if not agrees_with(example, outcome)), None)


def _case(program: Program, example: Example) -> tuple[list[object], dict[str, object]]:
    text: object = read_lines(example.input) if streams(program) else example.input
    given: dict[str, list[object]] = {"none": [], "files": [dict(example.files)]}
    return given.get(program.input_type, [text]), dict(keywords(program, example.options))
