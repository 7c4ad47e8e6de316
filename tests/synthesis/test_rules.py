"""Outputs taken apart: words to choose from, numbers shifted, lists and objects changed in one place."""

import pytest

from tests.synthesis.synthesis_tasks import RESHAPERS, TITLES, shown, valued
from toolbuilder.synthesis import Accepted, Example, Task, solve


def steps(task: Task) -> tuple[str, ...]:
    answer = solve(task)
    assert isinstance(answer, Accepted)
    return answer.program.steps


def document(*pairs: tuple[str, str], description: str = "") -> Task:
    examples = tuple(valued(number, *pair) for number, pair in enumerate(pairs, start=1))
    return Task("t", description, "json", "json", (), examples)


@pytest.mark.parametrize(
    ("task", "step"),
    [
        (document(("[1, 2]", "[4, 5]"), ("[7, 0]", "[10, 3]"), ("[5]", "[8]")), "Add the two."),
        (document(('{"a": 3}', "1"), ('{"a": 6}', "-2"), ('{"a": 5}', "-1")), "Subtract the latter from the former."),
        (RESHAPERS[2], "Change its 'n'."),
        (document(("5", "[15, 5]"), ("6", "[18, 6]"), ("4", "[12, 4]")), "Multiply the two."),
    ],
)
def test_numbers_and_single_members_are_found_out(task: Task, step: str) -> None:
    assert step in steps(task)


def texts(description: str, *pairs: tuple[str, str]) -> Task:
    examples: tuple[Example, ...] = tuple(shown(number, *pair) for number, pair in enumerate(pairs, start=1))
    return Task("t", description, "text", "text", (), examples)


def test_a_word_shown_twice_for_each_meaning_is_looked_up() -> None:
    assert any(step.startswith("Look it up") for step in steps(RESHAPERS[1]))


def test_a_meaning_shown_once_is_not_learned() -> None:
    answer = solve(texts("prepend Mr. or Ms. to the last name", *TITLES[:3]))
    assert not isinstance(answer, Accepted)


def test_the_outcome_of_a_test_is_written_in_the_words_of_the_examples() -> None:
    task = texts("whether the string is lowercase", ("ab", "yes"), ("Ab", "no"), ("12", "yes"), ("XY", "no"))
    assert "Test whether it has no upper-case letter." in steps(task)


def test_rows_are_reshaped() -> None:
    assert "Make a table of row names, headings and values." in steps(RESHAPERS[0])
