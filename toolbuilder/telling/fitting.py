"""Making a text fit: the longest lists lose their ends, and say how much that is."""

from collections.abc import Sequence
from dataclasses import dataclass

from toolbuilder.telling.markdown import folded


@dataclass(frozen=True)
class Part:
    """A section of a page. Its rows may be cut off from the end; what stands before and after them stays."""

    title: str  # empty: it needs no heading
    before: str = ""
    rows: tuple[str, ...] = ()
    after: str = ""
    joint: str = "\n"
    fold: str = ""  # what to click on to see the rows; empty: they are seen
    head: str = ""  # what the rows begin with, such as a table's head
    least: int = 3  # rows that stay whatever happens
    level: int = 2  # of the heading


def page(parts: Sequence[Part], limit: int) -> str:
    """Give the text of parts with something in them, below a limit as long as all their least rows fit it."""
    filled = [part for part in parts if part.before or part.rows or part.after]
    shown = [len(part.rows) for part in filled]
    while size(text := _text(filled, shown)) >= limit and (longest := _longest(filled, shown)) is not None:
        shown[longest] = max(filled[longest].least, shown[longest] * 3 // 4)
    return text


def size(text: str) -> int:
    """Give the length of a text as a forge counts it: in UTF-16 units, two for a character beyond 16 bits."""
    return len(text.encode("utf-16-le", "replace")) // 2


def _longest(parts: Sequence[Part], shown: Sequence[int]) -> int | None:
    """Give the index of the part whose rows take the most, of those that can lose some."""
    lengths = {
        index: sum(map(size, part.rows[: shown[index]]))
        for index, part in enumerate(parts)
        if shown[index] > part.least
    }
    return max(lengths, key=lengths.__getitem__) if lengths else None


def _text(parts: Sequence[Part], shown: Sequence[int]) -> str:
    return "\n\n".join(_part(part, count) for part, count in zip(parts, shown, strict=True)) + "\n"


def _part(part: Part, count: int) -> str:
    title = f"{'#' * part.level} {part.title}" if part.title else ""
    return "\n\n".join(filter(None, (title, part.before, _rows(part, count), part.after)))


def _rows(part: Part, count: int) -> str:
    if not part.rows:
        return ""
    left = len(part.rows) - count
    head = f"{part.head}\n" if part.head else ""
    rows = head + part.joint.join(part.rows[:count])
    rows += f"\n\n… and {left} more" if left else ""
    return folded(part.fold, rows) if part.fold else rows
