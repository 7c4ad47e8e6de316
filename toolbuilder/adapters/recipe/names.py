"""Names in the code of a tool that thinks: of its steps, as classes, constants and variables, and what is taken."""

import builtins
import keyword

from toolbuilder.adapters.recipe.shape import ThinkingTool
from toolbuilder.scaffold.options import variable
from toolbuilder.spec.parts import FieldType, Step

IN_USE = frozenset(  # in the function that thinks a recipe through
    {
        *("about", "answer", "ask", "before", "error", "files", "inputs", "json", "material", "progress", "save"),
        *("build", "execute", "gather", "improve", "once", "question", "repeat", "resume", "sent_back"),
        *("self", "task", "text", "think", "think_through"),
    }
)
PYTHON_WORDS = frozenset({*keyword.kwlist, "str", "int", "float", "bool", "list"})
TYPES: dict[FieldType, str] = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}


def class_name(step: Step) -> str:
    """Give the name of the dataclass of a step's answer: `tone_of_voice` becomes `ToneOfVoiceAnswer`."""
    return "".join(part[:1].upper() + part[1:] for part in step.id.split("_")) + "Answer"


def constant(step: Step) -> str:
    """Give the name of the step's microtask."""
    return step.id.upper()


def variables(tool: ThinkingTool) -> dict[str, str]:
    """Give the name of the variable that holds each step's answer, none of them taken otherwise."""
    taken = {*IN_USE, *dir(builtins), *keyword.kwlist, *map(variable, tool.options)}
    names: dict[str, str] = {}
    for step in tool.recipe:
        name = step.id
        while name in taken:
            name += "_"
        taken.add(name)
        names[step.id] = name
    return names


def python_type(kind: FieldType | tuple[FieldType]) -> str:
    """Give a field's type as Python source."""
    return f"list[{TYPES[kind[0]]}]" if isinstance(kind, tuple) else TYPES[kind]
