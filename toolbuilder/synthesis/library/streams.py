"""Large inputs line by line, and row by row: nothing is kept that has been passed on."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import NamedTuple, TypeVar

from toolbuilder.synthesis.library.errors import InputError
from toolbuilder.synthesis.library.json_values import Json, load_json
from toolbuilder.synthesis.library.tables import column_index
from toolbuilder.synthesis.library.tabs import join_tabs, split_tabs

Converted = TypeVar("Converted")


class TableStream(NamedTuple):
    """A header, and the rows below it as they are read, all of the header's length."""

    header: list[str]
    rows: Iterator[list[str]]


def convert_lines(
    lines: Iterable[str], convert: Callable[[str], Converted], complaint: str = ""
) -> Iterator[Converted]:
    """Convert line after line; an error names the line that cannot be converted."""
    for number, line in enumerate(lines, start=1):
        try:
            converted = convert(line)
        except InputError as error:
            raise InputError(f"line {number}: {complaint or error}") from error
        yield converted


def checked_lines(
    lines: Iterable[str], test: Callable[[str], bool], complaint: str
) -> Iterator[str]:
    """Pass on the lines that pass the test, and complain about the first that does not."""
    for number, line in enumerate(lines, start=1):
        if not test(line):
            raise InputError(f"line {number}: {complaint}")
        yield line


def first_of_runs(lines: Iterable[str]) -> Iterator[str]:
    """Pass on one line of each run of equal neighbours."""
    return (line for line, _ in groupby(lines))


def parse_json_lines(lines: Iterable[str]) -> Iterator[Json]:
    """Read one JSON document a line; blank lines are skipped."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            value = load_json(line)
        except json.JSONDecodeError as error:
            raise InputError(
                f"line {number}, column {error.colno}: invalid JSON: {error.msg}"
            ) from error
        except (ValueError, RecursionError) as error:
            raise InputError(f"line {number}: invalid JSON: {error}") from error
        yield value


def json_lines(values: Iterable[object]) -> Iterator[str]:
    """Write each value as JSON on a line of its own."""
    return (json.dumps(value, ensure_ascii=False, allow_nan=False) for value in values)


def compact_json_lines(values: Iterable[object]) -> Iterator[str]:
    """Write each value as JSON without white space on a line of its own."""
    return (
        json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        for value in values
    )


def stream_table(lines: Iterable[str]) -> TableStream:
    """Read a table whose first row is its header, row by row; blank lines are skipped."""
    rows = parse_rows(lines)
    return TableStream(next(rows, []), rows)


def parse_rows(lines: Iterable[str]) -> Iterator[list[str]]:
    """Read the rows of a table, all of the first one's length; blank lines are skipped."""
    reader = csv.reader((f"{line}\n" for line in lines), strict=True)
    width = 0
    try:
        for row in filter(None, reader):
            width = width or len(row)
            if len(row) != width:
                raise InputError(
                    f"line {reader.line_num}: expected {width} fields, found {len(row)}"
                )
            yield row
    except csv.Error as error:
        raise InputError(f"line {reader.line_num}: {error}") from error


def stream_tab_table(lines: Iterable[str]) -> TableStream:
    """Read a tab-separated table whose first line is its header; blank lines are skipped."""
    rows = parse_tab_rows(lines)
    return TableStream(next(rows, []), rows)


def parse_tab_rows(lines: Iterable[str]) -> Iterator[list[str]]:
    """Read tab-separated rows, all of the first one's length; blank lines are skipped."""
    width = 0
    for number, line in enumerate(lines, start=1):
        row = split_tabs(line)
        width = width or len(row)
        if row and len(row) != width:
            raise InputError(f"line {number}: expected {width} fields, found {len(row)}")
        if row:
            yield row


def table_lines(table: TableStream) -> Iterator[str]:
    """Write the header and the rows, quoting where it is needed."""
    for row in filter(None, [table.header]):
        yield row_line(row)
    for row in table.rows:
        yield row_line(row)


def row_line(row: list[str]) -> str:
    """Write one row, without a newline at its end."""
    output = io.StringIO()
    csv.writer(output, lineterminator="\n").writerow(row)
    return output.getvalue().removesuffix("\n")


def tab_table_lines(table: TableStream) -> Iterator[str]:
    """Write the header and the rows, with a tab between their fields."""
    for row in filter(None, [table.header]):
        yield join_tabs(row)
    for row in table.rows:
        yield join_tabs(row)


def rows_if(table: TableStream, name: str, test: Callable[[str], bool]) -> TableStream:
    """Pass on the rows whose named column passes the test."""
    if not table.header:
        return table
    index = column_index(table.header, name)
    return TableStream(table.header, (row for row in table.rows if test(row[index])))


def only_columns(table: TableStream, names: list[str]) -> TableStream:
    """Pass on the named columns, in the given order."""
    if not table.header:
        return table
    places = [column_index(table.header, name) for name in names]
    return TableStream(names, ([row[place] for place in places] for row in table.rows))


def stream_records(table: TableStream) -> Iterator[dict[str, str]]:
    """Give each row as a dictionary keyed by the header, in which no name may occur twice."""
    for name in table.header:
        column_index(table.header, name)
    return (dict(zip(table.header, row, strict=True)) for row in table.rows)


def stream_column(table: TableStream, name: str) -> Iterator[str]:
    """Give the values of the named column."""
    if not table.header:
        return iter(())
    index = column_index(table.header, name)
    return (row[index] for row in table.rows)
