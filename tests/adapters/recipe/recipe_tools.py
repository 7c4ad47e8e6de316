"""Tools that think, made from recipes: what the tests about them share."""

import os
import subprocess
import sys
from pathlib import Path

from toolbuilder.adapters.copier_scaffolder import CopierScaffolder
from toolbuilder.adapters.recipe.modules import ENTRY, recipe_modules, recipe_sources
from toolbuilder.adapters.recipe.rehearsal import recipe_tests
from toolbuilder.artifacts import Architecture, Entry, Module
from toolbuilder.patterns import Pattern, chosen, load_patterns
from toolbuilder.scaffold.answers import template_answers
from toolbuilder.scaffold.example_tests import example_files
from toolbuilder.spec import Spec
from toolbuilder.spec.file import parse_spec, read_spec

ROOT = Path(__file__).parents[3]
PATTERNS = load_patterns(ROOT / "patterns")
NASTY = """\
name: nasty-tool
description: Think with names that Python has taken. Go round within a round.
input_type: none
output_type: json
options:
  - {name: how-many, type: int, default: 3, help: How many.}
  - {name: share, type: float, help: Which share.}
  - {name: loud, type: flag, help: Be loud.}
  - {name: kind, type: choice, choices: [a, b], default: a, help: Which kind.}
intelligence: runtime
recipe:
  - {id: class, think: 'Say "why", \\ {this} and ''that'' 100% ~~~ naïvely.', gives: {words: [string], score: number}}
  - {id: print, think: Rate it., uses: [class], gives: {good: boolean, why: string}, until: {true: good}, else: class}
  - {id: question, think: Count., uses: [class, class], gives: {numbers: [integer]}, until: {empty: numbers}, else: class, at_most: 2}
  - {id: lonely, think: Look at nothing., gives: {text: string}, until: {empty: text}, else: lonely, at_most: 1}
  - {id: ask, think: Close., uses: [print, lonely], gives: {whole: integer, parts: [number]}}
result: ask
examples:
  - answers:
      class: [{words: [a], score: 1}, {words: [b], score: 2.5}]
      print: [{good: false, why: no}, {good: true, why: ""}]
      question: [{numbers: []}]
      lonely: [{text: ""}]
      ask: [{whole: 1, parts: [1, 2.5]}]
    output: {whole: 1, parts: [1, 2.5]}
  - {args: [--how-many, x], exit_code: 2, stderr: how-many}
"""


def improving(spec: Spec) -> Spec:
    examples = tuple(one for one in spec.examples if one.exit_code != 1)
    changes = {"name": "blog-improver", "patterns": ("metacognitive_improvement",), "examples": examples}
    return spec.model_copy(update=changes)


SPECS = {
    spec.name: spec
    for spec in (
        read_spec(ROOT / "specs" / "release-notes.yaml"),
        read_spec(ROOT / "specs" / "blog-writer.yaml"),
        improving(read_spec(ROOT / "specs" / "blog-writer.yaml")),
        parse_spec(NASTY.encode(), "nasty-tool.yaml"),
    )
}


def carried(spec: Spec) -> tuple[Pattern, ...]:
    return chosen(spec, PATTERNS)


def architecture_of(spec: Spec) -> Architecture:
    planned = recipe_modules(spec, carried(spec))
    return Architecture(
        modules=tuple(
            Module(name=m.name, summary=m.summary, roles=m.roles, covers=(), uses=m.uses, pattern=m.pattern)
            for m in planned
        ),
        entry=Entry(module=ENTRY[0], function=ENTRY[1]),
        interfaces=(),
        errors=(),
        command_line="argparse",
    )


def package_files(spec: Spec) -> dict[str, bytes]:
    rendered = CopierScaffolder(ROOT / "templates").render("python-cli", template_answers(spec, architecture_of(spec)))
    sources = recipe_sources(spec, carried(spec))
    tests = recipe_tests(spec, [pattern.id for pattern in carried(spec)])
    return {
        **rendered,
        **{f"src/{spec.package}/{name}.py": source.encode() for name, source in sources.items()},
        **{path: source.encode() for path, source in tests.items()},
        **example_files(spec, set(spec.example_ids)),
    }


def write_packages(folder: Path) -> None:
    """Write one package a spec."""
    for name in SPECS:
        write_package(name, folder / name)


def write_package(name: str, folder: Path) -> None:
    for path, content in package_files(SPECS[name]).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


def run_python(*arguments: str | Path, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    variables = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **environment}
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, check=False)


def run_tool(tools: Path, name: str, *arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    source = tools / name / "src"
    path = os.pathsep.join(filter(None, [str(source), environment.pop("PYTHONPATH", "")]))
    return run_python("-m", SPECS[name].package, *arguments, folder=tools, PYTHONPATH=path, **environment)
