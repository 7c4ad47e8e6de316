"""Every operation of the catalogue, on one input, through the text that is emitted for it."""

from decimal import Decimal

import pytest

from tests.synthesis.derived_rows import DERIVED_ROWS
from tests.synthesis.emitted_operations import emitted
from tests.synthesis.json_rows import JSON_ROWS
from tests.synthesis.text_rows import TEXT_ROWS
from toolbuilder.synthesis.library.formats import Heading
from toolbuilder.synthesis.library.tables import Table
from toolbuilder.synthesis.operations import CATALOGUE, SEARCHED

APPLIED_TO_FUNCTIONS = {"each", "each_line", "keep", "collect", "explained"}
TABLE = Table(["name", "age"], [["ann", "10"], ["bob", "9"], ["ann", "1"]])
ROWS: dict[str, tuple[tuple[object, ...], object]] = {
    **JSON_ROWS,
    **TEXT_ROWS,
    **DERIVED_ROWS,
    "read_lines": (("a\n\nb\n",), ["a", "", "b"]),
    "read_text": (("a\nb\n",), "a\nb"),
    "read_words": (("a  b\nc\n",), ["a", "b", "c"]),
    "read_paragraphs": (("a\nb\n\n \nc\n",), ["a\nb", "c"]),
    "read_characters": (("ab\nc\n",), ["a", "b", "c"]),
    "read_ini": (("[a]\nX = 1\n",), {"a": {"X": "1"}}),
    "read_properties": (("# note\na = 1\n\nb=2\n", "="), {"a": "1", "b": "2"}),
    "read_headings": (("# A\n```\n# no\n```\n## B ##\n",), [Heading(1, "A"), Heading(2, "B")]),
    "read_csv": (('name,age\n"x, y",3\n',), Table(["name", "age"], [["x, y", "3"]])),
    "read_tsv": (("name\tage\nx\t3\n",), Table(["name", "age"], [["x", "3"]])),
    "read_csv_rows": (("a,b\nc\n",), [["a", "b"], ["c"]]),
    "read_tsv_rows": (("a\tb\nc\n",), [["a", "b"], ["c"]]),
    "read_json": (('{"a": [1, 2.5, null]}',), {"a": [1, 2.5, None]}),
    "read_json_lines": (('{"a": 1}\n\n2\n',), [{"a": 1}, 2]),
    "file_list": (({"a": "1"},), [("a", "1")]),
    "file_names": (({"a": "1", "b": "2"},), ["a", "b"]),
    "joined_text": (({"a": "1\n", "b": "2\n"},), "1\n2\n"),
    "same_content": (({"a": "1", "b": "2", "c": "1"},), [["a", "c"]]),
    "count_up": ((3,), [1, 2, 3]),
    "join_row": ((["a", "b"], "-"), "a-b"),
    "sort_lines": ((["b", "B", "a", "10", "9"],), ["10", "9", "B", "a", "b"]),
    "sort_lines_down": ((["b", "c", "a"],), ["c", "b", "a"]),
    "sort_lines_flag": ((["b", "c", "a"], True), ["c", "b", "a"]),
    "sort_folded": ((["b", "B", "a"],), ["a", "b", "B"]),
    "sort_numbers": ((["10", "9", "-1.5"],), ["-1.5", "9", "10"]),
    "sort_numbers_down": ((["9", "10"],), ["10", "9"]),
    "sort_lengths": ((["ccc", "a", "bb"],), ["a", "bb", "ccc"]),
    "sort_lengths_down": ((["a", "ccc", "bb"],), ["ccc", "bb", "a"]),
    "reverse_lines": ((["a", "b"],), ["b", "a"]),
    "lines_from": ((["a", "b", "c"], 2), ["b", "c"]),
    "contains_unless": (("a TODO", "TODO", True), False),
    "read_lower_words": (("The THE\nÉ",), ["the", "the", "é"]),
    "find_lower_words": (("The, THE!\nÉ",), ["the", "the", "é"]),
    "largest_by": ((TABLE, "name", "age"), Table(["name", "age"], [["ann", "10"], ["bob", "9"]])),
    "smallest_by": ((TABLE, "name", "age"), Table(["name", "age"], [["ann", "1"], ["bob", "9"]])),
    "mean_by": ((TABLE, "name", "age"), Table(["name", "age"], [["ann", "5.5"], ["bob", "9"]])),
    "distinct_rows_by": ((TABLE, "name", "age"), Table(["name", "age"], [["ann", "2"], ["bob", "1"]])),
    "distinct_counts": ((TABLE, "name", "age"), {"ann": 2, "bob": 1}),
    "row_field": ((["a", "b"], -1), "b"),
    "unique": ((["b", "a", "b"],), ["b", "a"]),
    "drop_adjacent_repeats": ((["b", "b", "a", "b"],), ["b", "a", "b"]),
    "repeated": ((["b", "a", "b"],), ["b"]),
    "repeated_runs": ((["b", "a", "b", "c", "c"],), ["c"]),
    "occurring_once": ((["b", "a", "b"],), ["a"]),
    "single_runs": ((["b", "a", "a", "b"],), ["b", "b"]),
    "first_lines": ((["a", "b", "c"], 2), ["a", "b"]),
    "last_lines": ((["a", "b", "c"], 2), ["b", "c"]),
    "skip_lines": ((["a", "b", "c"], 2), ["c"]),
    "drop_last_lines": ((["a", "b", "c"], 2), ["a"]),
    "contains": (("a TODO", "TODO"), True),
    "lacks": (("a TODO", "TODO"), False),
    "starts_with": (("#a", "#"), True),
    "starts_otherwise": (("#a", "#"), False),
    "ends_with": (("a.py", ".py"), True),
    "is_filled": ((" \t",), False),
    "is_no_comment": ((" # a", "#"), False),
    "member_is": (({"a": "x"}, "a", "x"), True),
    "member_is_not": (({"a": "x"}, "b", "x"), True),
    "record_is": (({"a": "x"}, "a", "y"), False),
    "squeeze_blank": ((["a", "", "", "b", ""],), ["a", "", "b", ""]),
    "number_lines": ((["a", "b"],), [(1, "a"), (2, "b")]),
    "wrap_lines": ((["abcde", ""], 2), ["ab", "cd", "e", ""]),
    "join_lines": ((["a", "b"], ", "), "a, b"),
    "count_lines": ((["a", "b"],), 2),
    "count_words": ((" a  b\n",), 2),
    "count_characters": (("é\n",), 2),
    "count_bytes": (("é\n",), 3),
    "count_values": ((["b", "a", "b"],), {"b": 2, "a": 1}),
    "most_common": ((["a", "b", "c", "b"],), [("b", 2), ("a", 1), ("c", 1)]),
    "most_common_first": ((["a", "b", "c", "b"], 2), [("b", 2), ("a", 1)]),
    "counts_sorted": (({"b": 1, "a": 2},), {"a": 2, "b": 1}),
    "counts_ranked": (({"b": 1, "a": 2},), {"a": 2, "b": 1}),
    "counts_top": (({"b": 1, "a": 2}, 1), {"a": 2}),
    "tallies": (({"b": 1},), [("b", 1)]),
    "tallies_sorted": (({"b": 1, "a": 2},), [("a", 2), ("b", 1)]),
    "count_runs": ((["a", "a", "b", "a"],), [("a", 2), ("b", 1), ("a", 1)]),
    "lower": (("ÀB",), "àb"),
    "upper": (("àb",), "ÀB"),
    "title": (("ab cD",), "Ab Cd"),
    "capitalize": (("ab cD",), "Ab cd"),
    "swapcase": (("aB",), "Ab"),
    "strip": ((" a ",), "a"),
    "strip_right": ((" a ",), " a"),
    "strip_left": ((" a ",), "a "),
    "squeeze_white_space": ((" a \t b ",), "a b"),
    "squeeze_spaces": (("  a \t b ",), " a \t b "),
    "reverse_text": (("abc",), "cba"),
    "expand_tabs": (("a\tb", 4), "a   b"),
    "slugify": (("  It's -- C++! ",), "it-s-c"),
    "anchor": (("What's New?",), "whats-new"),
    "indent": ((3,), "    "),
    "replace": (("a-b-c", "-", "_"), "a_b_c"),
    "remove": (("a-b-c", "-"), "abc"),
    "field": (("a:b:c", ":", 1), "b"),
    "word": (("a  b c", -1), "c"),
    "log_level": (("2024 WARNING x",), "WARNING"),
    "before": (("a:b:c", ":"), "a"),
    "after": (("a:b:c", ":"), "b:c"),
    "after_last": (("a:b:c", ":"), "c"),
    "after_word": (("# TODO: x ", "TODO:"), "x"),
    "first_characters": (("abc", 2), "ab"),
    "last_characters": (("abc", 2), "bc"),
    "skip_characters": (("abc", 2), "c"),
    "find_emails": (("<a.b@c.org>, d@e.co.uk.",), ["a.b@c.org", "d@e.co.uk"]),
    "find_urls": (("see https://a.b/c?d=e, or (http://f.g).",), ["https://a.b/c?d=e", "http://f.g"]),
    "find_numbers": (("a 1 b -2.5",), ["1", "-2.5"]),
    "find_hashtags": (("a #b c#d #e",), ["#b", "#e"]),
    "find_ip_addresses": (("10.0.0.1 300.1.1.1",), ["10.0.0.1"]),
    "read_query": (("http://a.b/?c=d%20e&f=",), {"c": "d e", "f": ""}),
    "base64_encode": (("é",), "w6k="),
    "base64_encode_text": (("a\n",), "YQo="),
    "base64_decode": (("w6k=",), "é"),
    "sha256": (("",), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    "sha1": (("",), "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
    "md5": (("",), "d41d8cd98f00b204e9800998ecf8427e"),
    "to_roman": ((1994,), "MCMXCIV"),
    "from_roman": (("MCMXCIV",), 1994),
    "reformat_date": (("03/14/2024", "%m/%d/%Y", "%Y-%m-%d"), "2024-03-14"),
    "convert_length": ((Decimal(10), Decimal(1000), Decimal(100)), Decimal(100)),
    "convert_mass": ((Decimal(10), Decimal(1000), Decimal(100)), Decimal(100)),
    "convert_time": ((Decimal(10), Decimal(1000), Decimal(100)), Decimal(100)),
    "celsius_to_fahrenheit": ((Decimal(100),), Decimal(212)),
    "fahrenheit_to_celsius": ((Decimal(212),), Decimal(100)),
    "length": (("é",), 1),
    "words_in_line": (("a b",), 2),
    "integer": (("-3",), -3),
    "number": (("1.50",), Decimal("1.50")),
    "first_number": (("a -1.5 b 2",), Decimal("-1.5")),
    "integer_text": ((3,), "3"),
    "plain": ((Decimal("1E+2"),), "100"),
    "fixed": ((Decimal("2.345"), 1), "2.3"),
    "json_number": ((Decimal("2.0"),), 2),
    "numbers_of": ((["1", " 2.5"],), [Decimal(1), Decimal("2.5")]),
    "total": (([Decimal("0.1"), Decimal("0.2")],), Decimal("0.3")),
    "mean": (([Decimal(1), Decimal(2)],), Decimal("1.5")),
    "median": (([Decimal(1), Decimal(9), Decimal(2)],), Decimal(2)),
    "smallest": (([Decimal(2), Decimal(1)],), Decimal(1)),
    "largest": (([Decimal(2), Decimal(1)],), Decimal(2)),
    "records": ((Table(["a"], [["1"]]),), [{"a": "1"}]),
    "column": ((TABLE, "age"), ["10", "9", "1"]),
    "record_field": (({"a": "1"}, "a"), "1"),
    "total_by": ((TABLE, "name", "age"), Table(["name", "age"], [["ann", "11"], ["bob", "9"]])),
    "rows_above": ((TABLE, "age", 9), Table(["name", "age"], [["ann", "10"]])),
    "rows_from": ((TABLE, "age", 9), Table(["name", "age"], [row for row in TABLE.rows if row[1] != "1"])),
    "rows_below": ((TABLE, "age", 9), Table(["name", "age"], [["ann", "1"]])),
    "rows_up_to": ((TABLE, "age", 9), Table(["name", "age"], [row for row in TABLE.rows if row[1] != "10"])),
    "count_by": ((TABLE, "name", "count"), Table(["name", "count"], [["ann", "2"], ["bob", "1"]])),
    "sort_table": ((TABLE, "age"), Table(["name", "age"], [["ann", "1"], ["ann", "10"], ["bob", "9"]])),
    "sort_table_numbers": ((TABLE, "age"), Table(["name", "age"], [["ann", "1"], ["bob", "9"], ["ann", "10"]])),
    "reverse_table": ((TABLE,), Table(["name", "age"], [["ann", "1"], ["bob", "9"], ["ann", "10"]])),
    "where": ((TABLE, "name", "bob"), Table(["name", "age"], [["bob", "9"]])),
    "select": ((TABLE, ["age"]), Table(["age"], [["10"], ["9"], ["1"]])),
    "first_rows": ((TABLE, 1), Table(["name", "age"], [["ann", "10"]])),
    "unique_rows": ((Table(["a"], [["1"], ["1"]]),), Table(["a"], [["1"]])),
    "as_items": (([1, None],), [1, None]),
    "as_object": (({"a": 1},), {"a": 1}),
    "as_objects": (([{"a": 1}],), [{"a": 1}]),
    "member": (({"a": None}, "a"), None),
    "plain_json": (([1, "é"],), '[1, "é"]'),
    "flatten_object": (({"a": {"b": 1, "c": {}}, "d": [{"e": 2}]}, "."), {"a.b": 1, "a.c": {}, "d": [{"e": 2}]}),
    "when": ((True, "a", "b"), "a"),
    "chosen": (("a", "b"), False),
    "given": ((None,), False),
    "require_lines": ((["a"], "no lines"), ["a"]),
    "require_content": (("a", "no text"), "a"),
    "require_rows": ((TABLE, "no rows"), TABLE),
    "require_filled": ((["a"], "blank"), ["a"]),
    "require_numbers": ((["1.5"], "no number"), ["1.5"]),
    "require_levels": ((["INFO a"], "no level"), ["INFO a"]),
    "require_log_lines": ((["2024-01-01 12:00 INFO a"], "no log"), ["2024-01-01 12:00 INFO a"]),
    "require_two_words": ((["a b"], "no words"), ["a b"]),
    "render_text": (("a",), "a\n"),
    "render_lines": ((["a", ""],), "a\n\n"),
    "render_json": (({"é": [1]},), '{\n  "é": [\n    1\n  ]\n}\n'),
    "render_json_line": (({"a": [1, 2]},), '{"a": [1, 2]}\n'),
    "render_compact_json": (({"a": [1, 2]},), '{"a":[1,2]}\n'),
    "render_json_lines": (([{"a": 1}, 2],), '{"a": 1}\n2\n'),
    "render_compact_json_lines": (([{"a": 1}],), '{"a":1}\n'),
    "render_csv": ((Table(["a"], [["b, c"]]),), 'a\n"b, c"\n'),
    "render_tsv": ((Table(["a", "b"], [["c", "d"]]),), "a\tb\nc\td\n"),
    "render_rows": (([["a", 'b"']],), 'a,"b"""\n'),
    "render_tab_rows": (([["a", "b"]],), "a\tb\n"),
}


def gives(operation: str, arguments: tuple[object, ...], expected: object) -> bool:
    value = emitted(operation)(*arguments)
    return value == expected and type(value).__name__ == type(expected).__name__


def test_every_operation_has_a_row() -> None:
    assert ROWS.keys() == SEARCHED.keys() - APPLIED_TO_FUNCTIONS


@pytest.mark.parametrize("operation", ROWS)
def test_an_operation_gives_what_its_row_says(operation: str) -> None:
    arguments, expected = ROWS[operation]
    assert gives(operation, arguments, expected)


def test_an_operation_that_is_not_the_one_of_the_row_is_noticed() -> None:
    arguments, expected = ROWS["unique"]
    assert not gives("drop_adjacent_repeats", arguments, expected)


def test_confusable_operations_have_the_same_signature() -> None:
    for operation in CATALOGUE.values():
        for other in (*operation.confused_with, *operation.finer):
            assert (CATALOGUE[other].takes, CATALOGUE[other].gives) == (operation.takes, operation.gives)


def test_every_operation_has_a_name_of_its_own_and_a_sentence() -> None:
    assert all(name == operation.name for name, operation in CATALOGUE.items())
    assert all(operation.says.endswith(".") for operation in CATALOGUE.values())
