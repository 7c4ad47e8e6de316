"""Tables with a header row, and comma-separated ones."""

import csv
import io
from collections import Counter
from decimal import Decimal
from typing import NamedTuple

from toolbuilder.synthesis.library.arithmetic import (
    add_up,
    exact_number,
    parse_number,
    plain_number,
)
from toolbuilder.synthesis.library.errors import InputError


class Table(NamedTuple):
    """A header and the rows below it, all of the header's length."""

    header: list[str]
    rows: list[list[str]]


def read_table(text: str) -> Table:
    """Read a table whose first row is its header; blank lines are skipped."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] = []
    rows: list[list[str]] = []
    try:
        for row in filter(None, reader):
            if not header:
                header = row
                continue
            if len(row) != len(header):
                raise InputError(
                    f"line {reader.line_num}: expected {len(header)} fields, found {len(row)}"
                )
            rows.append(row)
    except csv.Error as error:
        raise InputError(f"line {reader.line_num}: {error}") from error
    return Table(header, rows)


def read_rows(text: str) -> list[list[str]]:
    """Read the rows of a table without a header; blank lines are skipped."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        return list(filter(None, reader))
    except csv.Error as error:
        raise InputError(f"line {reader.line_num}: {error}") from error


def render_table(table: Table) -> str:
    """Write the header and the rows."""
    return render_rows([table.header, *table.rows] if table.header else [])


def render_rows(rows: list[list[str]]) -> str:
    """Write the rows, quoting where it is needed."""
    output = io.StringIO()
    csv.writer(output, lineterminator="\n").writerows(rows)
    return output.getvalue()


def column_index(header: list[str], name: str) -> int:
    """Find the place of the named column."""
    times = header.count(name)
    if times != 1:
        raise InputError(
            f"there are {times} columns {name!r}" if times else f"there is no column {name!r}"
        )
    return header.index(name)


def row_field(row: list[str], index: int) -> str:
    """Give the field at the index, counted from 0 (or from -1 at the end)."""
    if not -len(row) <= index < len(row):
        raise InputError(f"there is no field {index} in {row}")
    return row[index]


def as_records(table: Table) -> list[dict[str, str]]:
    """Give each row as a dictionary keyed by the header, in which no name may occur twice."""
    for name, times in Counter(table.header).items():
        if times > 1:
            raise InputError(f"there are {times} columns {name!r}")
    return [dict(zip(table.header, row, strict=True)) for row in table.rows]


def record_value(record: dict[str, str], name: str) -> str:
    """Give the record's value in the named column."""
    if name not in record:
        raise InputError(f"there is no column {name!r}")
    return record[name]


def column_values(table: Table, name: str) -> list[str]:
    """Give the values of the named column."""
    if not table.header:
        return []
    index = column_index(table.header, name)
    return [row[index] for row in table.rows]


def total_by(table: Table, key: str, value: str) -> Table:
    """Add up the value column for each distinct value of the key column."""
    totals: dict[str, Decimal] = {}
    for name, amount in zip(column_values(table, key), column_values(table, value), strict=True):
        totals[name] = add_up([totals.get(name, Decimal(0)), parse_number(amount)])
    return Table([key, value], [[name, plain_number(amount)] for name, amount in totals.items()])


def sort_by(table: Table, name: str) -> Table:
    """Sort the rows by the text of the named column."""
    if not table.header:
        return table
    index = column_index(table.header, name)
    return Table(table.header, sorted(table.rows, key=lambda row: row[index]))


def sort_by_number(table: Table, name: str) -> Table:
    """Sort the rows by the number in the named column."""
    if not table.header:
        return table
    index = column_index(table.header, name)
    return Table(table.header, sorted(table.rows, key=lambda row: parse_number(row[index])))


def reverse_rows(table: Table) -> Table:
    """Turn the order of the rows round."""
    return Table(table.header, table.rows[::-1])


def rows_where(table: Table, name: str, value: str) -> Table:
    """Keep the rows whose named column holds exactly the value."""
    if not table.header:
        return table
    index = column_index(table.header, name)
    return Table(table.header, [row for row in table.rows if row[index] == value])


def rows_above(table: Table, name: str, bound: float) -> Table:
    """Keep the rows with a number above the bound in the named column."""
    numbers = map(parse_number, column_values(table, name))
    least = exact_number(bound)
    return Table(
        table.header,
        [row for row, number in zip(table.rows, numbers, strict=True) if number > least],
    )


def rows_from(table: Table, name: str, bound: float) -> Table:
    """Keep the rows with a number not below the bound in the named column."""
    numbers = map(parse_number, column_values(table, name))
    least = exact_number(bound)
    return Table(
        table.header,
        [row for row, number in zip(table.rows, numbers, strict=True) if number >= least],
    )


def rows_below(table: Table, name: str, bound: float) -> Table:
    """Keep the rows with a number below the bound in the named column."""
    numbers = map(parse_number, column_values(table, name))
    most = exact_number(bound)
    return Table(
        table.header,
        [row for row, number in zip(table.rows, numbers, strict=True) if number < most],
    )


def rows_up_to(table: Table, name: str, bound: float) -> Table:
    """Keep the rows with a number not above the bound in the named column."""
    numbers = map(parse_number, column_values(table, name))
    most = exact_number(bound)
    return Table(
        table.header,
        [row for row, number in zip(table.rows, numbers, strict=True) if number <= most],
    )


def select_columns(table: Table, names: list[str]) -> Table:
    """Keep the named columns, in the given order."""
    if not table.header:
        return table
    places = [column_index(table.header, name) for name in names]
    return Table(names, [[row[place] for place in places] for row in table.rows])


def count_by(table: Table, name: str, count: str) -> Table:
    """Count the rows for each distinct value of the named column, in order of first occurrence."""
    counts = Counter(column_values(table, name))
    return Table([name, count], [[value, str(number)] for value, number in counts.items()])


def first_rows(table: Table, count: int) -> Table:
    """Keep the first rows."""
    return Table(table.header, table.rows[:count])


def unique_rows(table: Table) -> Table:
    """Drop repeated rows, keeping each first occurrence."""
    return Table(table.header, [list(row) for row in dict.fromkeys(map(tuple, table.rows))])
