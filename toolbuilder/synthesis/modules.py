"""Modules put together: imports, constants, classes, functions, each definition in one module."""

from collections.abc import Mapping
from dataclasses import dataclass

from toolbuilder.synthesis.layout import Layout, Module, Role
from toolbuilder.synthesis.layouting import WIDTH
from toolbuilder.synthesis.source import Definition, definitions, imports, names_in, needed

ORDER: tuple[Role, ...] = ("read", "write", "transform")  # a module imports from earlier ones only


@dataclass(frozen=True)
class Part:
    """What belongs to a role: functions of the program's own, and library definitions that it calls."""

    functions: tuple[str, ...] = ()
    roots: tuple[str, ...] = ()


def assemble(parts: Mapping[Role, Part], layout: Layout) -> dict[str, str]:
    """Write the modules of the layout."""
    homes: dict[str, str] = {}
    for role in ORDER:
        for name in needed(parts[role].roots):
            homes.setdefault(name, layout.module(role).name)
    return {module.name: _module(module, parts, homes, layout) for module in layout.modules}


def _module(module: Module, parts: Mapping[Role, Part], homes: Mapping[str, str], layout: Layout) -> str:
    functions = [text for role in ORDER if role in module.roles for text in parts[role].functions]
    own = [definitions()[name] for name, home in homes.items() if home == module.name]
    used = {name for text in functions for name in names_in(text)} | {name for item in own for name in item.uses}
    foreign = {name: f"{layout.package}.{homes[name]}" for name in used if homes.get(name, module.name) != module.name}
    if "InputError" in used:
        foreign["InputError"] = f"{layout.package}.errors"
    head = [f'"""{module.summary}"""', _imports(used, foreign), "\n".join(_texts(sorted(own, key=_place), "constant"))]
    top = "\n\n".join(part for part in head if part)
    return "\n\n\n".join([top, *_texts(own, "class"), *functions, *_texts(own, "function")]) + "\n"


def _place(item: Definition) -> int:
    return item.place


def _texts(own: list[Definition], sort: str) -> list[str]:
    return [item.text for item in own if item.sort == sort]


def _imports(used: set[str], foreign: Mapping[str, str]) -> str:
    known = {name: imports()[name] for name in used if name in imports()}
    plain = [f"import {name}" for name in sorted(known) if not known[name]]
    standard = [*plain, *_from({name: origin for name, origin in known.items() if origin})]
    return "\n\n".join("\n".join(group) for group in (standard, _from(foreign)) if group)


def _from(origins: Mapping[str, str]) -> list[str]:
    statements: list[str] = []
    for origin in sorted(set(origins.values())):
        names = sorted((name for name in origins if origins[name] == origin), key=_rank)
        line = f"from {origin} import {', '.join(names)}"
        broken = "\n".join([f"from {origin} import (", *(f"    {name}," for name in names), ")"])
        statements.append(line if len(line) <= WIDTH else broken)
    return statements


def _rank(name: str) -> tuple[int, str]:
    return (0 if name.isupper() and len(name) > 1 else 1 if name[0].isupper() else 2), name
