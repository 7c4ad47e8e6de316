"""A tool that thinks, made from its recipe by rule: its modules, their sources, and what is wrong with the recipe."""

import ast
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Protocol

from toolbuilder.adapters.recipe.files import laid_out, part
from toolbuilder.adapters.recipe.flow import flow_source
from toolbuilder.adapters.recipe.names import IN_USE, PYTHON_WORDS, class_name
from toolbuilder.adapters.recipe.shape import ThinkingTool, glob_of, inputs_of, spans
from toolbuilder.patterns import Pattern
from toolbuilder.proof.sources import first_line
from toolbuilder.scaffold.options import variable
from toolbuilder.scaffold.python_text import quoted
from toolbuilder.spec import RuntimeInput

INPUTS = "    __inputs__,"  # the line of the table of inputs in its part
ENTRY = ("flow", "think_through")  # module and function that the command line calls
ROLES = {"inputs": ("read",), "flow": ("transform", "write", "think"), "model": ("think",)}
TAKEN_OPTIONS = frozenset({"model"})  # of the command line of every tool that thinks


@dataclass(frozen=True)
class PlannedModule:
    """A module of the tool: its name, its docstring's first line, what it does and uses, the pattern it carries."""

    name: str
    summary: str
    roles: tuple[str, ...]
    uses: tuple[str, ...]
    pattern: str | None


class Carried(Protocol):
    """What planning needs to know of a pattern; a `Pattern` is it, and so is a `PatternInBrief`."""

    @property
    def id(self) -> str:
        """The pattern's name."""

    @property
    def purpose(self) -> str:
        """What it is good for."""

    @property
    def module(self) -> str:
        """The module that carries its body."""


def recipe_modules(tool: ThinkingTool, patterns: Sequence[Carried]) -> tuple[PlannedModule, ...]:
    """Give the modules that a recipe becomes, those used before those that use them."""
    carried = [PlannedModule(one.module, one.purpose, ("think",), (), one.id) for one in patterns]
    own = own_sources(tool, [one.id for one in patterns]).items()
    return (*carried, *(_planned(name, source, tool.package) for name, source in own))


def recipe_sources(tool: ThinkingTool, patterns: Sequence[Pattern]) -> dict[str, str]:
    """Give the source of every module by name, for a recipe without `recipe_problems`; patterns as they are."""
    bodies = {pattern.module: laid_out(pattern.source(tool.package)) for pattern in patterns}
    return {**bodies, **own_sources(tool, [pattern.id for pattern in patterns])}


def own_sources(tool: ThinkingTool, patterns: Collection[str]) -> dict[str, str]:
    """Give the source of every module that is no pattern's, by name; `patterns` are the ids of those that are carried.

    The flow shows every step's `think` word for word.
    """
    inputs = {"inputs": _inputs_source(tool)} if tool.input_type == "files" else {}
    return {**inputs, "model": part("model", tool), "flow": flow_source(tool, patterns)}


def recipe_problems(tool: ThinkingTool, patterns: Collection[str]) -> list[str]:
    """Say what keeps a recipe from becoming code, one sentence each; nothing for a recipe that can be built."""
    missing = {"microtask_executor", "incremental_save"} - set(patterns)
    if spans(tool.recipe) and not {"feedback_loop", "metacognitive_improvement"} & set(patterns):
        missing.add("feedback_loop")
    return [
        *(f"the pattern `{name}` is missing, and no thinking tool works without it" for name in sorted(missing)),
        *_crossings(tool),
        *_names(tool),
        *_ends(tool),
    ]


def _planned(name: str, source: str, package: str) -> PlannedModule:
    return PlannedModule(name, first_line(ast.parse(source)), ROLES[name], _uses(source, package), None)


def _crossings(tool: ThinkingTool) -> Iterator[str]:
    for one, other in permutations(spans(tool.recipe), 2):
        if one.crosses(other):
            first, second = tool.recipe[one.last], tool.recipe[other.last]
            yield (
                f"step `{second.id}` goes back to `{second.otherwise}`, into the middle of what `{first.id}` repeats; "
                f"let it go back to `{first.otherwise}` or to a step after `{first.id}`"
            )


def _names(tool: ThinkingTool) -> Iterator[str]:
    classes: dict[str, str] = {}
    for step in tool.recipe:
        words = [field for field in step.gives if field in PYTHON_WORDS]
        yield from (f"step `{step.id}`: `{word}` is a word of Python; call the field otherwise" for word in words)
        other = classes.setdefault(class_name(step), step.id)
        if other != step.id:
            yield f"the steps `{other}` and `{step.id}` are too much alike; call one otherwise"
    for option in tool.options:
        if variable(option) in IN_USE | TAKEN_OPTIONS:
            yield f"--{option.name} is taken in a tool that thinks; call the option otherwise"


def _ends(tool: ThinkingTool) -> Iterator[str]:
    names = [one.name for one in inputs_of(tool)]
    if tool.output_type == "files":
        yield "a tool that thinks prints one result; output_type files is not possible"
    if tool.input_type != "files" and len(tool.inputs) > 1:
        yield "several `inputs` are several files; input_type has to be files"
    for step in tool.recipe:
        strays = {use for use in step.uses if use not in names and use not in {one.id for one in tool.recipe}}
        yield from (f"step `{step.id}` uses `{use}`, but the tool reads no such input" for use in sorted(strays))
    unused = [name for name in names if not any(name in step.uses for step in tool.recipe)]
    yield from (f"the tool reads `{name}`, but no step uses it; let one, or leave the input out" for name in unused)


def _inputs_source(tool: ThinkingTool) -> str:
    table = "\n".join(f"    {_input_call(one)}," for one in inputs_of(tool))
    return part("inputs", tool).replace(INPUTS, table)


def _input_call(one: RuntimeInput) -> str:
    many = ["many=True"] if one.many else []
    parts = [f"name={quoted(one.name)}", f"match={quoted(glob_of(one))}", *many]
    return f"Input({', '.join(parts)})"


def _uses(source: str, package: str) -> tuple[str, ...]:
    imported = [node.module or "" for node in ast.parse(source).body if isinstance(node, ast.ImportFrom)]
    own = [name.removeprefix(f"{package}.") for name in imported if name.startswith(f"{package}.")]
    return tuple(name for name in own if name != "errors")
