"""When examples that a program fits are not enough, and the accepted program in a process of its own."""

from dataclasses import replace
from functools import partial

import pytest

from tests.synthesis.synthesis_tasks import FINDER, GREETING, cli20, shown, solved, valued
from toolbuilder.synthesis import Accepted, Option, Refusal, Task, solve
from toolbuilder.synthesis.benchmark import started
from toolbuilder.synthesis.fresh import failing
from toolbuilder.synthesis.program import Program
from toolbuilder.synthesis.terms import Call, Literal, Variable

TEXT = Variable("text", "Text")
VERDICTS = (
    valued(1, '["foobar", "foobaz", "blarp"]', "true"),
    valued(2, '["two", "green", "bar", "alpha"]', "false"),
    valued(3, '["qux", "alpha", "east"]', "false"),
)


def verdict_task(description: str) -> Task:
    return Task("t", description, "json", "json", (), VERDICTS)


def test_three_truth_values_do_not_speak_for_a_program_that_nothing_names() -> None:
    answer = solved(verdict_task("Check it"))
    assert isinstance(answer, Refusal)
    assert "too few different outputs" in answer.reason or "no program" in answer.reason


def test_three_truth_values_do_for_a_program_that_the_description_names() -> None:
    examples = (
        valued(1, "[false, false]", "false"),
        valued(2, "[true, true]", "true"),
        valued(3, "[false, true]", "true"),
        valued(4, "[true, false]", "true"),
    )
    answer = solved(Task("t", "Test whether any of them is true", "json", "json", (), examples))
    assert isinstance(answer, Accepted)
    assert "Test whether any is true." in answer.program.steps


def test_examples_that_change_nothing_speak_for_no_program() -> None:
    answer = solve(
        Task("t", "Convert tabs to spaces", "lines", "lines", (), (shown(1, "a\n", "a\n"), shown(2, "b\n", "b\n")))
    )
    assert isinstance(answer, Refusal)
    assert answer.reason.startswith("no example shows an input that the tool changes")


def accepted(task: Task) -> Program:
    answer = solved(task)
    assert isinstance(answer, Accepted)
    return answer.program


@pytest.mark.parametrize("task", [FINDER, GREETING, cli20()[11][0]], ids=lambda task: task.name)
def test_an_accepted_program_fits_its_examples_in_a_process_of_its_own(task: Task) -> None:
    assert failing(accepted(task), task.examples, started) is None


def test_an_example_that_does_not_fit_in_the_process_is_named() -> None:
    sabotaged = (GREETING.examples[0], replace(GREETING.examples[1], expected="never\n"))
    assert failing(accepted(GREETING), sabotaged, started) == GREETING.examples[1].id


def test_a_program_that_does_not_end_in_time_is_stopped() -> None:
    slow = Call("sort_lines", (Call("read_characters", (TEXT,)),))
    program = Program("Sort.", "text", "lines", (), Call("render_lines", (slow,)))
    example = shown(1, "b\na\n", "a\nb\n")
    assert failing(program, (example,), started) is None
    assert failing(program, (example,), partial(started, seconds=0.0)) == example.id


def test_a_program_that_fails_in_a_process_of_its_own_is_not_accepted() -> None:
    assert isinstance(solve(GREETING, start=started), Accepted)
    broken = solve(GREETING, start=lambda _script, _text: None)
    assert isinstance(broken, Refusal)
    assert "process of its own" in broken.reason


def test_a_literal_of_numbers_survives_its_json_form() -> None:
    places = Literal((0, 2), "Positions")
    line = Variable("text", "Text")
    term = Call("columns_at", (Call("read_csv_rows", (line,)), places))
    program = Program("Keep.", "csv", "csv", (), Call("render_rows", (term,)))
    assert Program.from_json(program.to_json()) == program


FLOATS = Option("least", "float", 1.5, (), "Keep the numbers that are at least this")


def test_a_float_option_is_compared_with_exactly() -> None:
    task = Task(
        "t",
        "Keep the lines whose number is at least the given one.",
        "lines",
        "lines",
        (FLOATS,),
        (
            shown(1, "a 1\nb 2\nc 1.5\n", "b 2\nc 1.5\n", {"least": 1.5}),
            shown(2, "d 0.1\ne 0.3\nf 0.2\n", "e 0.3\nf 0.2\n", {"least": 0.2}),
            shown(3, "g 7\nh -8\n", "g 7\n", {"least": 0.0}),
        ),
    )
    program = accepted(task)
    assert "Test whether it is at least `least`." in program.steps
