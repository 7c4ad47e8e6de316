"""What the examples leave open: probes, rivals, questions, support, simplification."""

from dataclasses import replace

import pytest
import yaml

from tests.synthesis.synthesis_tasks import FINDER, LOG_LEVELS, cli20, shown, solved
from toolbuilder.synthesis import Accepted, Example, Option, Question, Task
from toolbuilder.synthesis.mutation import probes
from toolbuilder.synthesis.program import Program
from toolbuilder.synthesis.rivals import Rival, differences
from toolbuilder.synthesis.simplify import simplified
from toolbuilder.synthesis.support import constants, lonely, unheeded
from toolbuilder.synthesis.terms import Call, Literal, Term, Variable

TEXT = Variable("text", "Text")
LINES = Call("read_lines", (TEXT,))
LINES_TASK = Task("t", "Drop duplicate lines.", "lines", "lines", (), (shown(1, "b\na\n", "b\na\n"),))


def program(*steps: str, task: Task = LINES_TASK, term: Term = LINES) -> Program:
    for step in steps:
        term = Call(step, (term,))
    return Program(task.description, task.input_type, task.output_type, task.options, Call("render_lines", (term,)))


@pytest.mark.parametrize(("task", "_judges"), cli20(), ids=[task.name for task, _ in cli20()])
def test_there_are_familiar_and_nasty_probes_for_every_type_of_input(task: Task, _judges: object) -> None:
    found = probes(task)
    assert {probe.familiar for probe in found} == {True, False} or all(
        example.input.count("\n") < 2 for example in task.examples
    )
    assert len({(probe.input, repr(probe.options)) for probe in found}) == len(found)


def test_probes_vary_the_options() -> None:
    assert {probe.options["top"] for probe in probes(LOG_LEVELS)} >= {1, 2, 3, 100}
    assert {probe.options["count"] for probe in probes(FINDER)} == {True, False}


def test_operations_easily_confused_are_told_apart_by_a_probe() -> None:
    best, rival = program("unique"), program("drop_adjacent_repeats")
    found = differences(best, [Rival(rival, 0, named=True)], probes(LINES_TASK))
    assert len(found) == 1
    assert found[0].here != found[0].there


def test_programs_that_do_the_same_do_not_differ() -> None:
    same = program("unique", "unique")
    assert differences(program("unique"), [Rival(same, 0, named=True)], probes(LINES_TASK)) == []


def test_a_step_that_changes_nothing_is_left_out() -> None:
    task = replace(LINES_TASK, examples=(shown(1, "b\na\nb\n", "b\na\n"),))
    assert simplified(task, program("unique", "unique"), probes(task)) == program("unique")


def test_a_step_that_changes_some_probe_is_not_left_out() -> None:
    assert simplified(LINES_TASK, program("unique"), probes(LINES_TASK)) == program("unique")


def test_a_constant_that_one_example_shows_and_nobody_names_is_lonely() -> None:
    term = Call("starts_with", (Variable("line", "Line"), Literal("QX", "Word")))
    task = replace(LINES_TASK, examples=(shown(1, "QX\n", "QX\n"), shown(2, "b\n", "b\n")))
    found = constants(task, program(task=task, term=term))
    assert [(support.constant, support.examples, support.named) for support in found] == [("QX", ("E1",), False)]
    assert lonely(found) == found[0]


@pytest.mark.parametrize(
    "task",
    [
        replace(LINES_TASK, description="Keep the QX lines.", examples=(shown(1, "QX\n", "QX\n"),)),
        replace(LINES_TASK, examples=(shown(1, "QX\n", "QX\n"), shown(2, "QX a\n", "QX a\n"))),
    ],
    ids=["named", "shown twice"],
)
def test_a_constant_that_is_named_or_shown_twice_is_not_lonely(task: Task) -> None:
    term = Call("starts_with", (Variable("line", "Line"), Literal("QX", "Word")))
    assert lonely(constants(task, program(task=task, term=term))) is None


def test_a_clear_word_of_the_description_that_the_program_ignores_is_noticed() -> None:
    task = replace(LINES_TASK, description="Print the longest line")
    assert unheeded(task, program("reverse_lines", task=task)) == ["longest"]
    assert unheeded(task, program("sort_lengths_down", task=task)) == []


def question() -> Question:
    options = (Option("top", "int", 10, (), "How many to keep"), Option("all", "flag", default=False))
    examples = (
        shown(1, "a\ncat\ncat\non\n", "cat\n", {"top": 10, "all": False}),
        shown(2, "a\nthe\nthe\n", "the\n", {"top": 10, "all": False}),
        shown(3, "sat\nsat\nx\nx\n", "sat\n", {"top": 1, "all": False}),
    )
    task = Task("t", "Only print duplicate lines, one for each group", "lines", "lines", options[:1], examples)
    answer = solved(task)
    assert isinstance(answer, Question)
    return answer


def test_a_question_is_yaml_with_one_output_that_counts_and_one_in_a_comment() -> None:
    asked = question()
    form = yaml.safe_load(asked.yaml)
    assert form[0]["input"] == asked.input
    assert form[0]["output"] == asked.alternatives[0].output
    commented = [line.removeprefix("  # ") for line in asked.yaml.splitlines() if line.startswith("  # output")]
    assert yaml.safe_load(commented[0])["output"] == asked.alternatives[1].output


def test_a_question_says_in_words_how_the_alternatives_differ() -> None:
    first, second = question().alternatives
    assert first.explanation != second.explanation
    assert first.explanation in question().yaml


def test_the_input_of_a_question_has_no_line_too_many() -> None:
    asked = question()
    assert len(asked.input.splitlines()) <= 4


def test_the_report_says_how_many_examples_fit_and_what_the_program_does_otherwise() -> None:
    answer = solved(cli20()[7][0])
    assert isinstance(answer, Accepted)
    assert answer.report.fits == 3
    assert ("", "{}\n") in {(one.input, one.output) for one in answer.report.behaviours}


def test_the_report_names_constants_and_rejected_alternatives() -> None:
    task, _ = cli20()[3]
    answer = solved(task)
    assert isinstance(answer, Accepted)
    assert any("without regard to case" in one.explanation for one in answer.report.rejected)
    for one in answer.report.rejected:
        assert one.output != one.here
    todos = next(task for task, _ in cli20() if task.name == "todos")
    answer = solved(todos)
    assert isinstance(answer, Accepted)
    assert ("TODO:", ("E1", "E2", "E3")) in {(one.constant, one.examples) for one in answer.report.constants}


def test_an_example_whose_input_is_refused_fits_only_with_its_message() -> None:
    wrong = replace(LOG_LEVELS, examples=(*LOG_LEVELS.examples[:3], replace(LOG_LEVELS.examples[3], stderr="nonsense")))
    answer = solved(wrong)
    assert isinstance(answer, Accepted)
    assert Example("E9", "hello\n", None, exit_code=2, stderr="not a log line") not in wrong.examples


def test_the_report_shows_with_what_messages_the_program_refuses_nasty_inputs() -> None:
    answer = solved(LOG_LEVELS)
    assert isinstance(answer, Accepted)
    assert "line 1: not a log line" in {one.output for one in answer.report.refused}
    assert not any("not a log line" in one.output for one in answer.report.behaviours)
