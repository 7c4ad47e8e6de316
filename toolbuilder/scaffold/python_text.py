"""People's words as Python source: literals that mean exactly the text, laid out as `ruff format` would."""

import re
import unicodedata
from collections.abc import Iterable

LINE_LENGTH = 100


def quoted(text: str) -> str:
    """Give a string literal on one line, in the quotes that need the fewest escapes."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    return quote + "".join("\\" + char if char == quote else _escaped(char) for char in text) + quote


def argument(name: str, text: str, indent: int) -> str:
    """Give the keyword argument `name="text"`, broken between words where the line would be too long."""
    whole = f"{name}={quoted(text)}"
    if indent + width(whole) + 1 <= LINE_LENGTH:
        return whole
    pieces = _pieces(text, LINE_LENGTH - indent - 4)
    if len(pieces) == 1:
        return whole
    margin = " " * indent
    return "\n".join([f"{name}=(", *(f"{margin}    {quoted(piece)}" for piece in pieces), f"{margin})"])


def listed(before: str, items: Iterable[str], after: str, indent: int) -> str:
    """Give expressions in brackets, one a line where a single line would be too long."""
    items = list(items)
    whole = f"{before}{', '.join(items)}{after}"
    if indent + width(whole) + 1 <= LINE_LENGTH:
        return whole
    margin = " " * indent
    return "\n".join([before, *(f"{margin}    {item}," for item in items), f"{margin}{after}"])


def block(text: str) -> str:
    """Give a triple-quoted literal for lines of text, raw where that reads better; the text ends with a newline."""
    text = text.rstrip("\n") + "\n"
    body = "".join(char if char == "\n" else _escaped(char) for char in text)
    body = re.sub(" (?=\n)", r"\\x20", body.replace('"""', r"\"\"\""))
    if body == text.replace("\\", r"\\") != text:
        return f'r"""{text}"""'
    return f'"""\\\n{body}"""'


def import_line(module: str, *names: str) -> str:
    """Give `from module import names`."""
    whole = f"from {module} import {', '.join(names)}"
    return whole if len(whole) <= LINE_LENGTH else listed(f"from {module} import (", names, ")", 0)


def width(text: str) -> int:
    """Count the columns that a text takes on a terminal: wide characters take two, combining ones none."""
    return sum(0 if unicodedata.combining(char) else 1 + (unicodedata.east_asian_width(char) in "WF") for char in text)


def _escaped(char: str) -> str:
    if char == "\b":  # repr() would write it as a number, but readers of typer's texts know it as a letter
        return r"\b"
    return char if char.isprintable() and char != "\\" else repr(char)[1:-1]


def _pieces(text: str, limit: int) -> list[str]:
    pieces = [""]
    for word in re.findall(r"\S+\s*|\s+", text):
        if pieces[-1] and width(quoted(pieces[-1] + word)) > limit:
            pieces.append("")
        pieces[-1] += word
    return pieces
