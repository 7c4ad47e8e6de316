"""People's words and programs' output as Markdown that shows them as they are."""

import re
from collections.abc import Iterable

CODE_SPAN = re.compile(r"(`[^`\n]+`)")
MARKS = re.compile(r"[\\`*_\[\]<>|~&$]")
LINE_START = re.compile(r"(?m)^([ \t]*)([#+\-=:]|\d+(?=[.)]))")


def escaped(text: str) -> str:
    """Give Markdown that shows a text literally, but for words in backticks, which it shows as code."""
    pieces = CODE_SPAN.split(text)
    pieces[::2] = [MARKS.sub(r"\\\g<0>", piece) for piece in pieces[::2]]
    return LINE_START.sub(_at_the_start, "".join(pieces))


def fenced(text: str, language: str = "") -> str:
    """Give a code block; its fence is longer than any row of backticks inside."""
    fence = "`" * max(3, 1 + _longest_row(text))
    body = text.removesuffix("\n")
    return f"{fence}{language}\n{body}\n{fence}"


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Give a table; cells are Markdown, each on one line."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, cells))} |" for cells in lines)


def code(text: str) -> str:
    """Give a one-line text in code font."""
    fence = "`" * (1 + _longest_row(text))
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _cell(markdown: str) -> str:
    return re.sub(r"(?<!\\)\|", r"\\|", " ".join(markdown.split()))


def _at_the_start(match: re.Match[str]) -> str:
    space, mark = match.groups()
    return f"{space}{mark}\\" if mark.isdigit() else f"{space}\\{mark}"


def _longest_row(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)
