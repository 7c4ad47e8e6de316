"""Tab-separated tables: one row a line, without quotes."""

from toolbuilder.synthesis.library.errors import InputError
from toolbuilder.synthesis.library.tables import Table


def read_tab_table(text: str) -> Table:
    """Read a table whose first line is its header; blank lines are skipped."""
    header: list[str] = []
    rows: list[list[str]] = []
    for number, line in enumerate(text.split("\n"), start=1):
        row = split_tabs(line)
        if not header:
            header = row
        elif row and len(row) != len(header):
            raise InputError(f"line {number}: expected {len(header)} fields, found {len(row)}")
        elif row:
            rows.append(row)
    return Table(header, rows)


def read_tab_rows(text: str) -> list[list[str]]:
    """Read the rows of a table without a header; blank lines are skipped."""
    return list(filter(None, map(split_tabs, text.split("\n"))))


def split_tabs(line: str) -> list[str]:
    """Split a line at its tabs; a blank line has no fields."""
    row = line.removesuffix("\r")
    return row.split("\t") if row else []


def render_tab_table(table: Table) -> str:
    """Write the header and the rows."""
    return render_tab_rows([table.header, *table.rows] if table.header else [])


def render_tab_rows(rows: list[list[str]]) -> str:
    """Write the rows with a tab between their fields."""
    return "".join(f"{join_tabs(row)}\n" for row in rows)


def join_tabs(row: list[str]) -> str:
    """Write a row, which cannot hold tabs or newlines: there are no quotes for them."""
    for field in row:
        if "\t" in field or "\n" in field:
            raise InputError(f"a field with a tab or a newline cannot be written: {field!r}")
    return "\t".join(row)
