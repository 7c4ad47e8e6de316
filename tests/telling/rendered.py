"""Markdown as a forge reads it: what it would show, run, fetch, notify, link and close."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

GITHUB = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
OWN_HTML = re.compile(r"</?details>|<summary>[^<>]*</summary>|<br>")
REFERENCES = {
    "a mention": r"(?<![A-Za-z0-9_])@[A-Za-z0-9_]",
    "an issue": r"#\d|\bGH-\d",
    "a page": r"(?:https?|ftp)://|\bwww\.",
}
HARM_IN_A_COMMIT = {
    "a mention": r"(?<![A-Za-z0-9_])@[A-Za-z0-9_]",
    "an issue closed": r"(?i)\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+(?:\S*#\d|GH-\d|https?://\S+/issues/\d)",
}


@dataclass(frozen=True)
class Rendered:
    """The tokens of a page: block by block, and what stands inside lines."""

    blocks: tuple[Token, ...]
    inline: tuple[Token, ...]

    @property
    def shape(self) -> tuple[str, ...]:
        """What a page is made of, whatever its words are."""
        return tuple(token.type for token in self.blocks)

    def contents(self, kind: str) -> list[str]:
        """Give what tokens of a kind hold."""
        return [token.content for token in (*self.blocks, *self.inline) if token.type == kind]


def rendered(markdown: str) -> Rendered:
    blocks = GITHUB.parse(markdown)
    inline = tuple(child for token in blocks for child in token.children or ())
    return Rendered(tuple(blocks), inline)


def harms(markdown: str) -> list[str]:
    """Name what a page does beyond showing words."""
    return [*_done_by(rendered(markdown)), *harms_in_a_commit(markdown)]


def harms_in_a_commit(text: str) -> list[str]:
    """Name what a text would do as the message of a commit, which a squash merge makes of it."""
    return [*_found(HARM_IN_A_COMMIT, text)]


def _done_by(page: Rendered) -> Iterator[str]:
    kinds = {token.type for token in page.inline}
    yield from sorted(kinds & {"image", "link_open"})
    for html in page.contents("html_block") + page.contents("html_inline"):
        if OWN_HTML.sub("", html).strip():
            yield f"html {html!r}"
    for text in page.contents("text"):
        yield from _found(REFERENCES, text)


def _found(kinds: dict[str, str], text: str) -> Iterator[str]:
    for name, pattern in kinds.items():
        if found := re.search(pattern, text):
            yield f"{name}: {text[max(0, found.start() - 20) : found.end() + 20]!r}"
