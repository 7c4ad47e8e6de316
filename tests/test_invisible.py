import json
import unicodedata
from typing import Any

import pytest

from tests.sabotage import Protection, assert_guarded
from toolbuilder import invisible

# Unicode's property Bidi_Control: the characters of CVE-2021-42574, and the marks.
BIDIRECTIONAL = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
OTHERS = "\u2028\u2029\u00ad\u200b\u2060\u2063\ufeff\u3164\U000e0041"
ORDINARY = "a\u00e9 \u05d0\u0631\t\n\u00a0\u200c\u200d\u2764\ufe0f\u65e5\U0001f469\u200d\U0001f4bb"


def every_one_is_found_and_nothing_else(part: Any) -> None:
    assert all(part.INVISIBLE.fullmatch(character) for character in BIDIRECTIONAL + OTHERS)
    assert part.INVISIBLE.search(ORDINARY) is None


def each_is_named_by_line_and_code_point_and_not_shown(part: Any) -> None:
    found = part.invisible_in("a\u2028\nb\u202e\U000e0041\xff".encode() + b"\xff")
    assert found == [
        (1, "U+2028 LINE SEPARATOR"),
        (2, "U+202E RIGHT-TO-LEFT OVERRIDE"),
        (2, "U+E0041 TAG LATIN CAPITAL LETTER A"),
    ]
    assert all(text.isprintable() for _, text in found)
    assert part.invisible_in("\U000e0000".encode()) == [(1, "U+E0000")]


def spelt_out_json_means_the_same(part: Any) -> None:
    text = BIDIRECTIONAL + OTHERS + ORDINARY
    spelt = part.escaped(json.dumps(text, ensure_ascii=False))
    assert json.loads(spelt) == text
    assert part.INVISIBLE.search(spelt) is None


def whatever_is_not_seen_is_shown_to_a_reader(part: Any) -> None:
    text = BIDIRECTIONAL + OTHERS + "\x1b\r\x7f\u0085"
    assert part.visible(text) == "".join(f"⟨U+{ord(character):04X}⟩" for character in text)
    ordinary = ORDINARY.replace("\u00a0", "\u3000")
    assert part.visible(ordinary) == ordinary
    assert part.visible("\u00a0") == "⟨U+00A0⟩"


GUARDED: list[Protection] = [
    (every_one_is_found_and_nothing_else, r"\u2028-\u202e", r"\u202a-\u202e"),
    (every_one_is_found_and_nothing_else, r"\u200e\u200f", ""),
    (every_one_is_found_and_nothing_else, r"\u061c", ""),
    (every_one_is_found_and_nothing_else, r"\u2060-\u206f", r"\u2060-\u2065"),
    (every_one_is_found_and_nothing_else, r"\u200b", r"\u200b-\u200d"),
    (each_is_named_by_line_and_code_point_and_not_shown, '.split("\\n")', ".splitlines()"),
    (each_is_named_by_line_and_code_point_and_not_shown, 'decode(errors="replace")', 'decode(errors="replace")[:0]'),
    (spelt_out_json_means_the_same, 'character.encode("utf-16-be")', 'character.encode("utf-16-le")'),
    (whatever_is_not_seen_is_shown_to_a_reader, " and not INVISIBLE.match(character)", ""),
    (whatever_is_not_seen_is_shown_to_a_reader, "character.isprintable() and ", ""),
    (whatever_is_not_seen_is_shown_to_a_reader, "char in ORDINARY or ", ""),
]  # fmt: skip


@pytest.mark.parametrize("protection", GUARDED)
def test_what_changes_how_text_reads_is_known(protection: Protection) -> None:
    assert_guarded(invisible, protection)


def test_every_control_of_direction_that_unicode_has_is_known() -> None:
    kinds = {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}
    controls = [chr(code) for code in range(0x110000) if unicodedata.bidirectional(chr(code)) in kinds]
    assert set(controls) < set(BIDIRECTIONAL)
    assert len(controls) == 9  # those of the advisory
