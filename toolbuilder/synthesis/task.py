"""What the engine is asked: a task, its options and its examples."""

import keyword
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
OptionValue: TypeAlias = "str | int | float | bool | None"
OptionType: TypeAlias = Literal["str", "int", "float", "flag", "choice"]


NAMES_OF_THE_INPUT = frozenset({"text", "lines", "files"})


@dataclass(frozen=True)
class Option:
    """A command-line option that the finished tool offers; the search sees it as a typed variable."""

    name: str
    type: OptionType
    default: OptionValue = None
    choices: tuple[str, ...] = ()
    help: str = ""

    @property
    def variable(self) -> str:
        """The option's name as a Python identifier, which ends with an underscore where it is taken without one."""
        name = self.name.replace("-", "_")
        return f"{name}_" if keyword.iskeyword(name) or name in NAMES_OF_THE_INPUT else name


@dataclass(frozen=True)
class Example:
    """One executable acceptance test.

    `expected` is compared as a parsed JSON value when `as_value` is true (key order counts, white
    space does not), else as text, save one newline at its end. An example with `exit_code` 2 shows
    input that the tool has to refuse; `stderr` is then a part of the message.
    """

    id: str
    input: str
    expected: str | None
    as_value: bool = False
    options: Mapping[str, OptionValue] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    exit_code: int = 0
    stderr: str = ""


@dataclass(frozen=True)
class Task:
    """A description, the types of input and output, and the examples to agree with."""

    name: str
    description: str
    input_type: str
    output_type: str
    options: tuple[Option, ...] = ()
    examples: tuple[Example, ...] = ()
    constraints: tuple[str, ...] = ()
