"""Tables without a fixed header: rows of cells, reshaped."""

from collections.abc import Iterable
from itertools import zip_longest

from toolbuilder.synthesis.library.errors import InputError


def cell_of(row: list[str], place: int) -> str:
    """Give the cell at the place, counted from 0 (or from -1 at the end), or else ""."""
    return row[place] if -len(row) <= place < len(row) else ""


def padded_rows(rows: Iterable[list[str]]) -> list[list[str]]:
    """Fill short rows with empty cells, so that all have the same length."""
    listed = list(rows)
    width = max(map(len, listed), default=0)
    return [row + [""] * (width - len(row)) for row in listed]


def filled_rows(rows: list[list[str]]) -> list[list[str]]:
    """Drop the rows without any filled cell."""
    return [row for row in rows if any(cell.strip() for cell in row)]


def filled_columns(rows: list[list[str]]) -> list[list[str]]:
    """Drop the columns without any filled cell."""
    columns = zip_longest(*rows, fillvalue="")
    kept = [column for column in columns if any(cell.strip() for cell in column)]
    return [list(row) for row in zip(*kept, strict=True)]


def filled_cells(rows: list[list[str]]) -> list[list[str]]:
    """Drop the empty cells of each row."""
    return [[cell for cell in row if cell.strip()] for row in rows]


def rows_filled_at(rows: list[list[str]], place: int) -> list[list[str]]:
    """Keep the rows whose cell at the place is filled."""
    return [row for row in rows if cell_of(row, place).strip()]


def rows_empty_at(rows: list[list[str]], place: int) -> list[list[str]]:
    """Keep the rows whose cell at the place is empty."""
    return [row for row in rows if not cell_of(row, place).strip()]


def fill_down(rows: list[list[str]], place: int) -> list[list[str]]:
    """Give an empty cell of the column the value of the cell above it."""
    above = ""
    filled: list[list[str]] = []
    for row in rows:
        if cell_of(row, place).strip():
            above = row[place]
        filled.append([above if number == place else cell for number, cell in enumerate(row)])
    return filled


def without_column(rows: list[list[str]], place: int) -> list[list[str]]:
    """Drop the column at the place."""
    return [[cell for number, cell in enumerate(row) if number != place % len(row)] for row in rows]


def columns_at(rows: list[list[str]], places: Iterable[int]) -> list[list[str]]:
    """Keep the columns at the places, in the order of the places."""
    wanted = list(places)
    return [[cell_of(row, place) for place in wanted] for row in rows]


def transposed_cells(rows: list[list[str]]) -> list[list[str]]:
    """Exchange rows and columns."""
    return [list(column) for column in zip_longest(*rows, fillvalue="")]


def one_row(rows: list[list[str]]) -> list[list[str]]:
    """Put all cells into one row."""
    return [[cell for row in rows for cell in row]]


def one_column(rows: list[list[str]]) -> list[list[str]]:
    """Put each cell into a row of its own."""
    return [[cell] for row in rows for cell in row]


def wrap_rows(rows: list[list[str]], count: int) -> list[list[str]]:
    """Join every so many rows into one."""
    starts = range(0, len(rows), max(count, 1))
    return [[cell for row in rows[start : start + count] for cell in row] for start in starts]


def join_blocks(rows: list[list[str]]) -> list[list[str]]:
    """Join the rows of each block into one row; empty rows separate the blocks."""
    blocks: list[list[str]] = [[]]
    for row in rows:
        if any(cell.strip() for cell in row):
            blocks[-1] += row
        elif blocks[-1]:
            blocks.append([])
    return padded_rows(filter(None, blocks))


def join_marked_blocks(rows: list[list[str]], mark: str) -> list[list[str]]:
    """Join rows into one, beginning anew at each first cell that starts with the mark."""
    blocks: list[list[str]] = []
    for row in filter(None, rows):
        if row[0].startswith(mark) or not blocks:
            blocks.append([])
        blocks[-1] += [row[0].removeprefix(mark), *row[1:]]
    return padded_rows(blocks)


