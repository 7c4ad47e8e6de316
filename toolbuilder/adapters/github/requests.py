"""One request to GitHub, and one answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from toolbuilder.adapters.github.failures import Asked, misread

T = TypeVar("T")


@dataclass(frozen=True)
class Request:
    """One request; `path` begins with a slash and is encoded."""

    method: str
    path: str
    body: Mapping[str, object] | None = None
    query: Mapping[str, str | int] = field(default_factory=dict)
    repeatable: bool = True  # asking twice does no more than asking once
    creates: bool = False  # people are told of it: GitHub wants such requests a second apart
    fresh: bool = False  # about something that was just made, and may not be known everywhere yet

    @property
    def asked(self) -> Asked:
        """How a message names it."""
        return Asked(self.method, self.path)


@dataclass(frozen=True)
class Reply:
    """What GitHub answered."""

    asked: Asked
    status: int
    content: bytes
    next: str  # the address of the next page, or empty

    def read(self, kind: type[T]) -> T:
        """Give the content as a type. Raises ForgeError when it is something else."""
        try:
            return TypeAdapter(kind).validate_json(self.content)
        except ValidationError:
            raise misread(self.asked) from None
