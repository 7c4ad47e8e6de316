import asyncio
from dataclasses import replace
from typing import Any

from tests.pipeline_world import NoSandbox, NoScaffolder
from tests.stages.bench import Recording, context_of, produce, spec_of
from toolbuilder.adapters.offline.backend import OfflineBackend
from toolbuilder.errors import AnswerRejected
from toolbuilder.foresight import TYPICAL_ANSWER, Foreseen, Probe, foresee
from toolbuilder.ports import Answer, Question
from toolbuilder.spec import Spec
from toolbuilder.stages import STAGES
from toolbuilder.stages.architecture import ARCHITECTURE
from toolbuilder.stages.requirements import REQUIREMENTS

ALL = {
    "requirements": ["choose_agents", "identify_problem", "map_data_flows", "split_code_and_ai"],
    "architecture": ["define_interfaces", "design_errors", "design_modules"],
    "generation": ["write_module", "write_tests"],
    "verification": ["review_code"],
    "packaging": ["write_readme"],
}
UNSOLVABLE = """\
name: pirate
description: Translate each line into the language of pirates.
input_type: lines
output_type: lines
examples:
  - {input: "hello friend\\n", output: "ahoy matey\\n"}
  - {input: "my house is old\\n", output: "me ship be ancient\\n"}
  - {input: "yes\\n", output: "aye\\n"}
"""


class Nobody:
    """An engine that declines everything."""

    async def ask(self, question: Question) -> Answer:
        raise AnswerRejected(question.microtask)


def nothing(_key: str) -> None:
    return None


def probe(*, may_answer: bool = True, **how: Any) -> Probe:
    return Probe(**{"known": nothing, "engine": OfflineBackend(), "may_answer": may_answer, **how})


def foreseen(spec: Spec, by: Probe, stages: tuple[Any, ...] = STAGES) -> list[Foreseen]:
    return asyncio.run(foresee(context_of(spec), stages, by))


def grouped(questions: list[Foreseen]) -> dict[str, list[str]]:
    return {name: sorted(q.question.microtask for q in questions if q.stage == name) for name in ALL}


def test_what_the_examples_determine_is_foreseen_as_free() -> None:
    questions = foreseen(spec_of(), probe())

    assert grouped(questions) == ALL
    assert all(one.free for one in questions)


def test_what_only_a_model_can_answer_is_to_be_paid_for() -> None:
    questions = foreseen(spec_of(UNSOLVABLE), probe())

    assert grouped(questions) == ALL
    assert [one.question.microtask for one in questions if not one.free] == ["write_module", "write_tests"]


def test_where_the_embedded_engine_may_not_answer_everything_is_to_be_paid_for() -> None:
    questions = foreseen(spec_of(), probe(may_answer=False))

    assert grouped(questions) == ALL
    assert not any(one.free for one in questions)
    assert all(one.answer_characters >= 1_500 for one in questions)


def test_the_foreseen_questions_are_those_that_the_stages_ask() -> None:
    context = context_of(spec_of())
    asked = context.runner.backend
    assert isinstance(asked, Recording)
    produce(context, REQUIREMENTS, ARCHITECTURE)
    questions = foreseen(spec_of(), probe(may_answer=False), (REQUIREMENTS, ARCHITECTURE))

    assert {one.question.key for one in questions} == {question.key for question in asked.questions}


def test_a_journalled_answer_is_free() -> None:
    paid: dict[str, Answer] = {}
    for one in foreseen(spec_of(), probe(may_answer=False), (REQUIREMENTS,)):
        paid[one.question.key] = asyncio.run(OfflineBackend().ask(one.question))
    questions = foreseen(spec_of(), probe(may_answer=False, known=paid.get))

    assert {one.stage for one in questions if one.free} == {"requirements"}
    assert grouped(questions) == ALL


def test_every_stage_is_foreseen_even_if_nothing_can_be_answered_for_free() -> None:
    questions = foreseen(spec_of(), probe(engine=Nobody()))

    assert grouped(questions) == ALL
    assert not any(one.free for one in questions)
    assert max(one.answer_characters for one in questions) == TYPICAL_ANSWER["write_module"]


def test_finished_stages_ask_nothing_and_written_sources_are_reviewed_as_they_are() -> None:
    context = produce(context_of(spec_of()), REQUIREMENTS, ARCHITECTURE)
    source = b"ONE = 1\n" * 1_000
    questions = asyncio.run(foresee(replace(context, files={"src/dedupe/x.py": source}), STAGES[3:], probe()))

    assert [one.stage for one in questions] == ["verification", "packaging"]
    assert len(questions[0].question.input) > len(source)


def test_held_out_examples_are_in_no_foreseen_question() -> None:
    spec = spec_of(UNSOLVABLE + '  - {input: "a word kept secret\\n", output: "shiver me timbers\\n"}\n')
    hidden = [example for i, example in zip(spec.example_ids, spec.examples, strict=True) if i in spec.held_out]
    everything = "".join(f"{one.question.context}{one.question.input}" for one in foreseen(spec, probe()))

    assert [example.name for example in hidden] != []
    assert not any(str(example.output).strip() in everything for example in hidden)


def test_nothing_is_run_and_nothing_is_rendered() -> None:
    context = context_of(spec_of())

    assert isinstance(context.sandbox, NoSandbox)
    assert isinstance(context.scaffolder, NoScaffolder)
    assert foreseen(spec_of(), probe())
