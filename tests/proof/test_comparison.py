import pytest
from pydantic import JsonValue

from toolbuilder.proof.comparison import Outcome, compare, output_difference
from toolbuilder.spec import Example

SAME: list[tuple[JsonValue, str]] = [
    ("", ""), ("", "\n"), ("a", "a\n"), ("a\n", "a"), ("a\n\n", "a\n\n"), ("5", "5\n"),
    (5, "5\n"), (1, "1.0"), ({}, "{ }"), ({"a": 1, "b": [True, None]}, '{"a":1,\n"b":[true,null]}'), (None, "null"),
]  # fmt: skip
DIFFERENT: list[tuple[JsonValue, str, str]] = [
    ("a", "a\n\n", "line 2: expected nothing, got ''"),
    ("a\nx\n", "a\ny\n", "line 2: expected 'x', got 'y'"),
    ("a\r\n", "a\n", r"line 1: expected 'a\r', got 'a'"),
    ("a", "", "line 1: expected 'a', got ''"),
    ("a\nb", "a", "line 2: expected 'b', got nothing"),
    ("a", " a", "line 1: expected 'a', got ' a'"),
    ({"a": 1}, "oops", "the output is not JSON: Expecting value: line 1 column 1 (char 0); it begins 'oops'"),
    ({"a": 1}, "", "the output is not JSON: Expecting value: line 1 column 1 (char 0); it begins ''"),
    (1, "true", "output: expected 1, got True"),
    (True, "1", "output: expected True, got 1"),
    ([0], "[false]", "output[0]: expected 0, got False"),
    ({"a": {"b": [1, 2]}}, '{"a": {"b": [1, 3]}}', "output.a.b[1]: expected 2, got 3"),
    ([1, 2], "[1]", "output: expected 2 items, got 1"),
    ({"a": 1, "b": 2}, '{"a": 1}', "output: lacks 'b'"),
    ({"a": 1}, '{"a": 1, "b": 2}', "output: has 'b' too"),
    ({"a": 1, "b": 2}, '{"b": 2, "a": 1}', "output: expected the keys in the order ['a', 'b'], got ['b', 'a']"),
    ({}, "[]", "output: expected {}, got []"),
    ("x" * 500, "y", f"line 1: expected '{'x' * 159}…, got 'y'"),
]


@pytest.mark.parametrize(("expected", "printed"), SAME)
def test_the_same_is_the_same(expected: JsonValue, printed: str) -> None:
    assert output_difference(expected, printed) == ""


@pytest.mark.parametrize(("expected", "printed", "difference"), DIFFERENT)
def test_a_difference_is_located(expected: JsonValue, printed: str, difference: str) -> None:
    assert output_difference(expected, printed) == difference


def test_another_exit_code_comes_with_what_was_said() -> None:
    example = Example(input="", output="a")

    difference = compare(example, Outcome("", "tool: error: no\n", 2))

    assert difference == "exit code: expected 0, got 2; standard error: 'tool: error: no'"


def test_a_message_has_to_hold_the_words() -> None:
    example = Example(input="", exit_code=2, stderr="line 3")

    assert compare(example, Outcome("", "tool: error: line 3: bad\n", 2)) == ""
    assert compare(example, Outcome("", "oops\n", 2)) == "standard error: expected 'line 3' in it, got 'oops'"


def test_a_failure_prints_nothing() -> None:
    assert compare(Example(input="", exit_code=2), Outcome("x", "", 2)) == "line 1: expected '', got 'x'"


def test_written_files_are_compared_exactly() -> None:
    example = Example(input="", output={"b": "2\n", "a": "1"})

    assert compare(example, Outcome("", "", 0, {"a": "1", "b": "2\n"})) == ""
    assert compare(example, Outcome("", "", 0, {"a": "1", "b": "2"})) == r"files.b: expected '2\n', got '2'"
    assert compare(example, Outcome("", "", 0, {"a": "1"})) == "files: lacks 'b'"
