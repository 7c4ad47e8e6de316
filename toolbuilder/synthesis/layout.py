"""Where the emitted source goes: one module, or three."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Role: TypeAlias = Literal["read", "transform", "write"]


@dataclass(frozen=True)
class Module:
    """A module to be written; `summary` becomes the first line of its docstring."""

    name: str
    roles: frozenset[Role]
    summary: str


@dataclass(frozen=True)
class Layout:
    """The package, the entry function's name and the modules, whose roles together cover all three.

    Where it `streams`, the entry takes and gives lines, without the newlines at their ends, as they come.
    """

    package: str
    function: str
    modules: tuple[Module, ...]
    streams: bool = False

    def module(self, role: Role) -> Module:
        """Give the module that has the role; raise LookupError when none has."""
        for module in self.modules:
            if role in module.roles:
                return module
        message = f"no module of the layout has the role {role!r}"
        raise LookupError(message)
