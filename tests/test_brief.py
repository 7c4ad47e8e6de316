import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest
from pydantic import JsonValue

from tests.sabotage import Protection, assert_guarded, sabotaged
from tests.stages.bench import Recording
from tests.workshop import context_of
from toolbuilder import brief
from toolbuilder.brief import sentences_of
from toolbuilder.history import AnyStage
from toolbuilder.microtask import Runner
from toolbuilder.ports import Question
from toolbuilder.schema import canonical_json
from toolbuilder.spec import Spec
from toolbuilder.stage import Context
from toolbuilder.stages import STAGES
from toolbuilder.stages.verification import VERIFICATION

FRUIT = ("apple banana", "cherry damson", "elder fig", "guava honeydew", "imbe jujube", "kumquat lemon", "mango nance", "orange papaya")  # fmt: skip
ORDER: tuple[AnyStage, ...] = STAGES
DESCRIPTION = "Remove duplicate lines, keeping the first occurrence and the order."


def example(words: str) -> JsonValue:
    """Give an example all of whose texts stand in no other."""
    one, two = words.split()
    return {"name": f"of {one}", "input": f"{one}\n{two}\n{one}\n", "output": f"{one}\n{two}\n"}


SPEC = Spec.model_validate(
    {
        "name": "dedupe",
        "description": DESCRIPTION,
        "input_type": "lines",
        "output_type": "lines",
        "examples": [example(words) for words in FRUIT],
        "constraints": ["Use the standard library only."],
    }
)


def hidden_words(spec: Spec) -> list[str]:
    """Give the words that only held-out examples hold."""
    pairs = zip(spec.example_ids, FRUIT, strict=True)
    return [word for i, words in pairs if i in spec.held_out for word in words.split()]


def leaked(text: str) -> list[str]:
    return [word for word in hidden_words(SPEC) if word in text]


def build(context: Context, count: int) -> tuple[Context, list[Question]]:
    """Run stages as a build does; give what came of it and every question that was asked on the way."""
    backend = Recording()
    context = replace(context, runner=Runner(backend, context.runner.context))
    for stage in ORDER[:count]:
        produced = asyncio.run(stage.run(context))
        files = {**context.files, **produced.files}
        context = replace(context, earlier=(*context.earlier, produced.artifact), files=files)
    return context, backend.questions


def everything_said(question: Question) -> str:
    return f"{question.instruction}\n{question.context}\n{question.input}\n{question.schema}\n{question.feedback}"


def test_a_quarter_of_the_examples_is_held_out_and_has_words_of_its_own() -> None:
    assert len(SPEC.held_out) == 2
    assert len(hidden_words(SPEC)) == 4
    assert leaked(canonical_json(SPEC)) == hidden_words(SPEC)


def the_brief_holds_no_held_out_example(part: Any) -> None:
    text = canonical_json(part.brief_of(SPEC))
    assert leaked(text) == []
    assert "apple" in text or "cherry" in text


def every_sentence_example_and_constraint_has_its_id(part: Any) -> None:
    spec = SPEC.model_copy(update={"description": "Count it. Print it.", "constraints": ("Be quick.", "Be quiet.")})
    ids = [one.id for one in part.obligations(spec)]
    assert ids == ["R1", "R2", *(f"E{number}" for number in range(1, 9)), "C1", "C2"]


def a_held_out_example_is_an_obligation_without_a_word_of_it(part: Any) -> None:
    titles = {one.id: one.text for one in part.obligations(SPEC)}
    assert {titles[i] for i in SPEC.held_out} == {"An example that generation does not see; verification runs it."}
    assert all(titles[i].startswith("of ") for i in set(SPEC.example_ids) - SPEC.held_out)


GUARDED: list[Protection] = [
    (the_brief_holds_no_held_out_example, "for i, example in pairs if i not in hidden)", "for i, example in pairs)"),
    (the_brief_holds_no_held_out_example, "    if held_out:\n", "    if not example:\n"),
    (a_held_out_example_is_an_obligation_without_a_word_of_it, "held_out=i in hidden", "held_out=False"),
    (every_sentence_example_and_constraint_has_its_id, "sentences_of(spec.description), 1", "sentences_of(spec.description), 2"),
    (every_sentence_example_and_constraint_has_its_id, "enumerate(spec.constraints, 1)", "enumerate(spec.constraints[:1], 1)"),
]  # fmt: skip


@pytest.mark.parametrize("protection", GUARDED)
def test_what_a_brief_tells_and_keeps_back_is_guarded(protection: Protection) -> None:
    assert_guarded(brief, protection)


def test_no_question_up_to_generation_and_no_file_holds_held_out_text() -> None:
    context, questions = build(context_of(SPEC), 3)
    assert {"identify_problem", "design_modules", "write_module", "write_tests"} <= {one.microtask for one in questions}
    assert [one.microtask for one in questions if leaked(everything_said(one))] == []
    assert [path for path, content in context.files.items() if leaked(content.decode())] == []


def test_a_brief_that_shows_everything_would_be_found_in_the_questions() -> None:
    careless = sabotaged(brief, "for i, example in pairs if i not in hidden)", "for i, example in pairs)")
    context = context_of(SPEC)
    context = replace(context, runner=Runner(Recording(), canonical_json(careless.brief_of(SPEC))))
    _, questions = build(context, 1)
    assert all(leaked(everything_said(one)) == hidden_words(SPEC) for one in questions)


@pytest.mark.slow
def test_no_question_of_a_whole_build_and_no_file_of_the_tool_holds_held_out_text() -> None:
    context, questions = build(context_of(SPEC), 5)
    assert {"review_code", "write_readme"} <= {one.microtask for one in questions}
    assert [one.microtask for one in questions if leaked(everything_said(one))] == []
    assert [path for path, content in context.files.items() if leaked(content.decode())] == []


@pytest.mark.slow
def test_what_a_failed_held_out_example_shows_reaches_no_diagnosis_and_no_repair() -> None:
    context, _ = build(context_of(SPEC), 3)
    path = "src/dedupe/dedupe.py"
    shouting = context.files[path].replace(b"return ", b"return text.upper() + ")
    context = replace(context, files={**context.files, path: shouting})
    context = replace(context, runner=Runner(Recording(), context.runner.context))
    artifact = asyncio.run(VERIFICATION.run(context)).artifact
    findings = VERIFICATION.gate(context, artifact, context.files)
    assert {finding.where for finding in findings if finding.check == "examples"} == set(SPEC.example_ids)
    assert [str(finding) for finding in findings if leaked(str(finding).lower())] == []


@pytest.mark.parametrize(
    ("description", "sentences"),
    [
        ("Count lines.", ("Count lines.",)),
        ("Count lines. Print\n  them!", ("Count lines.", "Print them!")),
        ("Use e.g. a comma. No more.", ("Use e.g. a comma.", "No more.")),
        ("Round to 2.5 units. 3 at most.", ("Round to 2.5 units.", "3 at most.")),
        ("Do:\n- Read it\n- Print it\n", ("Do:", "Read it", "Print it")),
        ("* Read it\n\nPrint it", ("Read it", "Print it")),
        ('Is it? "Yes." (Always.) `x` is.', ("Is it?", '"Yes." (Always.) `x` is.')),
    ],
)
def test_a_description_is_split_into_sentences(description: str, sentences: tuple[str, ...]) -> None:
    assert sentences_of(description) == sentences


def test_a_brief_reads_back_as_it_was() -> None:
    first = brief.brief_of(SPEC)
    assert brief.Brief.model_validate(json.loads(canonical_json(first))) == first
