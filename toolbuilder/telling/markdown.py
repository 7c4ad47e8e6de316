"""Words of specs, models and people as Markdown that shows them and does nothing else.

What stands in a pull request's body may become a commit message, and is searched by the forge for people to notify,
issues to close and pages to link. An invisible character (U+200B) between the parts of such a sign keeps it from
being one. It goes into code only where a commit message would do harm, so that code can be copied.
"""

import re
from collections.abc import Iterable

from toolbuilder.invisible import visible
from toolbuilder.scaffold import markdown_text
from toolbuilder.scaffold.markdown_text import code, escaped
from toolbuilder.scaffold.plain_text import plain

__all__ = ["block", "bullets", "code", "cut", "folded", "paste", "prose", "quiet", "row", "table_head"]

APART = "\u200b"
MENTION = re.compile(r"(?<![A-Za-z0-9_])@(?=[A-Za-z0-9_])")
CLOSING = re.compile(
    r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)(?=[\s:]+\S*?(?:#|GH-|/(?:issues|pull|discussions)/)\d)",
    re.IGNORECASE | re.ASCII,
)
REFERENCE = re.compile(r"@(?=[A-Za-z0-9_])|#(?=\d)|\bGH-(?=\d)|:/(?=/)|www(?=\.)", re.IGNORECASE | re.ASCII)
LONGEST = 300  # characters of one text in a table or a list
LONGEST_BLOCK = 1_200
MOST_LINES = 40


def prose(text: str, longest: int = LONGEST) -> str:
    """Give a text on one line, shown literally but for words in backticks; it mentions, refers and links nothing."""
    return escaped(REFERENCE.sub(_apart, quiet(cut(plain(text), longest))))


def quiet(text: str) -> str:
    """Give a text that, were it a commit message, would notify nobody and close nothing."""
    return CLOSING.sub(_apart, MENTION.sub(_apart, text))


def paste(yaml: str) -> str:
    """Give YAML that says the same and is quiet: values stand in double quotes and can carry escapes, comments not."""
    return "\n".join(_quiet_line(line) for line in visible(yaml).splitlines())


def block(text: str, language: str = "text", longest: int = LONGEST_BLOCK) -> str:
    """Give a code block of the beginning of a text."""
    return markdown_text.fenced(quiet(visible(_beginning(text, longest))), language)


def row(*cells: str) -> str:
    """Give a row of a table; cells are Markdown on one line."""
    return markdown_text.table(cells, ()).split("\n", 1)[0]


def table_head(*titles: str) -> str:
    """Give the two lines that begin a table."""
    return f"{row(*titles)}\n{row(*('---' for _ in titles))}"


def bullets(texts: Iterable[str]) -> tuple[str, ...]:
    """Give untrusted texts as items of a list."""
    return tuple(f"- {prose(text)}" for text in texts)


def folded(summary: str, body: str) -> str:
    """Give Markdown that opens when its summary, which is trusted, is clicked."""
    return f"<details>\n<summary>{summary}</summary>\n\n{body}\n\n</details>"


def cut(text: str, longest: int) -> str:
    """Give the beginning of a text."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _apart(found: re.Match[str]) -> str:
    return f"{found[0]}{APART}"


def _quiet_line(line: str) -> str:
    if line.lstrip().startswith("#"):
        return quiet(line)
    return CLOSING.sub(_last_escaped, MENTION.sub(_last_escaped, line))


def _last_escaped(found: re.Match[str]) -> str:
    return f"{found[0][:-1]}\\u{ord(found[0][-1]):04x}"


def _beginning(text: str, longest: int) -> str:
    lines = text.removesuffix("\n").split("\n")
    shown = "\n".join(lines[:MOST_LINES])
    if len(shown) > longest:
        return f"{shown[:longest]}…\n… and {len(text) - longest} more characters"
    left = len(lines) - MOST_LINES
    return f"{shown}\n… and {left} more lines" if left > 0 else shown
