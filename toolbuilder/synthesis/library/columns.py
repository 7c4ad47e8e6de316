"""Tables in plain text: columns of words, and Markdown's."""

import re

from toolbuilder.synthesis.library.errors import InputError
from toolbuilder.synthesis.library.tables import Table
from toolbuilder.synthesis.library.text import read_lines

RULE = re.compile(r" *\|?(?: *:?-+:? *\|)+(?: *:?-+:? *)?")
BAR = re.compile(r"(?<!\\)\|")


def read_spaced_table(text: str) -> Table:
    """Read a table whose columns white space separates, the first line its header."""
    return read_columns(text, r"\s+")


def read_wide_table(text: str) -> Table:
    """Read a table whose columns two or more spaces separate, the first line its header."""
    return read_columns(text, r"\s{2,}")


def read_columns(text: str, gap: str) -> Table:
    """Read a table whose columns the gap separates; blank lines are skipped."""
    filled = [
        (number, re.split(gap, line.strip()))
        for number, line in enumerate(read_lines(text), start=1)
        if line.strip()
    ]
    header = filled[0][1] if filled else []
    for number, row in filled:
        if len(row) != len(header):
            raise InputError(f"line {number}: expected {len(header)} columns, found {len(row)}")
    return Table(header, [row for _, row in filled[1:]])


def lower_header(table: Table) -> Table:
    """Write the names of the columns in lower case."""
    return Table([name.lower() for name in table.header], table.rows)


def read_markdown_table(text: str) -> Table:
    """Read the first table of a Markdown document; what stands around it is ignored."""
    lines = read_lines(text)
    rule = next((place for place, line in enumerate(lines) if place and RULE.fullmatch(line)), 0)
    if not rule:
        return Table([], [])
    header, rows = table_cells(lines[rule - 1]), []
    for number, line in enumerate(lines[rule + 1 :], start=rule + 2):
        if "|" not in line:
            break
        cells = table_cells(line)
        if len(cells) != len(header):
            raise InputError(f"line {number}: expected {len(header)} cells, found {len(cells)}")
        rows.append(cells)
    return Table(header, rows)


def table_cells(line: str) -> list[str]:
    """Split a line of a Markdown table into its cells."""
    inner = line.strip().removeprefix("|").removesuffix("|")
    return [cell.strip().replace("\\|", "|") for cell in BAR.split(inner)]
