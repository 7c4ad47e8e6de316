"""How the rows of a table are read and written, by the type of the text."""

from collections.abc import Callable, Mapping

from toolbuilder.synthesis.library.errors import InputError
from toolbuilder.synthesis.library.tables import read_rows, render_rows
from toolbuilder.synthesis.library.tabs import read_tab_rows, render_tab_rows

Rows = list[list[str]]
READ: Mapping[str, Callable[[str], Rows]] = {"csv": read_rows, "tsv": read_tab_rows}
WRITE: Mapping[str, Callable[[Rows], str]] = {"csv": render_rows, "tsv": render_tab_rows}


def rows_of(dialect: str, text: str) -> Rows:
    """Read the rows of a text; none where it is no such table."""
    try:
        return READ[dialect](text)
    except InputError:
        return []


def header_of(dialect: str, text: str) -> list[str]:
    """Read the first row of a text."""
    return next(iter(rows_of(dialect, text)), [])
