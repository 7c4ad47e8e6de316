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
