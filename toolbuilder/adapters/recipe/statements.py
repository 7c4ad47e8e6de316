"""The steps of a recipe as Python statements: one call a step, and one function a repetition."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from toolbuilder.adapters.recipe.names import class_name, constant
from toolbuilder.adapters.recipe.shape import Loop, ThinkingTool, blocks, inputs_of, result_of, spans, used_after
from toolbuilder.scaffold.python_text import listed, quoted
from toolbuilder.spec import Step

INDENT = 4


@dataclass(frozen=True)
class Flow:
    """A tool, the names of its answers, and the function that repeats: `repeat` or `improve`."""

    tool: ThinkingTool
    names: Mapping[str, str]
    repeats: str


def statements(flow: Flow) -> list[str]:
    """Give the lines that think a recipe through, as they stand in a function, from its first step to the result."""
    steps = blocks(spans(flow.tool.recipe), 0, len(flow.tool.recipe))
    return [*_statements(flow, steps, (), INDENT), " " * INDENT + _return(flow)]


def _statements(flow: Flow, items: Sequence[int | Loop], told: tuple[str, ...], indent: int) -> list[str]:
    """Give the statements of steps and loops; the first one is told of the rounds before."""
    lines: list[str] = []
    for item in items:
        if isinstance(item, Loop):
            lines += ["", *_loop(flow, item, told, indent)]
        else:
            lines.append(_step(flow, item, told, indent))
        told = ()
    return lines[1:] if lines[0] == "" else lines


def _step(flow: Flow, number: int, told: tuple[str, ...], indent: int) -> str:
    step = flow.tool.recipe[number]
    used = step.until or used_after(flow.tool, number, number)
    start = f"{flow.names[step.id]} = " if used else ""
    entries = [f"{quoted(use)}: {_value(flow, use)}" for use in dict.fromkeys(step.uses)]
    told = tuple(f"sent_back({before})" for before in told)
    if told and len(told) + len(entries) == 1:
        return " " * indent + f"{start}think({constant(step)}, {told[0]})"
    entries += [f"**{before}" for before in told]
    call = listed(f"{start}think(", [constant(step), f"{{{', '.join(entries)}}}"], ")", indent)
    if "\n" in call:
        material = listed("{", entries, "}", indent + INDENT)
        call = listed(f"{start}think(", [constant(step), material], ")", indent)
    return " " * indent + call


def _loop(flow: Flow, loop: Loop, told: tuple[str, ...], indent: int) -> list[str]:
    first, last = flow.tool.recipe[loop.span.first], flow.tool.recipe[loop.span.last]
    function = f"{first.id}_until_{last.id}" if first is not last else f"{last.id}_until_content"
    before = f"before_{last.id}" if told else "before"
    kept = [step for number, step in _within(flow, loop) if used_after(flow.tool, number, loop.span.last)]
    given = kept or [last]
    kind = _together("tuple[", map(class_name, given), "]")
    value = _together("(", (flow.names[step.id] for step in given), ")")
    names = ", ".join(flow.names[step.id] for step in kept)
    findings = [value, f"findings={_findings(flow, last)}"]
    call = [quoted(f"step {last.id}"), function, f"at_most={last.at_most}"]
    margin = " " * indent
    return [
        margin + listed(f"def {function}(", [f"{before}: Round[{kind}] | None"], f") -> Round[{kind}]:", indent),
        *_statements(flow, loop.body, (*told, before), indent + INDENT),
        " " * (indent + INDENT) + listed("return Round(", findings, ")", indent + INDENT),
        "",
        margin + listed(f"{names} = {flow.repeats}(" if kept else f"{flow.repeats}(", call, ")", indent),
    ]


def _together(start: str, names: Iterable[str], end: str) -> str:
    """Give one name as it is, and several in brackets."""
    one, *more = names
    return f"{start}{', '.join([one, *more])}{end}" if more else one


def _within(flow: Flow, loop: Loop) -> list[tuple[int, Step]]:
    return [(number, flow.tool.recipe[number]) for number in range(loop.span.first, loop.span.last + 1)]


def _value(flow: Flow, use: str) -> str:
    if use in flow.names:
        return flow.names[use]
    named = use in {one.name for one in inputs_of(flow.tool)}
    return f"inputs[{quoted(use)}]" if named and flow.tool.input_type == "files" else "text"


def _findings(flow: Flow, step: Step) -> str:
    """Give what is still wrong by the answer of a step that decides, as an expression for a tuple of texts."""
    name = flow.names[step.id]
    if step.until and step.until.true:
        return f"() if {name}.{step.until.true} else (json.dumps(vars({name}), ensure_ascii=False),)"
    field = step.until.empty if step.until and step.until.empty else ""
    match step.gives[field]:
        case ("string",):
            return f"tuple({name}.{field})"
        case (_,):
            return f"tuple(map(str, {name}.{field}))"
        case _:
            return f"(str({name}.{field}),) if {name}.{field} else ()"


def _return(flow: Flow) -> str:
    name, field = result_of(flow.tool)
    kind = next(step.gives for step in flow.tool.recipe if step.id == name).get(field)
    value = f"{flow.names[name]}.{field}" if field else f"vars({flow.names[name]})"
    output = flow.tool.output_type
    if kind == "string":
        return f'return {value}.removesuffix("\\n") + "\\n"'
    if isinstance(kind, tuple) and output == "jsonl":
        return f'return "".join(json.dumps(item, ensure_ascii=False) + "\\n" for item in {value})'
    if isinstance(kind, tuple) and output != "json":
        return f'return "".join(f"{{item}}\\n" for item in {value})'
    indent = "" if output == "jsonl" else ", indent=2"
    return f'return json.dumps({value}, ensure_ascii=False{indent}) + "\\n"'
