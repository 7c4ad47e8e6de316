import pytest

from toolbuilder.synthesis import Example, Task
from toolbuilder.synthesis.goals import agrees, same_json, targets


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"a": 1, "b": 2}, {"a": 1, "b": 2}, True),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, False),
        ([1, [2]], [1, [2]], True),
        ([1], [1, 2], False),
        (1, 1.0, True),
        (1, True, False),
        (None, False, False),
    ],
)
def test_json_values_are_compared_with_the_order_of_keys(one: object, other: object, *, same: bool) -> None:
    assert same_json(one, other) is same


@pytest.mark.parametrize(
    ("expected", "as_value", "output", "same"),
    [
        ("a\n", False, "a", True),
        ("a\n\n", False, "a\n", False),
        ('{"a":1}', True, '{\n  "a": 1\n}\n', True),
        ('{"a":1}', False, '{"a": 1}\n', False),
        ("1", True, "no JSON", False),
    ],
)
def test_outputs_are_compared_as_the_example_says(expected: str, output: str, *, as_value: bool, same: bool) -> None:
    assert agrees(Example("E1", "", expected, as_value), output) is same


@pytest.mark.parametrize(
    ("output_type", "as_value", "expected", "writer"),
    [
        ("json", True, '{"a":1}', "render_json"),
        ("json", False, '{"a": 1}', "render_json_line"),
        ("json", False, '{"a":1}', "render_compact_json"),
        ("json", False, '{\n  "a": 1\n}', "render_json"),
        ("jsonl", False, '{"a": 1}\n', "render_json_lines"),
        ("jsonl", False, '{"a":1}\n', "render_compact_json_lines"),
        ("lines", False, "a\nb\n", "render_lines"),
        ("text", False, "a\n", "render_text"),
        ("text", False, "a\nb\n", "render_lines"),
        ("csv", False, "a,b\n1,2\n", "render_csv"),
        ("tsv", False, "a\tb\n1\t2\n", "render_tsv"),
    ],
)
def test_the_writer_prints_what_the_examples_show(
    output_type: str, expected: str, writer: str, *, as_value: bool
) -> None:
    task = Task("t", "", "text", output_type, (), (Example("E1", "", expected, as_value),))
    assert targets(task)[0].writer == writer


def test_an_output_that_is_not_of_its_type_has_no_target() -> None:
    assert targets(Task("t", "", "text", "json", (), (Example("E1", "", "{"),))) == []
