"""People's words made plain: printable, and wrapped for a terminal."""

import re
import textwrap

from toolbuilder.scaffold.python_text import width

COLUMNS = 79


def plain(text: str) -> str:
    """Give one line without control characters or runs of white space."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def paragraphs(text: str) -> list[str]:
    """Give the plain lines of a text, blank lines between paragraphs kept as one empty string."""
    joined = "\n\n".join(
        "\n".join(filter(None, map(plain, part.splitlines()))) for part in re.split(r"\n\s*\n", text.strip())
    )
    return joined.split("\n")


def wrapped(text: str, columns: int = COLUMNS) -> str:
    """Give a text in lines of at most so many columns; only a longer word makes a longer line."""
    limit = columns if width(text) == len(text) else columns // 2
    return "\n".join(
        textwrap.fill(line, limit, break_long_words=False, break_on_hyphens=False) for line in paragraphs(text)
    )


def first_sentence(text: str) -> str:
    """Give the first sentence of a text on one line."""
    return re.split(r"(?<=[.!?])\s", plain(text), maxsplit=1)[0]
