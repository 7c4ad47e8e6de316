"""A first spec from the arguments of `toolbuilder create`."""

import json
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
    as_json = fields.get("output_type") == "json"
    shown = [_example(text, as_json=as_json) for text in examples]
    content = _text({"name": name, **fields, "examples": shown}).encode()
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


def _text(spec: JsonValue) -> str:
    try:
        return dump(spec)
    except ValueError as error:
        raise FileIsWrong([Problem("--example", 0, 0, f"cannot be written as YAML: {error}")]) from None


def _example(text: str, *, as_json: bool) -> JsonValue:
    split = SPLIT.search(text)
    if split is None:
        raise FileIsWrong([Problem("--example", 0, 0, f"{text!r} has no `=` between input and output")])
    before, after = text[: split.end() - 1], text[split.end() :]
    return {"input": _unescaped(before), "output": _value(_unescaped(after)) if as_json else _unescaped(after)}


def _value(text: str) -> JsonValue:
    """Give the JSON value that a text is, so that it is compared as one; else the text."""
    try:
        value: JsonValue = json.loads(text)
    except ValueError:
        return text
    return value


def _unescaped(text: str) -> str:
    return ESCAPED.sub(lambda match: ESCAPES[match[1]], text)
