"""What becomes of each file: the text as it was written, as it stands, and as it would be written now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

Merge: TypeAlias = Callable[[bytes, bytes, bytes], bytes | None]  # base, as it stands, fresh; None: they conflict
Kind: TypeAlias = Literal["ours", "yours", "lines", "generated"]
Outcome: TypeAlias = Literal["new", "same", "yours", "renewed", "merged", "conflict", "gone", "outdated", "surplus"]

PROPOSED = ".new"  # what a file that conflicts would be like stands beside it, under its name and this ending
SPECS = "specs/"

# ours: renewed, merged with edits. yours: written once, never touched again. lines: our lines among others.
# generated: nobody writes in it.
_KINDS: Mapping[str, Kind] = {
    ".gitattributes": "lines",
    ".toolbuilder/spec.schema.json": "generated",
    "toolbuilder.toml": "yours",
    "patterns/README.md": "yours",
}


@dataclass(frozen=True)
class Versions:
    """One path: as it was written last, as it stands, as it would be written now; None: it is not there."""

    path: str
    base: bytes | None
    present: bytes | None
    fresh: bytes | None
    proposed: bool = False  # an earlier conflict is not settled yet
    update: bool = False  # what is new is wanted


@dataclass(frozen=True)
class Change:
    """What becomes of a path. `content` is written, in a conflict beside it; None: nothing is."""

    path: str
    outcome: Outcome
    content: bytes | None = None

    @property
    def target(self) -> str:
        """Where the content goes."""
        return f"{self.path}{PROPOSED}" if self.outcome == "conflict" else self.path


def kind_of(path: str) -> Kind:
    """Say how a file is treated."""
    return "yours" if path.startswith(SPECS) else _KINDS.get(path, "ours")


def decide(versions: Versions, merge: Merge) -> Change:
    """Decide about one file."""
    if versions.fresh is None:
        return Change(versions.path, "same" if versions.present is None else "surplus")
    if versions.present == versions.fresh:
        return Change(versions.path, "same")
    return Change(versions.path, *_DECISIONS[kind_of(versions.path)](versions, versions.fresh, merge))


def texts_to_record(
    changes: Mapping[str, Change], base: Mapping[str, bytes], fresh: Mapping[str, bytes]
) -> dict[str, bytes]:
    """Give what each file is remembered as: as it would be written now, save where that was put off."""
    kept = {path: text for path, text in fresh.items() if kind_of(path) != "generated"}
    return {path: base[path] if changes[path].outcome == "outdated" else text for path, text in kept.items()}


def _ours(versions: Versions, fresh: bytes, merge: Merge) -> tuple[Outcome, bytes | None]:
    base, present = versions.base, versions.present
    if present is None:
        return ("gone", None) if versions.update and base is not None else ("new", fresh)
    if versions.proposed or base is None:
        return "conflict", fresh
    if base == fresh:
        return "same", None  # edited here, and nothing new comes
    if not versions.update:
        return "outdated", None
    if present == base:
        return "renewed", fresh
    merged = merge(base, present, fresh)
    return ("conflict", fresh) if merged is None else ("merged", merged)


def _yours(versions: Versions, fresh: bytes, _: Merge) -> tuple[Outcome, bytes | None]:
    if versions.present is not None:
        return "yours", None
    return ("new", fresh) if versions.base is None else ("gone", None)


def _lines(versions: Versions, fresh: bytes, _: Merge) -> tuple[Outcome, bytes | None]:
    if versions.present is None:
        return "new", fresh
    wanted, before, there = (text.splitlines() for text in (fresh, versions.base or b"", versions.present))
    kept = [line for line in there if line in wanted or line not in before or not line.strip()]
    added = [line for line in wanted if line not in there and line not in before]
    merged = b"".join(line + b"\n" for line in [*kept, *added])
    return ("same", None) if kept == there and not added else ("merged", merged)


def _generated(versions: Versions, fresh: bytes, _: Merge) -> tuple[Outcome, bytes | None]:
    return "new" if versions.present is None else "renewed", fresh


_DECISIONS: Mapping[Kind, Callable[[Versions, bytes, Merge], tuple[Outcome, bytes | None]]] = {
    "ours": _ours,
    "yours": _yours,
    "lines": _lines,
    "generated": _generated,
}
