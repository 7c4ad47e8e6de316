"""Constants that documents and tables show: values to look for, sizes of slices, columns to keep."""

import json
from collections import Counter
from collections.abc import Iterator

from toolbuilder.synthesis.dialects import READ, rows_of
from toolbuilder.synthesis.task import Example, Json, Task
from toolbuilder.synthesis.terms import Literal

Mined = tuple[Literal, int]


def documents(example: Example) -> list[Json]:
    """Read the JSON documents of an example: the whole input, or its lines."""
    documents: list[Json] = []
    for text in (example.input, *example.input.split("\n")):
        try:
            documents.append(json.loads(text))
        except ValueError:
            continue
    return documents


def sought(task: Task, good: list[Example]) -> Iterator[Mined]:
    """Give sizes for slices, and the values that stand in several documents, which may be looked for."""
    if task.input_type not in {"json", "jsonl"}:
        return
    for number in (1, 2, 3, 4, 5):
        yield Literal(number, "Size"), 2
    yield Literal(1, "Value"), 1
    yield Literal(2, "Value"), 2
    seen: Counter[str | int] = Counter()
    for example in good:
        inner = [value for document in documents(example)[:1] for value in (document, *_leaves(document))]
        known = {value: None for value in inner if isinstance(value, str | int) and not isinstance(value, bool)}
        seen.update(known.keys())
    for value, count in seen.items():
        if count >= min(2, len(good)):
            yield Literal(value, "Sought"), 2
            if isinstance(value, str):
                yield Literal(value, "Word"), 2


def shapes(task: Task, good: list[Example]) -> Iterator[Mined]:
    """Give what reshaping a table may need: numbers of rows, columns to keep, marks."""
    if task.input_type not in READ:
        return
    written = task.output_type if task.output_type in READ else task.input_type
    tables = [(rows_of(task.input_type, one.input), rows_of(written, one.expected or "")) for one in good]
    yield from ((Literal(glue, "Glue"), 2) for glue in ("", " "))
    yield from ((Literal(number, "Size"), 2) for number in (1, 2))
    widths = {len(row) for _, after in tables for row in after}
    counts = {len(before) // len(after) for before, after in tables if after and not len(before) % len(after)}
    for number in sorted(widths | counts - {0, 1}):
        yield Literal(number, "Size"), 2
    if all("*" in one.input for one in good):
        yield Literal("*", "Mark"), 1
    kept = {_kept(before, after) for before, after in tables}
    for places in sorted(kept - {()}):
        if len(kept) == 1:
            yield Literal(places, "Positions"), 1


def _kept(before: list[list[str]], after: list[list[str]]) -> tuple[int, ...]:
    """Find at which places of the rows before the columns stand that there are after."""
    sources, wanted = (list(zip(*rows, strict=False)) for rows in (before, after))
    if len(before) != len(after) or not all(column in sources for column in wanted):
        return ()
    return tuple(sources.index(column) for column in wanted)


def _leaves(value: Json) -> Iterator[Json]:
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield inner
        yield from _leaves(inner)
