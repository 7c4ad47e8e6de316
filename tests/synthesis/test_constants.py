from tests.synthesis.synthesis_tasks import shown
from toolbuilder.synthesis import Task
from toolbuilder.synthesis.constants import mine
from toolbuilder.synthesis.terms import Literal


def mined(description: str, input_type: str, *pairs: tuple[str, str]) -> dict[Literal, int]:
    examples = tuple(shown(number, given, expected) for number, (given, expected) in enumerate(pairs, start=1))
    return dict(mine(Task("t", description, input_type, "lines", (), examples)))


def test_numbers_are_read_as_digits_and_as_words() -> None:
    found = mined("Print the three lines before line 7", "lines", ("a\n", "a\n"))
    assert found[Literal(3, "Size")] == found[Literal(7, "Size")] == 0


def test_ordinals_name_places_counted_from_0() -> None:
    found = mined("Print the second and the last word", "lines", ("a b\n", "b b\n"))
    assert found[Literal(1, "Position")] == found[Literal(-1, "Position")] == 0 < found[Literal(2, "Position")]


def test_a_delimiter_needs_two_examples() -> None:
    assert Literal(":", "Delimiter") not in mined("Split", "lines", ("a:b\n", "a\n"), ("c\n", "c\n"))
    assert Literal(":", "Delimiter") in mined("Split", "lines", ("a:b\n", "a\n"), ("c:d\n", "c\n"))


def test_columns_and_keys_come_from_every_example() -> None:
    found = mined("The age", "csv", ("name,age\na,1\n", "1\n"), ("age,city\n2,b\n", "2\n"))
    assert found == {**found, Literal("age", "Column"): 0}
    assert Literal("name", "Column") not in found
    keys = mined("The age", "json", ('{"age": {"x": 1}}', "1\n"), ('{"age": {"x": 2}}', "2\n"))
    assert keys[Literal("age", "Key")] == 0 < keys[Literal("x", "Key")]


def test_words_of_the_description_that_occur_in_an_input_may_be_looked_for() -> None:
    found = mined("Keep the ERROR and 'no go' lines", "lines", ("ERROR x\nno go\n", ""), ("ERROR\n", ""))
    assert Literal("ERROR", "Word") in found
    assert Literal("no go", "Word") in found
    assert Literal("lines", "Word") not in found


def test_date_formats_and_units_are_named() -> None:
    found = mined("Convert dates from MM/DD/YYYY to ISO, and kilometres to miles", "lines", ("a\n", "b\n"))
    assert Literal("%m/%d/%Y", "DateFormat") in found
    assert Literal("%Y-%m-%d", "DateFormat") in found
    assert {"KILOMETRE", "MILE"} <= {literal.value for literal in found if literal.kind == "Length"}


def test_the_numbers_of_a_version_a_date_or_a_time_count_nothing() -> None:
    found = mined("Sort versions such as 1.10.2 seen on 2024-12-31 at 10:30.", "lines", ("a\n", "a\n"))
    assert not [
        literal for literal, cost in found.items() if literal.kind == "Size" and literal.value != 1 and not cost
    ]


def test_a_date_in_the_description_shows_how_dates_are_written() -> None:
    found = mined("Write dates such as 31/12/2024 as 2024-12-31; 01/02/2024 is one.", "lines", ("a\n", "a\n"))
    shown_patterns = {literal.value for literal in found if literal.kind == "DateFormat"}
    assert shown_patterns == {"%d/%m/%Y", "%Y-%m-%d"}


def test_a_mark_between_two_words_of_the_description_is_a_delimiter() -> None:
    pairs = ("A=1\n", "1\n"), ("b\n", "b\n")
    assert found_delimiter("Turn NAME=value lines round.", *pairs)
    assert not found_delimiter("Turn lines round.", *pairs)


def found_delimiter(description: str, *pairs: tuple[str, str]) -> bool:
    return Literal("=", "Delimiter") in mined(description, "lines", *pairs)


def test_the_first_line_of_a_plain_text_names_columns_only_where_the_description_speaks_of_some() -> None:
    pairs = ("NAME AGE\nx 1\n", "x\n"), ("NAME AGE\ny 2\n", "y\n")
    assert Literal("AGE", "Column") in mined("Print the column NAME.", "lines", *pairs)
    assert Literal("AGE", "Column") not in mined("Print the first words.", "lines", *pairs)
