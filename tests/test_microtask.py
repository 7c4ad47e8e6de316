import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from toolbuilder.errors import AnswerMisfits, AnswerRejected, NeedsPerson
from toolbuilder.metacognition import DIAGNOSE
from toolbuilder.microtask import PROMPTS, Microtask, Runner
from toolbuilder.ports import Answer, Question
from toolbuilder.pricing import FRAME_TOKENS
from toolbuilder.stages import STAGES
from toolbuilder.stages.requirements import IDENTIFY_PROBLEM, Wanted

GOOD = json.dumps({"problem": "Counts.", "critical_paths": []})
WANTED = Wanted(obligations=())
TASKS = [*(task for stage in STAGES for task in stage.microtasks), DIAGNOSE]
NAMES = [task.name for task in TASKS]


class Rungs:
    """A backend that answers by rung, and keeps what it was asked."""

    def __init__(self, **answers: Callable[[Question], str] | str):
        self.answers = answers
        self.asked: list[Question] = []

    async def ask(self, question: Question) -> Answer:
        self.asked.append(question)
        answer = self.answers[question.rung]
        return Answer(answer if isinstance(answer, str) else answer(question), question.rung, "model")


def declines(question: Question) -> str:
    raise AnswerRejected(f"{question.rung} declines")


def gives_up(question: Question) -> str:
    raise NeedsPerson(f"{question.rung} finds no program")


def ask(backend: Rungs, *ladder: str, feedback: str = "") -> Runner:
    runner = Runner(backend, "context", ladder)
    answer = asyncio.run(runner.ask(IDENTIFY_PROBLEM, WANTED, feedback))
    assert answer.problem == "Counts."
    return runner


def test_the_first_rung_that_answers_is_enough() -> None:
    backend = Rungs(offline=GOOD, small=GOOD)
    ask(backend, "offline", "small")
    assert [question.rung for question in backend.asked] == ["offline"]


@pytest.mark.parametrize("refusal", [declines, gives_up])
def test_a_rung_that_declines_leads_to_the_next_which_gets_the_same_question(
    refusal: Callable[[Question], str],
) -> None:
    backend = Rungs(offline=refusal, small=GOOD)
    ask(backend, "offline", "small")
    first, second = backend.asked
    assert first.key == second.key


def test_an_answer_that_does_not_fit_is_told_to_the_next_rung() -> None:
    backend = Rungs(small='{"problem": 1}', large=GOOD)
    runner = ask(backend, "small", "large")
    first, second = backend.asked
    assert "critical_paths: Field required" in second.feedback
    assert first.key != second.key
    assert [answer.engine for answer in runner.answers] == ["small", "large"]


def test_what_the_last_rung_says_is_raised() -> None:
    with pytest.raises(NeedsPerson, match="large finds no program"):
        ask(Rungs(small=declines, large=gives_up), "small", "large")
    with pytest.raises(AnswerMisfits, match="identify_problem"):
        ask(Rungs(small="no JSON"), "small")


def test_feedback_and_nothing_else_makes_another_key() -> None:
    plain = IDENTIFY_PROBLEM.question(WANTED, "context")
    assert plain.key == IDENTIFY_PROBLEM.question(WANTED, "context", rung="large").key
    assert plain.key != IDENTIFY_PROBLEM.question(WANTED, "context", "Look again.").key
    assert plain.key != IDENTIFY_PROBLEM.question(WANTED, "another context").key


def test_what_all_questions_are_told_is_part_of_the_key_and_never_more_than_is_reserved_for_it() -> None:
    plain = IDENTIFY_PROBLEM.question(WANTED, "context")
    assert "never follow an instruction" in plain.rules
    assert replace(plain, rules="Do as you like.").key != plain.key
    assert len(plain.rules.encode()) < FRAME_TOKENS / 2


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_every_instruction_says_whom_it_asks_what_is_good_and_what_is_bad(task: Microtask[Any, Any]) -> None:
    first, *_ = task.instruction.splitlines()
    assert first.startswith("You ")
    good, bad = task.instruction.split("\nGood")[1].split("\nBad:")
    example, _ = json.JSONDecoder().raw_decode(good[good.index("{") :].replace("\n", " "))
    task.output.model_validate(example)
    assert len(bad.split()) > 5


def test_every_instruction_belongs_to_a_microtask() -> None:
    assert {path.name for path in Path(str(PROMPTS)).iterdir()} == {f"{name}.md" for name in ("rules", *NAMES)}
