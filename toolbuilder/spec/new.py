"""A first spec from the arguments of `toolbuilder create`."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import JsonValue

from toolbuilder.errors import FileIsWrong, Problem
from toolbuilder.spec.file import parse_spec
from toolbuilder.yaml_files.text import dump

ESCAPES = {"n": "\n", "t": "\t", "=": "=", "\\": "\\"}
ESCAPED = re.compile(r"\\([nt=\\])")
SPLIT = re.compile(r"(?<!\\)(?:\\\\)*=")


def write_spec(folder: Path, name: str, fields: Mapping[str, str], examples: Sequence[str]) -> Path:
    """Write a new spec file. Raises FileIsWrong when it would not be a good spec, or when the file exists."""
    path = folder / f"{name}.yaml"
    spec: dict[str, JsonValue] = {"name": name, **fields, "examples": [_example(text) for text in examples]}
    content = dump(spec).encode()
    parse_spec(content, str(path))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(content)
    except OSError as error:
        there = f"exists already; edit it and type `toolbuilder run {name}`"
        message = there if path.exists() else f"cannot be written: {error.strerror}"
        raise FileIsWrong([Problem(str(path), 0, 0, message)]) from None
    return path


def _example(text: str) -> JsonValue:
    split = SPLIT.search(text)
    if split is None:
        raise FileIsWrong([Problem("--example", 0, 0, f"{text!r} has no `=` between input and output")])
    before, after = text[: split.end() - 1], text[split.end() :]
    return {"input": _unescaped(before), "output": _unescaped(after)}


def _unescaped(text: str) -> str:
    return ESCAPED.sub(lambda match: ESCAPES[match[1]], text)
