"""What a program has to give: the expected outputs, read as values of the output's type."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from toolbuilder.synthesis.dialects import rows_of
from toolbuilder.synthesis.evaluate import compiled
from toolbuilder.synthesis.library.tables import Table
from toolbuilder.synthesis.library.text import read_lines
from toolbuilder.synthesis.task import Example, Task


@dataclass(frozen=True)
class Goal:
    """A kind of value, and the value wanted in each instance."""

    kind: str
    values: tuple[object, ...]


@dataclass(frozen=True)
class Target:
    """A goal, and the operation that prints such a value."""

    goal: Goal
    writer: str


JSON_WRITERS = ("render_json_line", "render_json", "render_compact_json")
JSON_LINES_WRITERS = ("render_json_lines", "render_compact_json_lines")


def targets(task: Task) -> list[Target]:
    """Read the expected outputs in every way that the output's type allows, the most natural one first."""
    good = [example for example in task.examples if not example.exit_code]
    return [target for target in READINGS[task.output_type](good) if _prints(target, good)]


def agrees(example: Example, output: str) -> bool:
    """Tell whether the output is what the example expects."""
    expected = example.expected or ""
    if example.as_value:
        try:
            return same_json(json.loads(output), json.loads(expected))
        except ValueError:
            return False
    return output.removesuffix("\n") == expected.removesuffix("\n")


def same_json(one: object, other: object) -> bool:
    """Compare two JSON values; the order of keys counts, and a boolean is no number."""
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(same_json(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same_json, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and one == other


def _prints(target: Target, good: Sequence[Example]) -> bool:
    write = compiled(target.writer)
    return all(agrees(example, str(write(value))) for example, value in zip(good, target.goal.values, strict=True))


def _expected(good: Sequence[Example]) -> list[str]:
    return [example.expected or "" for example in good]


def _lines(good: Sequence[Example]) -> list[Target]:
    lines = tuple(read_lines(text) for text in _expected(good))
    return [Target(Goal("Lines", lines), "render_lines"), *_text(good)[:1]]


def _text(good: Sequence[Example]) -> list[Target]:
    whole = tuple(text.removesuffix("\n") for text in _expected(good))
    lines = tuple(read_lines(text) for text in _expected(good))
    found = [Target(Goal("Line", whole), "render_text"), Target(Goal("Lines", lines), "render_lines")]
    return found[::-1] if any("\n" in text for text in whole) else found


def _json(good: Sequence[Example]) -> list[Target]:
    try:
        values = tuple(json.loads(text) for text in _expected(good))
    except ValueError:
        return []
    return [
        target
        for writer in (("render_json",) if any(example.as_value for example in good) else JSON_WRITERS)
        if _prints(target := Target(Goal("Json", values), writer), good)
    ][:1]


def _json_lines(good: Sequence[Example]) -> list[Target]:
    try:
        values = tuple([json.loads(line) for line in read_lines(text) if line] for text in _expected(good))
    except ValueError:
        return []
    return [target for writer in JSON_LINES_WRITERS if _prints(target := Target(Goal("Items", values), writer), good)][
        :1
    ]


def _tables(good: Sequence[Example], dialect: str, writers: tuple[str, str]) -> list[Target]:
    rows = [rows_of(dialect, text) for text in _expected(good)]
    tables = tuple(Table(inner[0], inner[1:]) if inner else Table([], []) for inner in rows)
    return [Target(Goal("Table", tables), writers[0]), Target(Goal("Rows", tuple(rows)), writers[1])]


def _csv(good: Sequence[Example]) -> list[Target]:
    return _tables(good, "csv", ("render_csv", "render_rows"))


def _tsv(good: Sequence[Example]) -> list[Target]:
    return _tables(good, "tsv", ("render_tsv", "render_tab_rows"))


READINGS: dict[str, Callable[[Sequence[Example]], list[Target]]] = {
    "lines": _lines,
    "text": _text,
    "markdown": _text,
    "files": _text,
    "json": _json,
    "jsonl": _json_lines,
    "csv": _csv,
    "tsv": _tsv,
}
