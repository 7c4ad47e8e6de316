"""The patterns that a tool carries, as whoever writes or repairs one of its other modules is shown them."""

from collections.abc import Collection, Iterable

from toolbuilder.patterns.library import Pattern
from toolbuilder.spec import Words


class Carried(Words):
    """A pattern that the tool carries as a module, whose source is the pattern's."""

    module: str
    purpose: str
    source: str


def carried(patterns: Iterable[Pattern], ids: Collection[str | None], package: str) -> tuple[Carried, ...]:
    """Give the patterns that are among the ids, with their sources in a package; no other is to be followed."""
    return tuple(Carried(module=p.module, purpose=p.purpose, source=p.source(package)) for p in patterns if p.id in ids)
