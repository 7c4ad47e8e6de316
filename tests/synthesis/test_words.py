import pytest

from toolbuilder.synthesis import Task
from toolbuilder.synthesis.terms import Call, Variable
from toolbuilder.synthesis.words import Vocabulary, main_sentence, stem, tokens, vocabulary

LINES = Call("read_lines", (Variable("text", "Text"),))


def spoken(description: str) -> Vocabulary:
    return vocabulary(Task("t", description, "lines", "lines"))


@pytest.mark.parametrize(
    "family",
    [
        ("sort", "sorted", "sorting", "sorts"),
        ("line", "lines"),
        ("skip", "skipped", "skipping", "skips"),
        ("numeric", "numerical", "numerically"),
        ("address", "addresses"),
        ("duplicate", "duplicates", "duplicated"),
        ("total", "totals"),
    ],
)
def test_the_inflections_of_a_word_have_one_stem(family: tuple[str, ...]) -> None:
    assert len(set(map(stem, family))) == 1


def test_different_words_keep_different_stems() -> None:
    words = ("sort", "short", "count", "column", "unique", "line", "link")
    assert len(set(map(stem, words))) == len(words)


def test_a_hyphenated_word_counts_whole_and_in_parts() -> None:
    assert {stem("email"), stem("lowercased"), stem("lower")} <= tokens("e-mail lower-cased")


def test_a_word_of_the_description_makes_its_operation_cheap() -> None:
    assert spoken("Sort them").price("sort_lines") < spoken("Do it").price("sort_lines")


def test_words_that_no_operation_of_the_term_explains_cost_something() -> None:
    words = spoken("Print the longest line")
    assert words.unexplained(LINES) > words.unexplained(Call("sort_lengths_down", (LINES,))) == 0


def test_common_words_weigh_less_than_clear_ones() -> None:
    weights = spoken("the first slug").weights
    assert weights[stem("first")] < weights[stem("slug")]


def test_what_later_sentences_say_weighs_less_than_the_first() -> None:
    weights = spoken("Make a slug. The date stays.").weights
    assert weights[stem("date")] < weights[stem("slug")]


def test_a_dot_inside_a_word_ends_no_sentence() -> None:
    assert main_sentence(Task("t", "Read a.txt and sort it. Then stop.", "lines", "lines")) == "Read a.txt and sort it."
