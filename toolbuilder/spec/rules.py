"""Rules for the names and the options of a spec; each gives what breaks it, with the path from the spec."""

from collections.abc import Iterator, Mapping, Sequence

from toolbuilder.spec.names import why_taken
from toolbuilder.spec.options import OPTIONS_OF_EVERY_TOOL
from toolbuilder.spec.parts import Option
from toolbuilder.yaml_files.broken import Broken, near_miss, under

_KINDS: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (int, float),
    "flag": (bool,),
    "choice": (str,),
}


def name_is_free(name: str) -> Iterator[Broken]:
    """Demand a name whose package hides no other."""
    if why := why_taken(name):
        yield Broken(("name",), why)


def names_differ(what: str, names: Mapping[tuple[str | int, ...], str]) -> Iterator[Broken]:
    """Demand different names for things of one kind; `names` are by their paths."""
    seen: set[str] = set()
    for path, name in names.items():
        if name in seen:
            yield Broken(path, f"the {what} `{name}` stands twice")
        seen.add(name)


def options_fit(options: Sequence[Option]) -> Iterator[Broken]:
    """Demand options that a command line can have, with choices and defaults of their type."""
    for index, option in enumerate(options):
        yield from under(("options", index), [*_name(option), *_choices(option), *_default(option)])


def _name(option: Option) -> Iterator[Broken]:
    if option.name in OPTIONS_OF_EVERY_TOOL:
        yield Broken(("name",), f"`--{option.name}` is an option that every tool has; choose another name")


def _choices(option: Option) -> Iterator[Broken]:
    if option.choices and option.type != "choice":
        yield Broken(("choices",), "`choices` belongs to type `choice` only", at_key=True)
    if option.type == "choice" and not option.choices:
        yield Broken(("type",), "type `choice` needs its `choices`")
    for number, choice in enumerate(option.choices):
        if choice in option.choices[:number]:
            yield Broken(("choices", number), f"the choice `{choice}` stands twice")


def _default(option: Option) -> Iterator[Broken]:
    if option.default is None:
        return
    boolean = isinstance(option.default, bool)
    if not isinstance(option.default, _KINDS[option.type]) or boolean != (option.type == "flag"):
        yield Broken(("default",), f"the default {option.default!r} is not of type {option.type}")
    elif option.default is True:
        yield Broken(("default",), "a flag is off until it is given: its default is false")
    elif option.choices and option.default not in option.choices:
        hint = near_miss(option.default, option.choices)
        yield Broken(("default",), f"the default `{option.default}` is not one of {', '.join(option.choices)}{hint}")
