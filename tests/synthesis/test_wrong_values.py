"""Operations on values that are not what they should be."""

from decimal import Decimal

import pytest

from tests.synthesis.emitted_operations import emitted
from toolbuilder.synthesis.library.errors import InputError
from toolbuilder.synthesis.library.tables import Table

TABLE = Table(["name", "age"], [["ann", "10"]])
WRONG: dict[str, tuple[tuple[object, ...], str]] = {
    "read_ini": (("x = 1\n",), "not an INI file: File contains no section headers."),
    "read_properties": (("a = 1\nb\n", "="), "line 2: there is no '=' in 'b'"),
    "read_csv": (("a,b\n1,2\n3\n",), "line 3: expected 2 fields, found 1"),
    "read_csv_rows": (('a\n"b\n',), "line 2: unexpected end of data"),
    "read_json": (("[1,\n 2,,]",), "line 2, column 4: invalid JSON: Expecting value"),
    "read_json_lines": (
        ("1\n{\n",),
        "line 2, column 2: invalid JSON: Expecting property name enclosed in double quotes",
    ),
    "sort_numbers": ((["1", "x"],), "not a number: 'x'"),
    "field": (("a:b", ":", 2), "too few fields between ':' in 'a:b'"),
    "word": (("a", 1), "too few words in 'a'"),
    "after": (("a", ":"), "there is no ':' in 'a'"),
    "log_level": (("a",), "there is no log level in 'a'"),
    "base64_decode": (("!",), "not Base64 text: '!'"),
    "to_roman": ((4000,), "no Roman numeral for 4000"),
    "from_roman": (("IVX?",), "not a Roman numeral: 'IVX?'"),
    "reformat_date": (("02/30/2024", "%m/%d/%Y", "%Y-%m-%d"), "not a date like MM/DD/YYYY: '02/30/2024'"),
    "hour_in": (("24:00 2024-05-01",), "there is no time of day in '24:00 2024-05-01'"),
    "month_in": (("1/2/2024",), "there is no date in '1/2/2024'"),
    "day_in": (("2024-02-30",), "there is no such day: 2024-02-30"),
    "host_of": (("/only/a/path",), "there is no host in '/only/a/path'"),
    "path_of": (("http://[x",), "not a web address: 'http://[x'"),
    "mail_domain": (("a@",), "not an e-mail address: 'a@'"),
    "status_class": (("600",), "not an HTTP status code: '600'"),
    "version_numbers": (("1.x",), "not a version: '1.x'"),
    "after_words": (("a  b ", 2), "no more than 2 words in 'a  b '"),
    "read_spaced_table": (("A B\n1\n",), "line 2: expected 2 columns, found 1"),
    "read_markdown_table": (("|a|\n|-|\n|1|2|\n",), "line 3: expected 1 cells, found 2"),
    "shares_of_counts": (({"a": 0},), "there are no shares of a total of 0"),
    "json_number": ((Decimal("1" * 400 + ".5"),), "a number is too large to be written in JSON"),
    "integer": (("1.5",), "not a whole number: '1.5'"),
    "number": (("NaN",), "not a finite number: 'NaN'"),
    "first_number": (("a",), "there is no number in 'a'"),
    "mean": (([],), "there is no mean of no numbers"),
    "median": (([],), "there is no median of no numbers"),
    "smallest": (([],), "there is no smallest of no numbers"),
    "largest": (([],), "there is no largest of no numbers"),
    "column": ((TABLE, "city"), "there is no column 'city'"),
    "record_field": (({}, "city"), "there is no column 'city'"),
    "total_by": ((TABLE, "age", "name"), "not a number: 'ann'"),
    "as_items": (({},), "expected a JSON array"),
    "as_object": (([],), "expected a JSON object"),
    "as_objects": (([{}, 1],), "item 2: expected a JSON object"),
    "member": (({"a": 1}, "b"), "there is no key 'b' in {\"a\": 1}"),
    "flatten_object": (([], "."), "expected a JSON object"),
    "item_at": (([1], 1), "there is no item 1 among 1"),
    "as_arrays": (([[], 1],), "item 2: expected a JSON array"),
    "as_texts": (([1],), "item 1: expected a JSON string"),
    "as_numbers": (([1, True],), "item 2: expected a JSON number"),
    "as_text": ((None,), "expected a JSON string, found null"),
    "as_number": ((True,), "expected a JSON number, found true"),
    "read_number": (("x",), "not a number: 'x'"),
    "parse_json": (("{",), "not a JSON document: '{'"),
    "keys_of": ((1,), "expected a JSON object or array"),
    "size_of": ((True,), "a boolean has no length"),
    "divided": ((1, 0), "cannot divide 1 by zero"),
    "remainder": ((1, 0.5), "cannot divide 1 by zero"),
    "square_root": ((-1,), "there is no square root of -1"),
    "smallest_value": (([],), "there is no smallest of no numbers"),
    "largest_value": (([],), "there is no largest of no numbers"),
    "mean_value": (([],), "there is no mean of no numbers"),
    "least_object": (([], "a"), "there is no smallest of no objects"),
    "greatest_object": (([], "a"), "there is no largest of no objects"),
    "broken_down": (("today",), "not a time like 2015-03-05T23:51:47Z: 'today'"),
    "look_up": (({"m": "Mr.", "f": "Ms."}, "x"), "expected m or f, found 'x'"),
    "between": (("a (b", "(", ")"), "there is no '(' and ')' in 'a (b'"),
    "all_fields": (("a:b", ":", [0, 2]), "too few fields between ':' in 'a:b'"),
    "shared": ((Decimal("1.5"), 0.0), "cannot divide 1.5 by zero"),
    "pivot": (([["a"]],), "expected three cells, found 1"),
    "require_lines": (([], "no lines"), "no lines"),
    "require_content": ((" ", "no text"), "no text"),
    "require_rows": ((Table(["a"], []), "no rows"), "no rows"),
    "require_filled": ((["a", " "], "blank"), "line 2: blank"),
    "require_numbers": ((["1", "x"], "no number"), "line 2: no number"),
    "require_levels": ((["x"], "no level"), "line 1: no level"),
    "require_log_lines": ((["2024-01-01 INFO a", "ERROR b"], "no log"), "line 2: no log"),
    "require_two_words": ((["a b", "c"], "no words"), "line 2: no words"),
}


@pytest.mark.parametrize("operation", WRONG)
def test_a_wrong_value_is_refused_with_one_clear_message(operation: str) -> None:
    arguments, message = WRONG[operation]
    with pytest.raises(InputError) as caught:
        emitted(operation)(*arguments)
    assert str(caught.value) == message
