"""A tool that thinks, made from its recipe by rule: its modules, their sources, and what is wrong with the recipe."""

import ast
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import permutations

from toolbuilder.adapters.recipe_flow import flow_source
from toolbuilder.adapters.recipe_names import IN_USE, PYTHON_WORDS, class_name
from toolbuilder.adapters.recipe_shape import ThinkingTool, glob_of, inputs_of, spans
from toolbuilder.option_code import variable
from toolbuilder.patterns import PACKAGE, Pattern
from toolbuilder.python_text import LINE_LENGTH, quoted
from toolbuilder.spec import RuntimeInput

PARTS = files("toolbuilder.adapters") / "recipe_parts"
TOOL, INPUTS = "__tool_name__", "    __inputs__,"
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


def recipe_modules(tool: ThinkingTool, patterns: Sequence[Pattern]) -> tuple[PlannedModule, ...]:
    """Give the modules that a recipe becomes, those used before those that use them."""
    carried = {pattern.module: pattern.id for pattern in patterns}
    return tuple(
        PlannedModule(
            name=name,
            summary=(ast.get_docstring(ast.parse(source)) or "").partition("\n")[0],
            roles=ROLES.get(name, ("think",)),
            uses=_uses(source, tool.package),
            pattern=carried.get(name),
        )
        for name, source in recipe_sources(tool, patterns).items()
    )


def recipe_sources(tool: ThinkingTool, patterns: Sequence[Pattern]) -> dict[str, str]:
    """Give the source of every module by name, for a recipe without `recipe_problems`.

    The bodies of the patterns are taken as they are; the flow follows them, and shows every step's `think` verbatim.
    """
    ids = {pattern.id for pattern in patterns}
    inputs = {"inputs": _inputs_source(tool)} if tool.input_type == "files" else {}
    return {
        **{pattern.module: _laid_out(pattern.source(tool.package)) for pattern in patterns},
        **inputs,
        "model": _part("model", tool),
        "flow": flow_source(tool, ids),
    }


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


def _part(name: str, tool: ThinkingTool) -> str:
    source = (PARTS / f"{name}.py.txt").read_text(encoding="utf-8")
    return _laid_out(source.replace(PACKAGE, tool.package).replace(TOOL, tool.name))


def _inputs_source(tool: ThinkingTool) -> str:
    table = "\n".join(f"    {_input_call(one)}," for one in inputs_of(tool))
    return _part("inputs", tool).replace(INPUTS, table)


def _input_call(one: RuntimeInput) -> str:
    many = ["many=True"] if one.many else []
    parts = [f"name={quoted(one.name)}", f"match={quoted(glob_of(one))}", *many]
    return f"Input({', '.join(parts)})"


def _laid_out(source: str) -> str:
    """Break imports that a long package name has made too long."""
    return "\n".join(_broken(line) if len(line) > LINE_LENGTH else line for line in source.split("\n"))


def _broken(line: str) -> str:
    start, found, names = line.partition(" import ")
    if not found or not start.startswith("from "):
        return line
    return "\n".join([f"{start} import (", *(f"    {name}," for name in names.split(", ")), ")"])


def _uses(source: str, package: str) -> tuple[str, ...]:
    imported = [node.module or "" for node in ast.parse(source).body if isinstance(node, ast.ImportFrom)]
    own = [name.removeprefix(f"{package}.") for name in imported if name.startswith(f"{package}.")]
    return tuple(name for name in own if name != "errors")
