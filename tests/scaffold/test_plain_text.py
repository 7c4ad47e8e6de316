import pytest

from toolbuilder.scaffold.plain_text import first_sentence, paragraphs, plain, wrapped


def test_plain_text_is_one_printable_line() -> None:
    assert plain(" a\tb\x1b[31m\r\n\u202ec\x00 ") == "a b [31m c"


def test_lines_and_paragraphs_stay_apart() -> None:
    assert paragraphs("\n a  b \nc\n \n\n\nd\n") == ["a b", "c", "", "d"]


def test_long_lines_are_wrapped_between_words() -> None:
    text = wrapped("word " * 40 + "\n\nhttps://example.org/" + "x" * 90)

    assert [len(line) for line in text.split("\n")] == [79, 79, 39, 0, 110]


def test_wide_characters_count_twice() -> None:
    assert max(map(len, wrapped("日本 " * 40).split("\n"))) <= 39


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two.", "One."),
        ("Is it v1.2?\nYes.", "Is it v1.2?"),
        ("no end", "no end"),
        ("A long\n  one. B", "A long one."),
    ],
)
def test_the_first_sentence_ends_at_white_space(text: str, expected: str) -> None:
    assert first_sentence(text) == expected