def collect_rows(rows: list[list[str]]) -> list[list[str]]:
    """Join the rows with the same first cell: it, then the other cells of all of them."""
    collected: dict[str, list[str]] = {}
    for row in filter(None, rows):
        collected.setdefault(row[0], [row[0]]).extend(row[1:])
    return padded_rows(collected.values())


def spread_rows(rows: list[list[str]]) -> list[list[str]]:
    """Give a row for each filled cell after the first: the first cell, and it."""
    return [[row[0], cell] for row in rows for cell in row[1:] if cell.strip()]


def unpivot_rows(rows: list[list[str]]) -> list[list[str]]:
    """Give a row for each filled cell: the first cell of its row, its heading, and it."""
    headings = rows[0] if rows else []
    return [
        [row[0], heading, cell]
        for row in rows[1:]
        for heading, cell in zip(headings[1:], row[1:], strict=False)
        if cell.strip()
    ]


def pivot_rows(rows: list[list[str]]) -> list[list[str]]:
    """Make a table of rows of three cells: row name, heading, value."""
    table: dict[str, dict[str, str]] = {}
    headings: dict[str, None] = {}
    for row in rows:
        if len(row) != 3:
            raise InputError(f"expected three cells, found {len(row)}")
        name, heading, cell = row
        headings[heading] = None
        table.setdefault(name, {})[heading] = cell
    body = [
        [name, *(values.get(heading, "") for heading in headings)] for name, values in table.items()
    ]
    return [["", *headings], *body]


def under_headings(rows: list[list[str]]) -> list[list[str]]:
    """Put headings before the rows below them; a heading is a row whose last cell is empty."""
    headings: list[str] = []
    found: list[list[str]] = []
    above_is_heading = False
    for row in filter(None, rows):
        is_heading = not row[-1].strip()
        if is_heading:
            headings = (headings if above_is_heading else []) + [cell for cell in row if cell]
        else:
            found.append([*headings, *row])
        above_is_heading = is_heading
    return found


def tabulate_pairs(rows: list[list[str]]) -> list[list[str]]:
    """Make a table of rows of a key and a value; a key that comes again begins the next record."""
    records: list[dict[str, str]] = [{}]
    for row in rows:
        key, value = cell_of(row, 0), cell_of(row, 1)
        if not key.strip():
            continue
        if key in records[-1]:
            records.append({})
        records[-1][key] = value
    header = list(dict.fromkeys(key for record in records for key in record))
    return [header, *([record.get(key, "") for key in header] for record in records)]


def split_cell(rows: list[list[str]], place: int, delimiter: str) -> list[list[str]]:
    """Split the cell at the place in two at the delimiter."""
    split: list[list[str]] = []
    for row in rows:
        before, _, after = cell_of(row, place).partition(delimiter)
        at = place % len(row) if row else 0
        split.append([*row[:at], before, after, *row[at + 1 :]])
    return split


def split_into_rows(rows: list[list[str]], place: int, delimiter: str) -> list[list[str]]:
    """Give a row for each part of the cell at the place, which the delimiter separates."""
    return [
        [*row[:place], part, *row[place + 1 :]]
        for row in rows
        for part in cell_of(row, place).split(delimiter)
    ]


def merge_cells(rows: list[list[str]], place: int, delimiter: str) -> list[list[str]]:
    """Join the cell at the place and the next one, with the delimiter between."""
    return [
        [*row[:place], delimiter.join(row[place : place + 2]), *row[place + 2 :]] for row in rows
    ]


def cells_without(rows: list[list[str]], text: str) -> list[list[str]]:
    """Remove the text from every cell."""
    return [[cell.replace(text, "") for cell in row] for row in rows]


def sort_rows(rows: list[list[str]], place: int) -> list[list[str]]:
    """Sort the rows by the text of the cell at the place."""
    return sorted(rows, key=lambda row: cell_of(row, place))


def divide_column(rows: list[list[str]], place: int) -> list[list[str]]:
    """Make two columns of one: for cells that hold a digit, and for the others."""
    divided: list[list[str]] = []
    for row in rows:
        cell = cell_of(row, place)
        numeric = any(character.isdigit() for character in cell)
        divided.append([*row[:place], *((cell, "") if numeric else ("", cell)), *row[place + 1 :]])
    return divided
