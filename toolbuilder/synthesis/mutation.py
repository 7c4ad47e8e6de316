"""Inputs that no example shows: examples taken apart and put together anew, and nasty ones."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from toolbuilder.synthesis.dialects import WRITE, rows_of
from toolbuilder.synthesis.task import Example, Json, OptionValue, Task

EACH = 60  # inputs of a kind


@dataclass(frozen=True)
class Probe:
    """An input with options; `familiar` when it is made of what the examples show."""

    input: str
    options: Mapping[str, OptionValue]
    files: Mapping[str, str]
    familiar: bool


def probes(task: Task) -> list[Probe]:
    """Make inputs on which programs that fit the examples may differ: familiar ones first, short ones first."""
    good = [example for example in task.examples if not example.exit_code]
    shapes = {"csv": _tables, "tsv": _tables, "json": _documents, "jsonl": _document_lines}
    shape = shapes.get(task.input_type, _texts)
    found: dict[tuple[str, str], Probe] = {}
    for familiar, text in shape(task, [example.input for example in good]):
        for example in good[:1]:
            found.setdefault((text, ""), Probe(text, example.options, example.files, familiar))
    for probe in _options(task, good):
        found.setdefault((probe.input, repr(sorted(probe.options.items()))), probe)
    return sorted(found.values(), key=lambda probe: (not probe.familiar, len(probe.input), probe.input))


def _options(task: Task, good: Sequence[Example]) -> Iterator[Probe]:
    for example in good:
        for option in task.options:
            values: tuple[OptionValue, ...] = {
                "int": (1, 2, 3, 100),
                "float": (0.5, 2.0, -1.25),
                "flag": (True, False),
                "choice": option.choices,
            }.get(option.type, ())
            for value in values:
                yield Probe(example.input, {**example.options, option.name: value}, example.files, familiar=True)


def _texts(task: Task, inputs: list[str]) -> Iterator[tuple[bool, str]]:
    """Change texts; where no example of a text has a second line, no change has one."""
    blocks = [text.split("\n") for text in map(_chomp, inputs)]
    alone = task.input_type == "text" and all(len(block) == 1 for block in blocks)
    for familiar, texts in ((True, islice(_recombined(blocks), EACH)), (False, islice(_nasty_texts(inputs), EACH * 2))):
        yield from ((familiar, text) for text in texts if not alone or "\n" not in text[:-1])


def _chomp(text: str) -> str:
    return text.removesuffix("\n")


def _joined(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _recombined(blocks: list[list[str]]) -> Iterator[str]:
    every = [line for block in blocks for line in block]
    yield _joined(every)
    yield _joined(every[::-1])
    yield _joined([*every[1::2], *every[::2]])
    yield _joined([*every[1::2], *every[::2], *every[:1]])
    for block in blocks:
        yield _joined(block[::-1])
        yield _joined([*block, block[0]])
        yield _joined([block[-1], *block])
        yield _joined([line for line in block for _ in range(2)])
        yield _joined(block[1:] or block)
        yield _joined(block[:1])
        yield _joined([*block, *block])
        yield _joined(sorted(block, key=len))


def _nasty_texts(inputs: list[str]) -> Iterator[str]:
    yield from ("", "\n")
    for text in inputs:
        lines = _chomp(text).split("\n")
        middle = len(lines) // 2
        yield _joined([*lines[:middle], "", *lines[middle:]])
        yield _joined([*lines[:middle], "", "", *lines[middle:], ""])
        yield _joined([*lines, "lonely"])
        yield _joined([f"  {line}  " for line in lines])
        yield _joined([re.sub(r"\w+", r"\g<0> new", lines[0]), *lines[1:]])
        yield _joined([lines[0].swapcase(), *lines])
        yield _joined([*lines, "Ünï çödé"])
        yield _joined([*lines, "Ünï çödé " * 9])
        yield _joined([*lines, "a\tlonger\tline\twith\ttabs" * 3])
        yield _joined([*lines, lines[0].upper(), lines[0].lower()])
        yield _joined([re.sub(r"\s", "\t", lines[0]), *lines[1:]])
        yield _joined([re.sub(r" ", "  ", lines[0]), *lines[1:]])
        yield _joined([re.sub(r"(\w)(\W|$)", r"\1,\2", lines[0]), *lines[1:]])
        yield _joined([re.sub(r"\d+", "9", line) for line in lines] + [re.sub(r"\d+", "10", line) for line in lines])
        yield _joined([re.sub(r"\d+", lambda match: f"-{match[0]}", line) for line in lines])
        yield _joined([re.sub(r"\d+", lambda match: f"{match[0]}.25", line) for line in lines])
        yield _joined(lines * 6)
        yield _chomp(text)
        for mark in dict.fromkeys(re.findall(r"[^\w\s]", text)):
            yield _joined([lines[0].replace(mark, mark * 2), *lines[1:]])
            yield _joined([lines[0].replace(mark, ""), *lines[1:]])
            yield _joined([*lines, lines[0].replace(mark, f"{mark}x{mark}")])


def _tables(task: Task, inputs: list[str]) -> Iterator[tuple[bool, str]]:
    for text in inputs:
        rows = rows_of(task.input_type, text)
        if len(rows) < 2:
            continue
        head, body = rows[0], rows[1:]
        for familiar, changed in _changed_tables(head, body):
            yield familiar, WRITE[task.input_type](changed)
    yield False, ""


def _changed_tables(head: list[str], body: list[list[str]]) -> Iterator[tuple[bool, list[list[str]]]]:
    yield True, [head, *body[::-1]]
    yield True, [head, *body, body[0]]
    yield True, [head, *body[:1]]
    yield True, [head, *body, *body[::-1]]
    yield False, [head]
    yield False, [[*head, "extra"], *([*row, "x"] for row in body)]
    yield False, [head[::-1], *(row[::-1] for row in body)]
    for change in (
        lambda cell: re.sub(r"^\d+$", r"-\g<0>", cell),
        lambda cell: re.sub(r"^\d+$", r"\g<0>.25", cell),
        lambda cell: re.sub(r"^\d+$", r"1\g<0>", cell),
        lambda cell: cell.swapcase(),
        lambda cell: f"{cell}, é",
        lambda _cell: "",
    ):
        yield False, [head, [change(cell) for cell in body[0]], *body[1:]]
        yield False, [head, *body, [change(cell) for cell in body[0]]]


def _documents(_task: Task, inputs: list[str]) -> Iterator[tuple[bool, str]]:
    for text in inputs:
        try:
            document: Json = json.loads(text)
        except ValueError:
            continue
        yield from ((familiar, json.dumps(value)) for familiar, value in _changed(document))
    yield from ((False, text) for text in ("[]", "{}", "null"))


def _document_lines(_task: Task, inputs: list[str]) -> Iterator[tuple[bool, str]]:
    for text in inputs:
        try:
            items: list[Json] = [json.loads(line) for line in text.split("\n") if line.strip()]
        except ValueError:
            continue
        for familiar, value in _changed(items):
            if isinstance(value, list):
                yield familiar, "".join(json.dumps(item) + "\n" for item in value)


def _changed(value: Json) -> Iterator[tuple[bool, Json]]:
    """Change a document in one place, in every way."""
    if isinstance(value, list):
        yield from _changed_items(value)
    elif isinstance(value, dict):
        yield from _changed_members(value)
    elif isinstance(value, str):
        yield from ((False, other) for other in (value.swapcase(), "", f"é {value}", value * 2, None))
    else:
        others: tuple[Json, ...] = (0, -3, 2.5, None, "7", [], True)
        yield from ((False, other) for other in others)


def _changed_items(value: list[Json]) -> Iterator[tuple[bool, Json]]:
    yield from ((True, value[::-1]), (True, value + value[:1]), (True, value[:1]), (False, []))
    for index, item in enumerate(value[:3]):
        yield from ((familiar, [*value[:index], other, *value[index + 1 :]]) for familiar, other in _changed(item))


def _changed_members(value: dict[str, Json]) -> Iterator[tuple[bool, Json]]:
    yield True, dict(reversed(value.items()))
    yield False, {**value, "extra": [1, {"deep": 2}]}
    for key, item in list(value.items())[:4]:
        yield False, {other: inner for other, inner in value.items() if other != key}
        yield from ((familiar, {**value, key: other}) for familiar, other in _changed(item))
