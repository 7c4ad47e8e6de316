"""The shape of a recipe: what it reads, which steps are repeated, and which answers are used later."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from toolbuilder.brief import Brief
from toolbuilder.spec import RuntimeInput, Spec, Step

ThinkingTool: TypeAlias = Spec | Brief
ANY_FILE = RuntimeInput(name="input", match="*", many=True)


@dataclass(frozen=True)
class Span:
    """The steps from `first` to `last`, by index, that are repeated until the last one is content."""

    first: int
    last: int

    def crosses(self, other: "Span") -> bool:
        """Tell whether this one begins before the other and ends within it."""
        return self.first < other.first <= self.last < other.last


def spans(recipe: Sequence[Step]) -> tuple[Span, ...]:
    """Give the repetitions of a recipe."""
    index = {step.id: number for number, step in enumerate(recipe)}
    return tuple(Span(index[step.otherwise], index[step.id]) for step in recipe if step.otherwise)


@dataclass(frozen=True)
class Loop:
    """Steps that are repeated; a step is its index, and the last one decides."""

    span: Span
    body: tuple["int | Loop", ...]


def inputs_of(tool: ThinkingTool) -> tuple[RuntimeInput, ...]:
    """Give the inputs by name; a tool that names none has one, called `input`, and one that reads nothing none."""
    return () if tool.input_type == "none" else tool.inputs or (ANY_FILE,)


def glob_of(one: RuntimeInput) -> str:
    """Give what the paths of an input's files end like."""
    return one.match or f"{one.name}.*"


def result_of(tool: ThinkingTool) -> tuple[str, str]:
    """Give the step and the field that are the result; no field means the whole answer."""
    step, _, field = (tool.result or tool.recipe[-1].id).partition(".")
    return step, field


def used_after(tool: ThinkingTool, number: int, after: int) -> bool:
    """Tell whether a step's answer is the result, or is used by a step after another."""
    name = tool.recipe[number].id
    return result_of(tool)[0] == name or any(name in step.uses for step in tool.recipe[after + 1 :])


def blocks(loops: Sequence[Span], start: int, stop: int) -> tuple[int | Loop, ...]:
    """Give the steps from `start` to before `stop`, those of loops that end among them folded together."""
    items: list[int | Loop] = []
    while start < stop:
        last = max((loop.last for loop in loops if loop.first == start and loop.last < stop), default=None)
        if last is None:
            items.append(start)
        else:
            items.append(Loop(Span(start, last), (*blocks(loops, start, last), last)))
        start = start + 1 if last is None else last + 1
    return tuple(items)
