"""Invisible characters in a spec: nobody can review what cannot be seen, so there are none, or they are spelt out."""

from bisect import bisect_right
from collections.abc import Iterator

from pydantic import JsonValue

from toolbuilder.errors import Problem
from toolbuilder.invisible import INVISIBLE, code_point
from toolbuilder.yaml_files.text import KeyPath, Located

CURE = 'take it out; only an example\'s `input`, `files`, `answers` and `output` may hold it, in double quotes as "{}"'
DATA = frozenset({"input", "files", "answers", "output"})  # of an example


def invisible_problems(content: bytes, located: Located) -> list[Problem]:
    """Find characters in a spec file that change how it reads, wherever they stand as they are, comments included.

    Written as an escape they can be seen; then only what an example puts into the tool and gets out may hold them.
    """
    escapes = b"\\" in content  # without one, nothing is spelt out
    return [*_as_they_are(content.decode("utf-8-sig"), located)] or ([*_spelt_out(located)] if escapes else [])


def _as_they_are(text: str, located: Located) -> Iterator[Problem]:
    for found in INVISIBLE.finditer(text):
        line = bisect_right(located.line_starts, found.start())
        column = found.start() - located.line_starts[line - 1] + 1
        yield Problem(located.file_name, line, column, _words(found[0]))


def _spelt_out(located: Located) -> Iterator[Problem]:
    for path, text in _texts((), located.value):
        if found := INVISIBLE.search(text):
            yield located.problem(path, _words(found[0]))


def _texts(path: tuple[str | int, ...], value: JsonValue) -> Iterator[tuple[KeyPath, str]]:
    """Give every text that is not data of an example, with its path."""
    match path:
        case ("examples", int(), str(key)) if key in DATA:
            return
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _texts((*path, key), part)
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _texts((*path, index), part)


def _words(character: str) -> str:
    form = f"\\u{ord(character):04x}" if ord(character) < 0x10000 else f"\\U{ord(character):08x}"
    return f"an invisible character that changes how text reads: {code_point(character)}; {CURE.format(form)}"
