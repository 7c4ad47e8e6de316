import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.synthesis.synthesis_tasks import (
    COLUMN,
    LOG_LEVELS,
    SPECS,
    WHOLE,
    cli20,
    lines_task,
    refused,
    shown,
    solved,
    valued,
)
from toolbuilder.synthesis import Accepted, Budget, Example, Program, Question, Refusal, Task, emit, solve
from toolbuilder.synthesis.terms import Call, Term, variants
from toolbuilder.synthesis.trial import fits, run

ALL_CLI20 = cli20()


def accepted(task: Task) -> Accepted:
    answer = solved(task)
    assert isinstance(answer, Accepted), answer
    return answer


def judged(task: Task, judges: tuple[Example, ...]) -> str:
    answer = solved(task)
    if not isinstance(answer, Accepted):
        return type(answer).__name__
    return "right" if all(fits(answer.program, example) for example in judges) else "wrong"


@pytest.mark.parametrize(("task", "judges"), ALL_CLI20, ids=[task.name for task, _ in ALL_CLI20])
def test_three_examples_of_a_cli20_task_give_a_program_that_is_right_on_all_five(
    task: Task, judges: tuple[Example, ...]
) -> None:
    assert judged(task, judges) == "right"


def test_a_program_that_is_wrong_on_an_example_not_given_is_noticed() -> None:
    task, judges = ALL_CLI20[0]
    wrong = replace(judges[-1], expected='{"lines": 4, "words": 8, "chars": 41}')
    assert judged(task, (*judges[:-1], wrong)) == "wrong"


@pytest.mark.parametrize("task", SPECS, ids=[task.name for task in SPECS])
def test_options_files_and_wrong_input_are_part_of_the_program(task: Task) -> None:
    program = accepted(task).program
    assert [example.id for example in task.examples if not fits(program, example)] == []


def test_wrong_input_is_refused_with_the_line_and_the_words_of_the_example() -> None:
    program = accepted(LOG_LEVELS).program
    outcome = run(program, "INFO fine\n\nwhat\n", {"top": 1}, {})
    assert (outcome.exit_code, outcome.output) == (2, "line 2: not a log line")


def test_an_option_that_no_example_gives_keeps_its_default() -> None:
    program = accepted(COLUMN).program
    assert run(program, "name,age\nann,3\n", {}, {}).output == "ann\n"


def test_broken_json_is_refused_with_its_place() -> None:
    task = Task(
        "pretty", "Pretty-print JSON.", "json", "json", (), (valued(1, "[1,2]", "[1, 2]"), valued(2, "{}", "{}"))
    )
    assert run(accepted(task).program, '{"a": 1,\n  oops}', {}, {}).output.startswith("line 2, column 3: invalid JSON")


def test_the_same_task_gives_the_same_program_and_the_same_count_of_evaluations() -> None:
    for task, _ in ALL_CLI20[::2]:
        assert solve(task) == solved(task)


SEEDED = """
from tests.synthesis.synthesis_tasks import SPECS, WHOLE, cli20
from toolbuilder.synthesis import Accepted, emit, solve
for task in (SPECS[0], *(task for task, _ in cli20()[::5])):
    answer = solve(task)
    assert isinstance(answer, Accepted)
    print(answer.evaluations, emit(answer.program, WHOLE)["tool"])
"""
HASH_ORDERED = "print(list({'some', 'words', 'in', 'no', 'order', 'at', 'all'}))"


