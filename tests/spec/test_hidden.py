from typing import Any

import pytest

from tests.sabotage import Protection, assert_guarded
from toolbuilder.errors import FileIsWrong
from toolbuilder.spec import file, hidden
from toolbuilder.yaml_files.text import load

SPEC = """\
name: dedupe  # it drops lines
description: "Remove duplicate lines."
input_type: lines
output_type: lines
options: [{name: top, help: "How many."}]
examples:
  - {name: "plain", input: "a\\na\\n", output: "a\\n"}
"""
WORDS = "an invisible character that changes how text reads: U+202E; take it out; only an example's"


def places(part: Any, text: str) -> list[tuple[int, int]]:
    content = text.encode()
    found = part.invisible_problems(content, load(content, "dedupe.yaml"))
    assert all(problem.message.startswith(WORDS) and str(problem).isprintable() for problem in found)
    return [(problem.line, problem.column) for problem in found]


def what_can_be_seen_passes(part: Any) -> None:
    assert places(part, SPEC) == places(part, f"\ufeff{SPEC}") == []


def no_character_stands_anywhere_as_it_is(part: Any) -> None:
    assert places(part, SPEC.replace("it drops", "it \u202edrops")) == [(1, 20)]
    assert places(part, "\ufeff" + SPEC.replace("it drops", "it \u202edrops")) == [(1, 20)]
    assert places(part, SPEC.replace("duplicate", "\u202eduplicate")) == [(2, 22)]
    assert places(part, SPEC.replace('"a\\na', '"\u202ea\\na')) == [(7, 29)]


def only_data_of_examples_holds_one_that_is_spelt_out(part: Any) -> None:
    assert places(part, SPEC.replace("duplicate", "\\u202eduplicate")) == [(2, 14)]
    assert places(part, SPEC.replace("How many", "\\u202eHow many")) == [(5, 29)]
    assert places(part, SPEC.replace('"plain"', '"\\u202e"')) == [(7, 12)]
    assert places(part, SPEC.replace('"a\\n', '"\\u202ea\\n')) == []


GUARDED: list[Protection] = [
    (what_can_be_seen_passes, '"utf-8-sig"', '"utf-8"'),
    (no_character_stands_anywhere_as_it_is, '[*_as_they_are(content.decode("utf-8-sig"), located)] or ', ""),
    (no_character_stands_anywhere_as_it_is, "located.line_starts[line - 1] + 1", "located.line_starts[line - 1]"),
    (only_data_of_examples_holds_one_that_is_spelt_out, " or ([*_spelt_out(located)] if escapes else [])", ""),
    (only_data_of_examples_holds_one_that_is_spelt_out, "if key in DATA:", "if key:"),
    (only_data_of_examples_holds_one_that_is_spelt_out, "if key in DATA:", "if not key:"),
    (only_data_of_examples_holds_one_that_is_spelt_out, "(*path, index), part)", '("examples", 1, "input"), part)'),
]


@pytest.mark.parametrize("protection", GUARDED)
def test_nothing_in_a_spec_is_invisible(protection: Protection) -> None:
    assert_guarded(hidden, protection)


def a_spec_is_refused_for_what_cannot_be_seen(part: Any) -> None:
    with pytest.raises(FileIsWrong) as refused:
        part.parse_spec(SPEC.replace("duplicate", "\u202eduplicate").encode(), "dedupe.yaml")
    assert str(refused.value).startswith(f"dedupe.yaml:2:22: {WORDS}")
    assert part.parse_spec(SPEC.replace('"a\\n', '"\\u202ea\\n').encode(), "").examples[0].output == "\u202ea\n"


def test_a_spec_with_invisible_characters_is_refused() -> None:
    without = "if hidden := invisible_problems(content, located):", "if hidden := []:"
    assert_guarded(file, (a_spec_is_refused_for_what_cannot_be_seen, *without))
