import json
import time
from collections.abc import Callable

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from toolbuilder.yaml_files.text import dump, load

Dump = Callable[[JsonValue], str]

TEXTS = (
    st.text()
    | st.text(alphabet="\n \t:#-'\"ab|>&*!%@`[]{},?~=<1.\\\u2028\x85é😀\ufeff\r", max_size=12)
    | st.sampled_from(["yes", "No", "null", "~", "1", "1e3", "0x1", "1:30", "2024-01-01", "<<", "=", ".5", "-", "?"])
    | st.sampled_from([":", "a:", "- a", "---", "...", "0o7", "1_000", ".inf", "0b1", "y", "12:30:45", "+.INF"])
)
VALUES: st.SearchStrategy[JsonValue] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
TRICKY: list[JsonValue] = [
    "no",
    "1:30",
    "2024-01-01",
    "1e3",
    " a\nb",
    "a\n\n",
    "\n",
    "a: b\n",
    "x #y",
    {"on": "~"},
    1e16,
]


def flaw(write: Dump, value: JsonValue) -> str:
    """Say what a writer loses of a value, for this project's reader or one of YAML 1.1."""
    text = write(value)
    for reader, found in {"this one": load(text.encode(), "f").value, "one of 1.1": yaml.safe_load(text)}.items():
        if json.dumps(found) != json.dumps(value):
            return f"{value!r} became {found!r} for {reader}"
    return ""


@given(VALUES)
@settings(max_examples=400, deadline=None, derandomize=True)
def test_what_is_written_is_read_back_exactly(value: JsonValue) -> None:
    assert flaw(dump, value) == ""


@given(VALUES)
@settings(max_examples=50, deadline=None, derandomize=True)
def test_writing_is_deterministic(value: JsonValue) -> None:
    assert dump(load(dump(value).encode(), "f").value) == dump(value)


def unquoted(value: JsonValue) -> str:
    return "\n".join(f"{key}: {item}" for key, item in value.items()) if isinstance(value, dict) else f"{value}\n"


def for_readers_of_1_2_only(value: JsonValue) -> str:
    return dump(value).replace('"no"', "no").replace('"1:30"', "1:30").replace('"2024-01-01"', "2024-01-01")


def careless_of_the_last_newlines(value: JsonValue) -> str:
    return dump(value).replace("|+", "|").replace("|-", "|")


@pytest.mark.parametrize("sabotaged", [unquoted, for_readers_of_1_2_only, careless_of_the_last_newlines])
def test_a_careless_writer_would_be_noticed(sabotaged: Dump) -> None:
    assert not any(flaw(dump, value) for value in TRICKY)
    assert any(flaw(sabotaged, value) for value in TRICKY)


def test_a_record_looks_as_a_person_would_write_it() -> None:
    record: JsonValue = {
        "name": "log-levels",
        "z": {"b": 1, "a": [True, None, 0.5]},
        "empty": [{}, [], ""],
        "examples": [{"input": "one\n  two\n\nthree\n", "args": ["--top", "2"]}, [[1], "x"]],
        "pattern": '"\\d+": x',
        "ändern": "größer als vorher: ja",
        "cut": "no newline\nat the end",
        "long": "word " * 60 + "end",
    }

    assert dump(record) == (
        "name: log-levels\n"
        "z:\n  b: 1\n  a:\n    - true\n    - null\n    - 0.5\n"
        'empty:\n  - {}\n  - []\n  - ""\n'
        "examples:\n"
        '  - input: |\n      one\n        two\n\n      three\n    args:\n      - "--top"\n      - "2"\n'
        "  - - - 1\n    - x\n"
        "pattern: '\"\\d+\": x'\n"
        'ändern: "größer als vorher: ja"\n'
        "cut: |-\n  no newline\n  at the end\n"
        f"long: {'word ' * 60}end\n"
    )


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800", 10**500])
def test_what_has_no_exact_form_is_refused(value: JsonValue) -> None:
    with pytest.raises(ValueError, match="YAML"):
        dump({"key": value})


def test_deep_nesting_is_refused_where_the_reader_would_refuse_it() -> None:
    deep: JsonValue = 1
    for _ in range(100):
        deep = [deep]

    assert load(dump(deep).encode(), "f").value == deep
    with pytest.raises(ValueError, match="100 levels"):
        dump([deep])


def test_two_hundred_lines_are_written_in_a_moment() -> None:
    record: JsonValue = {f"key {n}": {"text": "a sentence of words", "list": [n, "x\ny\n"]} for n in range(40)}
    started = time.process_time()

    assert dump(record).count("\n") >= 200
    assert time.process_time() - started < 0.02
