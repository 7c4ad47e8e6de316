"""What the words of a task name is what the program does: nothing else that fits the examples is accepted."""

import pytest

from tests.synthesis.synthesis_tasks import refused, shown, solved, valued
from toolbuilder.synthesis import Accepted, Option, Refusal, Task
from toolbuilder.synthesis.program import Program
from toolbuilder.synthesis.support import forgotten, unasked
from toolbuilder.synthesis.terms import Call, Literal, Term, Variable
from toolbuilder.synthesis.trial import run

LINES = Call("read_lines", (Variable("text", "Text"),))
FLAG = Option("fold", "flag", default=False, help="Case is of no importance.")
TOP = Option("top", "int", default=5, help="How many.")
TASK = Task("t", "Drop duplicate lines.", "lines", "lines", (FLAG, TOP), (shown(1, "b\na\n", "b\na\n"),))


def branching(one: Term, other: Term) -> Program:
    term = Call("when", (Variable("fold", "Flag"), one, other))
    return Program(TASK.description, "lines", "lines", TASK.options, Call("render_lines", (term,)))


def output(task: Task, text: str, **options: bool) -> str:
    answer = solved(task)
    assert isinstance(answer, Accepted), answer
    return run(answer.program, text, options, {}).output


def test_a_flag_stands_for_what_its_words_name() -> None:
    task = Task(
        "once",
        "Remove repeated duplicate lines. With --any-case, case does not matter.",
        "lines",
        "lines",
        (Option("any-case", "flag", default=False, help="Case does not matter."),),
        (
            shown(1, "p\nq\np\n", "p\nq\n", {"any-case": False}),
            shown(2, "P\nq\np\n", "P\nq\n", {"any-case": True}),
            shown(3, "Q\nq\n", "Q\nq\n", {"any-case": False}),
        ),
    )
    assert output(task, "É\nx\né\ny\n", **{"any-case": True}) == "É\nx\ny\n"


def test_a_flag_that_stands_for_something_else_is_found_out() -> None:
    assert unasked(TASK, branching(Call("drop_last_lines", (LINES, Literal(1, "Size"))), LINES)) is not None
    assert unasked(TASK, branching(Call("unique_folded", (LINES,)), LINES)) is None


def test_an_option_that_a_flag_puts_out_of_force_is_found_out() -> None:
    limited = Call("first_lines", (LINES, Variable("top", "Size")))
    assert forgotten(TASK, branching(LINES, limited)) == ("fold", "top")
    assert forgotten(TASK, branching(Call("unique_folded", (limited,)), limited)) is None


def test_reversing_is_not_sorting() -> None:
    task = Task(
        "flip", "Reverse the lines.", "lines", "lines", (), (shown(1, "a\nb\n", "b\na\n"), shown(2, "1\n2\n", "2\n1\n"))
    )
    assert output(task, "b\nc\na\n") == "a\nc\nb\n"


@pytest.mark.parametrize(("text", "expected"), [("Été! été? 日本", {"été": 2, "日本": 1}), ("Don't", {"don't": 1})])
def test_words_without_punctuation_keep_their_letters(text: str, expected: dict[str, int]) -> None:
    task = Task(
        "tally",
        "Count each word of the text, ignoring case and punctuation, most frequent first.",
        "text",
        "json",
        (),
        (
            valued(1, "A dog, a cat.\n", '{"a": 2, "dog": 1, "cat": 1}'),
            valued(2, "No! no? NO.\n", '{"no": 3}'),
            valued(3, "", "{}"),
        ),
    )
    given = output(task, text)
    assert all(f'"{word}": {count}' in given for word, count in expected.items())


def test_a_wrong_input_is_refused_by_its_form() -> None:
    lines = ("2023-05-01 INFO up", "2023-05-01 WARN hot", "2023-05-02 WARN hot")
    task = Task(
        "by-level",
        "Count the lines of a log by level, most frequent first.",
        "lines",
        "json",
        (),
        (
            valued(1, "\n".join(lines), '{"WARN": 2, "INFO": 1}'),
            valued(2, "2023-05-01 ERROR full\n", '{"ERROR": 1}'),
            valued(3, "", "{}"),
            refused(4, "ERROR without a date\n", "not a log line"),
        ),
    )
    answer = solved(task)
    assert isinstance(answer, Accepted)
    assert run(answer.program, "INFO no date\n", {}, {}).exit_code == 2


def test_the_example_that_no_program_refuses_is_blamed() -> None:
    examples = (shown(1, "b\na\n", "a\nb\n"), shown(2, "q\np\n", "p\nq\n"), refused(3, "c\nb\n", "too blue"))
    answer = solved(Task("order", "Sort the lines.", "lines", "lines", (), examples))
    assert isinstance(answer, Refusal)
    assert answer.example_id == "E3"
    assert "'b\\nc'" in str(answer.nearest)


def test_a_negative_limit_is_refused() -> None:
    task = Task(
        "some",
        "Print the first lines.",
        "lines",
        "lines",
        (TOP,),
        (
            shown(1, "a\nb\nc\n", "a\nb\n", {"top": 2}),
            shown(2, "p\nq\n", "p\n", {"top": 1}),
            shown(3, "x\ny\nz\n", "", {"top": 0}),
        ),
    )
    answer = solved(task)
    assert isinstance(answer, Accepted)
    outcome = run(answer.program, "a\nb\n", {"top": -1}, {})
    assert (outcome.exit_code, outcome.output) == (2, "--top must be 0 or more, not -1")
