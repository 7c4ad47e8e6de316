"""Reading the arguments of an example the way that the finished tool's command line will."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from toolbuilder.spec.parts import Option, OptionValue
from toolbuilder.yaml_files.broken import near_miss

OPTIONS_OF_EVERY_TOOL = frozenset({"help", "version", "output", "answers", "state"})

_WHOLE = re.compile(r"[-+]?[0-9]{1,300}")
_NUMBER = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")


@dataclass(frozen=True)
class Arguments:
    """What arguments say: the value of every option, what is no option, and what is wrong, by argument index."""

    values: dict[str, OptionValue]
    operands: tuple[tuple[int, str], ...]
    problems: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class _Given:
    """One option, or an operand when `name` is empty, as it stands in the arguments."""

    index: int
    name: str
    value: str | None


def read_arguments(options: Sequence[Option], args: Sequence[str]) -> Arguments:
    """Read `--name value`, `--name=value` and flags up to a bare `--`; the last one of several wins."""
    by_name = {option.name: option for option in options}
    values = {option.name: _unset(option) for option in options}
    operands, problems = [], []
    for given in _split(by_name, args):
        if not given.name:
            operands.append((given.index, given.value or ""))
            continue
        try:
            option = _known(given.name, by_name)
            values[option.name] = _value(option, given.value)
        except ValueError as error:
            problems.append((given.index, str(error)))
    return Arguments(values, tuple(operands), tuple(problems))


def _unset(option: Option) -> OptionValue:
    return False if option.type == "flag" else option.default


def _split(by_name: dict[str, Option], args: Sequence[str]) -> Iterator[_Given]:
    waiting = iter(enumerate(args))
    for index, arg in waiting:
        if arg == "--":
            yield from (_Given(i, "", operand) for i, operand in waiting)
        elif not arg.startswith("-") or arg == "-":
            yield _Given(index, "", arg)
        else:
            name, equals, value = arg.partition("=")
            option = by_name.get(name.removeprefix("--"))
            follows = index + 1 < len(args) and not equals and _may_follow(option, args[index + 1])
            yield _Given(index, name, next(waiting)[1] if follows else value if equals else None)


def _may_follow(option: Option | None, text: str) -> bool:
    """Tell whether an argument is the value of the option before it, be that one unknown."""
    if option and option.type == "flag":
        return False
    takes_numbers = option is not None and option.type in {"int", "float"}
    return not text.startswith("-") or text == "-" or (takes_numbers and bool(_NUMBER.fullmatch(text)))


def _known(name: str, by_name: dict[str, Option]) -> Option:
    if name.startswith("--") and name[2:] in by_name:
        return by_name[name[2:]]
    if name[2:] in OPTIONS_OF_EVERY_TOOL:
        raise ValueError(f"`{name}` is an option that every tool has; examples show the options of this one")
    raise ValueError(f"the tool has no option `{name}`{near_miss(name, [f'--{known}' for known in by_name])}")


def _value(option: Option, text: str | None) -> OptionValue:
    if option.type == "flag":
        if text is not None:
            raise ValueError(f"`--{option.name}` is a flag and takes no value")
        return True
    if text is None:
        raise ValueError(f"`--{option.name}` needs a value; one that begins with a dash is written --{option.name}=…")
    if option.type == "choice" and text not in option.choices:
        hint = near_miss(text, option.choices)
        raise ValueError(f"`{text}` is not a choice of `--{option.name}`: {', '.join(option.choices)}{hint}")
    return _number(option, text) if option.type in {"int", "float"} else text


def _number(option: Option, text: str) -> int | float:
    if option.type == "int":
        if not _WHOLE.fullmatch(text):
            raise ValueError(f"`--{option.name}` takes a whole number, not `{text}`")
        return int(text)
    if not _NUMBER.fullmatch(text) or math.isinf(float(text)):
        raise ValueError(f"`--{option.name}` takes a number, not `{text}`")
    return float(text)
