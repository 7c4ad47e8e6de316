from typing import Any

import pytest

from tests.sabotage import Protection, assert_guarded
from toolbuilder.telling import fitting
from toolbuilder.telling.fitting import Part, page, size

LONG = Part("Long", "", tuple(f"- row {number}" for number in range(1_000)), "after")
SHORT = Part("Short", "before", ("- a", "- b", "- c", "- d"))


def a_page_stays_below_its_limit(part: Any) -> None:
    for limit in (12_000, 3_000, 500, 200):
        assert part.size(part.page((LONG, SHORT), limit)) < limit


def what_is_cut_off_is_counted(part: Any) -> None:
    text = part.page((LONG, SHORT), 500)
    shown = text.count("- row ")
    assert f"… and {1_000 - shown} more" in text


def the_longest_list_is_cut_first(part: Any) -> None:
    text = part.page((SHORT, LONG), 500)
    assert all(f"- {letter}" in text for letter in "abcd")
    assert "before" in text
    assert "after" in text


def the_least_rows_stay(part: Any) -> None:
    text = part.page((Part("Kept", "", LONG.rows[:10], least=9), SHORT), 10)
    assert [text.count(words) for words in ("- row 8", "- row 9", "- c", "- d")] == [1, 0, 1, 0]


def a_character_beyond_16_bits_counts_twice(part: Any) -> None:
    assert part.size("a😀") == 3


GUARDED: list[Protection] = [
    (a_page_stays_below_its_limit, ">= limit and", "> limit * 2 and"),
    (what_is_cut_off_is_counted, "left = len(part.rows) - count", "left = 0"),
    (the_longest_list_is_cut_first, "max(lengths, key=lengths.__getitem__)", "min(lengths, key=lengths.__getitem__)"),
    (the_least_rows_stay, "max(filled[longest].least, shown[longest] * 3 // 4)", "shown[longest] * 3 // 4"),
    (a_character_beyond_16_bits_counts_twice, 'len(text.encode("utf-16-le", "replace")) // 2', "len(text)"),
]  # fmt: skip


@pytest.mark.parametrize("protection", GUARDED)
def test_a_page_fits(protection: Protection) -> None:
    assert_guarded(fitting, protection)


def test_a_page_that_fits_is_whole() -> None:
    assert page((SHORT,), 1_000) == "## Short\n\nbefore\n\n- a\n- b\n- c\n- d\n"


def test_a_part_with_nothing_in_it_is_left_out() -> None:
    assert page((Part("Empty"), Part("", "x")), 100) == "x\n"


def test_a_fold_hides_its_rows_and_a_table_keeps_its_head() -> None:
    text = page((Part("", "", ("| 1 |",), head="| a |\n| --- |", fold="More"),), 1_000)
    assert text == "<details>\n<summary>More</summary>\n\n| a |\n| --- |\n| 1 |\n\n</details>\n"
    assert size(text) == len(text)