def seeded(script: str) -> list[str]:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    return [
        subprocess.run(
            [sys.executable, "-c", script],
            env={**environment, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    ]


def test_the_order_of_hashes_changes_nothing() -> None:
    one, other = seeded(SEEDED)
    assert one == other


def test_a_program_that_depends_on_the_order_of_hashes_is_noticed() -> None:
    one, other = seeded(HASH_ORDERED)
    assert one != other


def test_a_program_survives_its_json_form() -> None:
    for task, _ in ALL_CLI20:
        program = accepted(task).program
        assert Program.from_json(program.to_json()) == program
        assert emit(Program.from_json(program.to_json()), WHOLE) == emit(program, WHOLE)


@pytest.mark.parametrize(
    ("task", "reason"),
    [
        (
            lines_task("Keep the lines with the marker.", ("a X\nb\n", "a X\n")),
            "only one example shows the constant",
        ),
        (
            lines_task("Make the code.", ("ab\n", "q7\n"), ("cd\n", "z1\n")),
            "no program was found that gives",
        ),
        (
            lines_task("Summarise each line.", ("A long story about cats.\n", "cats\n"), ("Of dogs.\n", "dogs\n")),
            "intelligence: runtime",
        ),
        (
            Task("t", "Do it.", "lines", "lines", (), (refused(1, "x\n", "wrong"),)),
            "no example that shows an output",
        ),
    ],
)
def test_what_examples_do_not_determine_is_refused(task: Task, reason: str) -> None:
    answer = solved(task)
    assert isinstance(answer, Refusal)
    assert reason in answer.reason


def test_a_refusal_names_the_first_example_without_a_program_and_the_nearest_miss() -> None:
    task = lines_task("Sort the lines.", ("b\na\n", "a\nb\n"), ("d\nc\n", "c\nd\n"), ("z\ny\n", "q\n"))
    answer = solved(task)
    assert isinstance(answer, Refusal)
    assert answer.example_id == "E3"
    assert answer.nearest is not None
    assert answer.nearest.startswith("Read the lines. Sort them")
    assert "'y\\nz' instead of 'q\\n'" in answer.nearest


TRAPS = [
    (
        lines_task("Print the longest line", ("aaa\nb\n", "aaa\n"), ("cc\nd\n", "cc\n"), ("eeee\nf\n", "eeee\n")),
        shown(9, "a\nbb\n", "bb\n"),
    ),
    (
        lines_task("Drop duplicate lines", ("a\na\nb\n", "a\nb\n"), ("c\nc\n", "c\n"), ("d\ne\ne\n", "d\ne\n")),
        shown(9, "a\nb\na\n", "a\nb\n"),
    ),
    (
        lines_task("Print the extension", ("a.py\n", "py\n"), ("b.txt\n", "txt\n"), ("c.md\n", "md\n")),
        shown(9, "a.tar.gz\n", "gz\n"),
    ),
    (
        lines_task("Sort the numbers", ("2\n1\n", "1\n2\n"), ("9\n3\n", "3\n9\n"), ("7\n5\n", "5\n7\n")),
        shown(9, "10\n9\n", "9\n10\n"),
    ),
]


@pytest.mark.parametrize(("task", "stress"), TRAPS, ids=[task.description for task, _ in TRAPS])
def test_examples_that_a_wrong_program_fits_do_not_get_it_accepted(task: Task, stress: Example) -> None:
    assert judged(task, (stress,)) != "wrong"


def test_a_wrong_program_that_a_trap_lets_through_is_noticed() -> None:
    spec = lines_task("Write it backwards, line by line", ("ab\n", "ba\n"), ("cde\nf\n", "edc\nf\n"))
    assert judged(spec, (shown(9, "gh\n", "gh\n"),)) == "wrong"


def test_where_one_step_is_the_whole_tool_its_details_are_asked_about() -> None:
    alone = lines_task("Put each word on a line", ("a b\nc\n", "a\nb\nc\n"), ("d e\n", "d\ne\n"))
    assert judged(alone, ()) == "Question"


AMBIGUOUS = lines_task(
    "Only print duplicate lines, one for each group",
    ("a\ncat\ncat\non\n", "cat\n"),
    ("a\nthe\nthe\n", "the\n"),
    ("sat\nsat\nx\n", "sat\n"),
)


def test_examples_that_leave_two_readings_are_answered_by_a_question() -> None:
    question = solved(AMBIGUOUS)
    assert isinstance(question, Question)
    assert len({alternative.output for alternative in question.alternatives}) == 2
    for alternative in question.alternatives:
        assert run(alternative.program, question.input, {}, {}).output == alternative.output


def test_either_answer_to_the_question_decides() -> None:
    question = solved(AMBIGUOUS)
    assert isinstance(question, Question)
    for alternative in question.alternatives:
        answer = Example("E4", question.input, alternative.output)
        program = accepted(replace(AMBIGUOUS, examples=(*AMBIGUOUS.examples, answer))).program
        assert fits(program, answer)


def test_a_budget_of_nothing_finds_nothing() -> None:
    assert isinstance(solve(ALL_CLI20[5][0], Budget(evaluations=1)), Refusal)


def test_a_program_with_one_step_exchanged_does_not_fit() -> None:
    task, _ = ALL_CLI20[2]
    program = accepted(task).program

    def exchanged(term: Term) -> list[Term]:
        return [Call("sort_lines", term.arguments)] if isinstance(term, Call) and term.operation == "unique" else []

    sabotaged = replace(program, term=next(iter(variants(program.term, exchanged))))
    assert not all(fits(sabotaged, example) for example in task.examples)
