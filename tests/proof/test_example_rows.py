import json
from typing import Any

import pytest

from tests.sabotage import Protection, assert_guarded
from toolbuilder.proof import example_rows

PATH = "tests/examples.json"
ROWS: list[dict[str, object]] = [
    {"id": "E1", "name": "", "stdin": "a", "output": 1},
    {"id": "E2", "name": "two", "stdin": "b", "output": {"a": 1, "b": 2}},
]


def content(rows: object) -> bytes:
    return json.dumps(rows, indent=2).encode()


def found(part: Any, data: bytes) -> list[str]:
    return [str(one).removeprefix(f"tests: {PATH}") for one in part.rows_stand({PATH: data}, PATH, content(ROWS))]


def edited(**changes: object) -> bytes:
    return content([ROWS[0], {**ROWS[1], **changes}])


def all_that_is_wanted_stands_in_any_layout_with_more(part: Any) -> None:
    assert found(part, content(ROWS)) == []
    assert found(part, json.dumps([{"id": "E9"}, *reversed(ROWS)]).encode()) == []
    assert found(part, edited(name="another name")) == []


def an_example_that_is_gone_or_doubled_is_named(part: Any) -> None:
    assert found(part, content(ROWS[:1])) == [":1: E2 is not there, so nothing shows it; restore it"]
    assert found(part, content([*ROWS, ROWS[0]])) == [":3: E1 stands twice; keep one"]


def an_example_that_says_otherwise_is_named_with_its_line(part: Any) -> None:
    words = "than the spec; change the example in the spec"
    assert found(part, edited(stdin="c", output=None)) == [f":9: E2 has another `stdin` and `output` {words}"]
    assert found(part, edited(output={"b": 2, "a": 1})) == [f":9: E2 has another `output` {words}"]
    assert found(part, edited(output={"a": True, "b": 2})) == [f":9: E2 has another `output` {words}"]


def a_file_that_is_no_list_of_examples_is_told_once(part: Any) -> None:
    words = ": is not a list of examples in JSON; restore it"
    for data in (b"", b"[", b"{}", b"[1]", b"\xff", b"[" * 100_000):
        assert found(part, data) == [words]
    missing = [one.message for one in part.rows_stand({}, PATH, content(ROWS))]
    assert missing == ["is missing, and with it every example; restore it"]


def the_ids_are_those_of_the_file(part: Any) -> None:
    assert part.rows_in({PATH: content(ROWS)}, PATH) == {"E1", "E2"}
    assert part.rows_in({PATH: b"["}, PATH) == part.rows_in({}, PATH) == set()


GUARDED: list[Protection] = [
    (all_that_is_wanted_stands_in_any_layout_with_more, "key not in DESCRIBES and ", ""),
    (an_example_that_is_gone_or_doubled_is_named, "if len(same) != 1:", "if not same:"),
    (an_example_that_is_gone_or_doubled_is_named, "if same else ", 'if same else "" and '),
    (an_example_that_says_otherwise_is_named_with_its_line, "_exact(same[0].get(key)) != _exact(wanted[key])", "same[0].get(key) != wanted[key]"),
    (an_example_that_says_otherwise_is_named_with_its_line, "json.dumps(value)", "json.dumps(value, sort_keys=True)"),
    (an_example_that_says_otherwise_is_named_with_its_line, "+ 1 if found else 1", "if found else 1"),
    (a_file_that_is_no_list_of_examples_is_told_once, "for row in value) else None", "for row in value) else []"),
    (a_file_that_is_no_list_of_examples_is_told_once, 'return [Finding("tests", path, "is missing', 'return [] and [Finding("tests", path, "is missing'),
    (the_ids_are_those_of_the_file, 'files.get(path, b"")', 'files.get(path, b"[{}]")'),
]  # fmt: skip


@pytest.mark.parametrize("protection", GUARDED)
def test_the_examples_that_tests_read_are_the_specs(protection: Protection) -> None:
    assert_guarded(example_rows, protection)
