"""The same operations on what is read line by line; none of them is searched for.

One that ends in `_streamed` stands for the operation whose name comes before, where a program works on streams.
"""

from collections.abc import Iterator

from toolbuilder.synthesis.layout import Role
from toolbuilder.synthesis.operations.operation import Operation

ENDING = "_streamed"
TWINS: tuple[tuple[str, str, str, Role], ...] = (
    ("read_lines", "Lines", "{0}", "read"),
    ("read_json_lines", "Items", "parse_json_lines({0})", "read"),
    ("read_csv", "Table", "stream_table({0})", "read"),
    ("read_tsv", "Table", "stream_tab_table({0})", "read"),
    ("number_lines", "NumberedLines", "enumerate({0}, start=1)", "transform"),
    ("number_lines_from", "NumberedLines", "enumerate({0}, start={1})", "transform"),
    ("first_lines", "Lines", "islice({0}, {1})", "transform"),
    ("skip_lines", "Lines", "islice({0}, {1}, None)", "transform"),
    ("lines_from", "Lines", "islice({0}, max({1} - 1, 0), None)", "transform"),
    ("drop_adjacent_repeats", "Lines", "first_of_runs({0})", "transform"),
    ("require_filled", "Lines", "checked_lines({0}, is_filled, {1})", "transform"),
    ("require_numbers", "Lines", "checked_lines({0}, is_number, {1})", "transform"),
    ("require_levels", "Lines", "checked_lines({0}, has_level, {1})", "transform"),
    ("require_log_lines", "Lines", "checked_lines({0}, is_log_line, {1})", "transform"),
    ("require_two_words", "Lines", "checked_lines({0}, has_two_words, {1})", "transform"),
    ("where", "Table", "rows_if({0}, {1}, lambda cell: cell == {2})", "transform"),
    ("rows_above", "Table", "rows_if({0}, {1}, lambda cell: parse_number(cell) > exact_number({2}))", "transform"),
    ("rows_from", "Table", "rows_if({0}, {1}, lambda cell: parse_number(cell) >= exact_number({2}))", "transform"),
    ("rows_below", "Table", "rows_if({0}, {1}, lambda cell: parse_number(cell) < exact_number({2}))", "transform"),
    ("rows_up_to", "Table", "rows_if({0}, {1}, lambda cell: parse_number(cell) <= exact_number({2}))", "transform"),
    ("select", "Table", "only_columns({0}, {1})", "transform"),
    ("records", "Records", "stream_records({0})", "transform"),
    ("column", "Lines", "stream_column({0}, {1})", "transform"),
    ("render_json_lines", "Output", "json_lines({0})", "write"),
    ("render_compact_json_lines", "Output", "compact_json_lines({0})", "write"),
    ("render_csv", "Output", "table_lines({0})", "write"),
    ("render_tsv", "Output", "tab_table_lines({0})", "write"),
)


def streamed(operations: dict[str, Operation]) -> Iterator[Operation]:
    """Give the operations on streams; what they say and how their values are named is as in the others."""
    for name, gives, code, role in TWINS:
        twin = operations[name]
        yield Operation(f"{name}{ENDING}", (), gives, code, twin.says, result=twin.result, role=role)
