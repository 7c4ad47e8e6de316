"""YAML as this project reads it: JSON's values, each with the place where it stands, and nothing that surprises."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from toolbuilder.errors import FileIsWrong, Problem
from toolbuilder.yaml_files.nodes import Node, NotYaml, compose
from toolbuilder.yaml_files.scalars import NOT_PRINTABLE
from toolbuilder.yaml_files.writer import dump

__all__ = ["LARGEST_FILE", "KeyPath", "Located", "dump", "load"]

LARGEST_FILE = 1 << 20  # bytes
LONGEST_MESSAGE = 400  # characters
KeyPath = Sequence[str | int]

_LINE_BREAK = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class Located:
    """What a file holds: `value`, and the line and column of every part of it, counted from 1."""

    value: JsonValue
    file_name: str
    root: Node
    line_starts: Sequence[int]

    def position_of(self, path: KeyPath) -> tuple[int, int]:
        """Give where the value stands that keys and indexes lead to, or else the nearest value around it."""
        return _place(self.line_starts, self._reached(path)[-1].at)

    def key_position_of(self, path: KeyPath) -> tuple[int, int]:
        """Give where the last key of a path stands; where there is no such key, what `position_of` gives."""
        *around, last = self._reached(path)
        if not around or len(around) != len(path):
            return _place(self.line_starts, last.at)
        return _place(self.line_starts, around[-1].key_at.get(str(path[-1]), last.at))

    def problem(self, path: KeyPath, message: str) -> Problem:
        """Say what is wrong with the value at a path."""
        return Problem(self.file_name, *self.position_of(path), _one_line(message))

    def key_problem(self, path: KeyPath, message: str) -> Problem:
        """Say what is wrong with the key at the end of a path."""
        return Problem(self.file_name, *self.key_position_of(path), _one_line(message))

    def holds(self, path: KeyPath) -> bool:
        """Tell whether there is a value at a path."""
        return len(self._reached(path)) == len(path) + 1

    def length(self, path: KeyPath) -> int:
        """Give how many entries the value at a path has."""
        return len(self._reached(path)[-1].parts)

    def _reached(self, path: KeyPath) -> list[Node]:
        nodes = [self.root]
        for step in path:
            if step not in nodes[-1].parts:
                break
            nodes.append(nodes[-1].parts[step])
        return nodes


def load(content: bytes, file_name: str) -> Located:
    """Read the bytes of a YAML file.

    Scalars mean what the core schema of YAML 1.2 says (`yes`, `no` and dates are text) and keys are always text.
    Raises FileIsWrong, with every problem located, for what is not YAML and for what no file of this project needs:
    repeated keys, tags, several documents, aliases that recur or explode, deep nesting, more than 1 MiB.
    """
    if len(content) > LARGEST_FILE:
        raise FileIsWrong([too_large(file_name)])
    text = _decoded(content, file_name)
    starts = [0, *(found.end() for found in _LINE_BREAK.finditer(text))]
    try:
        root = compose(text)
    except NotYaml as error:
        problems = [Problem(file_name, *_place(starts, at), _one_line(words)) for at, words in error.problems]
        raise FileIsWrong(problems) from None
    return Located(root.value, file_name, root, starts)


def too_large(file_name: str) -> Problem:
    """Say that a file is larger than any that a person writes; it need not be read for that."""
    return Problem(file_name, 0, 0, f"the file is larger than {LARGEST_FILE >> 20} MiB; move large data out of it")


def _decoded(content: bytes, file_name: str) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")):
        raise FileIsWrong([Problem(file_name, 1, 1, "the file is UTF-16 or UTF-32; save it as UTF-8")])
    content = content.removeprefix(b"\xef\xbb\xbf")
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        before = content[: error.start].decode()
        words = f"the byte 0x{content[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise FileIsWrong([_at_end_of(before, file_name, words)]) from None
    if unreadable := NOT_PRINTABLE.search(text):
        raise FileIsWrong([_at_end_of(text[: unreadable.start()], file_name, _unprintable(unreadable[0]))])
    return text


def _at_end_of(before: str, file_name: str, message: str) -> Problem:
    lines = _LINE_BREAK.split(before)
    return Problem(file_name, len(lines), len(lines[-1]) + 1, message)


def _unprintable(character: str) -> str:
    if character == "\x00":
        return "a NUL character; the file is binary, or UTF-16 to be saved as UTF-8"
    code = ord(character)
    return f'the character U+{code:04X} cannot be seen; in double quotes it is written "\\u{code:04x}"'


def _place(line_starts: Sequence[int], offset: int) -> tuple[int, int]:
    line = bisect_right(line_starts, offset)
    return line, offset - line_starts[line - 1] + 1


def _one_line(message: str) -> str:
    """Keep what a message quotes from the file from breaking the line, the terminal or the reader's patience."""
    shown = message if len(message) <= LONGEST_MESSAGE else f"{message[:LONGEST_MESSAGE]}…"
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in shown)
