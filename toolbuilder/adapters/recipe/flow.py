"""The flow of a thinking tool as Python source: its recipe as data, and the function that thinks it through."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from toolbuilder.adapters.recipe.names import class_name, constant, python_type, variables
from toolbuilder.adapters.recipe.shape import ThinkingTool, spans
from toolbuilder.adapters.recipe.statements import Flow, statements
from toolbuilder.scaffold.options import default, variable
from toolbuilder.scaffold.python_text import argument, import_line, listed, quoted
from toolbuilder.spec import Option, Step

INDENT = "    "
PARAMETER = {"files": "files: Mapping[str, str]", "none": ""}
IMPROVING = "metacognitive_improvement"
REPETITION: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "repeat": {"loop": ("NotContentError", "Round", "repeat", "sent_back")},
    "improve": {"improving": ("Round", "improve", "sent_back")},
}
OF_THINKING = ("Ask", "Microtask", "ModelError", "UnfitError", "build", "execute", "question")

DOCSTRING = '''\
    """Think the recipe through, step by step.

    Gives `{result}`.
    Every answer is saved to the file `save` as soon as it is there: a run with the same input
    and the same file asks nothing again.
    Raises one of FAILURES if the model gives no answer that can be used{in_time},
    and ValueError if the input or the file is wrong.
    """
'''
THINK = """\
    progress = resume(save)

    def think(task: Microtask[A], material: Mapping[str, object]) -> A:
"""
AND_SAVE = """\
        about = question(task, material).text
        answer = once(progress, task.name, about, lambda: vars(execute(task, material, ask)))
        try:
            return build(task.gives, answer)
        except UnfitError as error:
            raise InputError(f"{save}: the saved answer of step {task.name}: {error}") from error
"""


def flow_source(tool: ThinkingTool, patterns: Collection[str]) -> str:
    """Give the source of `flow.py` for a recipe without problems; `patterns` are the ids of those that it follows."""
    flow = Flow(tool, variables(tool), "improve" if IMPROVING in patterns else "repeat")
    code = [*_recipe(tool.recipe), *_run(flow)]
    return "\n".join([*_head(flow, uses_json=any("json." in line for line in code)), *code, ""])


def _head(flow: Flow, *, uses_json: bool) -> list[str]:
    package = flow.tool.package
    return [
        '"""The flow of thought: what each step asks, word for word, what it sees, and what comes out."""',
        "",
        *(["import json"] if uses_json else []),
        "from collections.abc import Mapping",
        "from dataclasses import dataclass",
        "from pathlib import Path",
        "from typing import TypeVar",
        "",
        *(import_line(f"{package}.{module}", *names) for module, names in sorted(_imports(flow).items())),
        "",
        'A = TypeVar("A")',
        f"FAILURES = ({'ModelError, NotContentError' if _may_fail(flow) else 'ModelError,'})  # no result: exit 1",
    ]


def _imports(flow: Flow) -> dict[str, tuple[str, ...]]:
    """Give what the flow takes from the other modules of the package."""
    inputs = {"inputs": ("gather",)} if flow.tool.input_type == "files" else {}
    repetition = REPETITION[flow.repeats] if spans(flow.tool.recipe) else {}
    return {"errors": ("InputError",), **inputs, **repetition, "saving": ("once", "resume"), "thinking": OF_THINKING}


def _may_fail(flow: Flow) -> bool:
    return bool(spans(flow.tool.recipe)) and flow.repeats == "repeat"


def _recipe(steps: Sequence[Step]) -> Iterator[str]:
    for step in steps:
        yield from ["", "", "@dataclass(frozen=True)", f"class {class_name(step)}:"]
        yield from [f'{INDENT}"""What the step `{step.id}` gives."""', ""]
        yield from (f"{INDENT}{field}: {python_type(kind)}" for field, kind in step.gives.items())
        parts = [f"name={quoted(step.id)}", argument("think", step.think, len(INDENT)), f"gives={class_name(step)}"]
        yield from ["", "", f"{constant(step)} = Microtask(", *(f"{INDENT}{part}," for part in parts), ")"]


def _run(flow: Flow) -> list[str]:
    tool = flow.tool
    first = PARAMETER.get(tool.input_type, "text: str")
    options = [f"{variable(option)}: {_annotation(option)} = {default(option)}" for option in tool.options]
    parameters = [
        *([first] if first else []), "ask: Ask", "save: Path | None = None", *(["*", *options] if options else [])
    ]  # fmt: skip
    in_time = " or is not content in time" if _may_fail(flow) else ""
    gather = [f"{INDENT}inputs = gather(files)"] if tool.input_type == "files" else []
    return [
        "",
        "",
        listed("def think_through(", parameters, ") -> str:", 0),
        *DOCSTRING.format(result=tool.result, in_time=in_time).splitlines(),
        *gather,
        *THINK.splitlines(),
        *_known(tool.options),
        *AND_SAVE.splitlines(),
        "",
        *statements(flow),
    ]


def _known(options: Sequence[Option]) -> list[str]:
    """Let every step know what the user chose by options."""
    values = [f"{quoted(option.name)}: {variable(option)}" for option in options]
    entry = '"command-line options": '
    short = listed("material = {", ["**material", f"{entry}{{{', '.join(values)}}}"], "}", 8)
    long = listed("material = {", ["**material", listed(f"{entry}{{", values, "}", 12)], "}", 8)
    return [" " * 8 + (long if "\n" in short else short)] if options else []


def _annotation(option: Option) -> str:
    kind = {"flag": "bool", "choice": "str"}.get(option.type, option.type)
    return kind if option.default is not None or option.type == "flag" else f"{kind} | None"
