"""Patterns: pieces of proven code that generated tools carry, each with its reason, its use and its check."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal, Self, TypeAlias

from pydantic import Field, model_validator

from toolbuilder.errors import FileIsWrong, Problem
from toolbuilder.schema import digest
from toolbuilder.spec import FieldName, OneLine, Spec, Text, Words
from toolbuilder.yaml_files.broken import Broken, near_miss, refuse
from toolbuilder.yaml_files.models import read_model

PACKAGE = "__package_name__"  # stands in bodies and examples for the package that carries them

RuleName: TypeAlias = Literal[
    "answer_is_checked",
    "best_is_kept",
    "failure_is_raised",
    "findings_go_back",
    "loop_is_bounded",
    "question_is_typed",
    "read_before_asking",
    "result_decides",
    "retried_once",
    "saved_after_each",
    "saved_atomically",
    "stops_when_repeated",
    "told_why",
]


class Applies(Words):
    """When a pattern is chosen without being asked for: all that is said here holds, and something is said."""

    always: bool = Field(default=False, description="Every tool carries it.")
    intelligence: Literal["none", "runtime"] | None = Field(default=None, description="The tool thinks, or does not.")
    repeats: bool | None = Field(default=None, description="A step of the recipe goes back to an earlier one, or none.")

    def holds(self, spec: Spec) -> bool:
        """Tell whether a spec fulfils the condition."""
        facts = {"intelligence": spec.intelligence, "repeats": any(step.until for step in spec.recipe)}
        said = {name: wanted for name in facts if (wanted := getattr(self, name)) is not None}
        return self.always or (bool(said) and all(facts[name] == value for name, value in said.items()))


class Demand(Words):
    """One thing that code with the pattern does, or never does."""

    says: OneLine = Field(description="The finding, where the code is otherwise.")
    rule: RuleName | None = Field(default=None, description="A rule of `pattern_rules` over the syntax tree.")
    calls: tuple[OneLine, ...] = Field(default=(), description="Dotted names of functions, one of which is called.")

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if (self.rule is None) == (not self.calls):
            refuse([Broken((), "a demand has either a `rule` or `calls`")])
        return self


class Check(Words):
    """What the syntax tree of code with the pattern shows."""

    requires: tuple[Demand, ...] = Field(min_length=1)
    forbids: tuple[Demand, ...] = ()


class WorkedExample(Words):
    """A script that uses the pattern's module, and what it prints."""

    code: Text
    prints: Text


class Pattern(Words):
    """A piece of proven code that a generated tool carries as a module of its own."""

    id: FieldName = Field(description="The pattern's name, equal to the file's name without its ending.")
    purpose: OneLine = Field(description="What it is good for.")
    applies: Applies = Field(default=Applies(), description="When it is chosen; empty: only when a spec asks for it.")
    module: FieldName = Field(description="The module of the tool that its body becomes.")
    needs: tuple[FieldName, ...] = Field(default=(), description="Patterns that it does not work without.")
    replaces: tuple[FieldName, ...] = Field(default=(), description="Patterns whose place it takes.")
    body: Text = Field(description="Python source, with `__package_name__` for the package.")
    example: WorkedExample
    check: Check

    @model_validator(mode="after")
    def _is_python(self) -> Self:
        refuse([*_syntax(("body",), self.body), *_syntax(("example", "code"), self.example.code)])
        return self

    def source(self, package: str) -> str:
        """Give the module's source in a package."""
        return self.body.replace(PACKAGE, package)


def load_patterns(folder: Path) -> tuple[Pattern, ...]:
    """Read every `*.yaml` of a folder, by name. Raises FileIsWrong with the problems of all files."""
    patterns: dict[str, Pattern] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            patterns[str(path)] = read_model(path.read_bytes(), str(path), Pattern)
        except FileIsWrong as error:
            problems += error.problems
        except OSError as error:
            problems.append(Problem(str(path), 0, 0, f"cannot be read: {error.strerror}"))
    if not problems:
        problems = [Problem(path, 0, 0, words) for path, words in _misfits(patterns)]
    if problems:
        raise FileIsWrong(problems)
    return tuple(patterns.values())


def chosen(spec: Spec, patterns: Sequence[Pattern]) -> tuple[Pattern, ...]:
    """Give the patterns that a tool carries: those that it asks for, those that apply, and what they need.

    Where one takes the place of another, the other is left out. The order is that of `patterns`. Raises FileIsWrong
    for a wish that no pattern fulfils.
    """
    by_id = {pattern.id: pattern for pattern in patterns}
    if unknown := [wish for wish in spec.patterns if wish not in by_id]:
        raise FileIsWrong([_no_such(spec, wish, by_id) for wish in unknown])
    wanted = [*spec.patterns, *(pattern.id for pattern in patterns if pattern.applies.holds(spec))]
    reached = _with_needs(wanted, by_id)
    replaced = {other for name in reached for other in by_id[name].replaces}
    return tuple(pattern for pattern in patterns if pattern.id in reached - replaced)


def fingerprint(patterns: Sequence[Pattern]) -> str:
    """Name a choice of patterns by content."""
    return digest(*patterns)


def _with_needs(wanted: Sequence[str], by_id: Mapping[str, Pattern]) -> set[str]:
    reached: set[str] = set()
    waiting = [*wanted]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += by_id[name].needs
    return reached


def _no_such(spec: Spec, wish: str, known: Mapping[str, Pattern]) -> Problem:
    message = f"patterns: there is no pattern `{wish}`{near_miss(wish, known)}"
    return Problem(f"{spec.name}.yaml", 0, 0, f"{message}; there are {', '.join(known) or 'none'}")


def _syntax(path: tuple[str, ...], source: str) -> Iterator[Broken]:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None) or 1
        yield Broken(path, f"this is not Python: {getattr(error, 'msg', error)} (line {line} of it)")


def _misfits(patterns: Mapping[str, Pattern]) -> Iterator[tuple[str, str]]:
    """Give what does not fit together among patterns by path."""
    known = [pattern.id for pattern in patterns.values()]
    module_of: dict[str, Pattern] = {}
    for path, pattern in patterns.items():
        if pattern.id != Path(path).stem:
            yield path, f"id: the file is to be called {pattern.id}.yaml"
        for key, names in {"needs": pattern.needs, "replaces": pattern.replaces}.items():
            yield from (
                (path, f"{key}: there is no pattern `{n}`{near_miss(n, known)}") for n in names if n not in known
            )
        other = module_of.setdefault(pattern.module, pattern)
        if other is not pattern:
            yield path, f"module: `{pattern.module}` is that of the pattern `{other.id}` too"
