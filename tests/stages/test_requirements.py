from typing import Any

import pytest

from tests.pipeline_world import SPEC
from tests.stages.bench import context_of, produce, spec_of
from toolbuilder.artifacts import Agent, Flow, Requirements
from toolbuilder.stages.requirements import REQUIREMENTS, gate

THINKING = """\
name: slogan
description: Write a slogan for a product.
input_type: text
output_type: text
intelligence: runtime
inputs: [{name: product}]
recipe:
  - {id: draft, think: Write one slogan., uses: [product], gives: {text: string}}
result: draft.text
examples:
  - {input: "Soap", answers: {draft: [{text: "Clean."}]}, output: "Clean."}
"""


def good(text: str = SPEC) -> tuple[Any, Requirements]:
    context = produce(context_of(spec_of(text)), REQUIREMENTS)
    return context, context.artifact(Requirements)


@pytest.mark.parametrize("text", [SPEC, THINKING])
def test_what_the_embedded_engine_says_passes(text: str) -> None:
    context, artifact = good(text)
    assert gate(context, artifact, {}) == []


def test_every_sentence_example_and_constraint_has_an_id() -> None:
    _, artifact = good()
    assert [one.id for one in artifact.requirements] == ["R1", "E1", "E2", "E3", "C1"]


def lost(artifact: Requirements) -> dict[str, object]:
    return {"requirements": artifact.requirements[1:]}


def doubled(artifact: Requirements) -> dict[str, object]:
    return {"requirements": (*artifact.requirements, artifact.requirements[0])}


def paraphrased(artifact: Requirements) -> dict[str, object]:
    first = artifact.requirements[0].model_copy(update={"text": "Remove some duplicates."})
    return {"requirements": (first, *artifact.requirements[1:])}


def invented(artifact: Requirements) -> dict[str, object]:
    extra = artifact.requirements[0].model_copy(update={"id": "R9"})
    return {"requirements": (*artifact.requirements, extra)}


def ends_nowhere(artifact: Requirements) -> dict[str, object]:
    return {"flows": artifact.flows[:-1]}


def starts_nowhere(artifact: Requirements) -> dict[str, object]:
    return {"flows": artifact.flows[1:]}


def goes_in_a_circle(artifact: Requirements) -> dict[str, object]:
    back = Flow(source=artifact.flows[-1].source, target=artifact.flows[0].target, carries="again")
    return {"flows": (*artifact.flows, back)}


def has_an_agent_of_its_own(_: Requirements) -> dict[str, object]:
    return {"agents": (Agent(id="helper", task="Help.", sees=(), gives=("text",)),)}


def shows_what_is_not_there(artifact: Requirements) -> dict[str, object]:
    path = artifact.critical_paths[0].model_copy(update={"shown_by": ("E8",)})
    return {"critical_paths": (path,)}


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lost, "R1: nothing covers it"),
        (doubled, "R1: stands twice"),
        (paraphrased, "says 'Remove some duplicates.'"),
        (invented, "R9: the spec has no such obligation"),
        (ends_nowhere, "output: no flow ends there"),
        (starts_nowhere, "input: no flow starts there"),
        (goes_in_a_circle, "goes in a circle"),
        (has_an_agent_of_its_own, "helper: the recipe has no such step"),
        (shows_what_is_not_there, "E8: the spec has no such obligation"),
    ],
)
def test_damage_is_found(damage: Any, words: str) -> None:
    context, artifact = good()
    findings = gate(context, artifact.model_copy(update=damage(artifact)), {})
    assert any(words in str(finding) for finding in findings)


def test_a_reworded_thought_is_found() -> None:
    context, artifact = good(THINKING)
    agent = artifact.agents[0].model_copy(update={"task": "Write a few slogans."})
    findings = gate(context, artifact.model_copy(update={"agents": (agent,)}), {})
    assert any("the recipe says 'Write one slogan.'" in str(finding) for finding in findings)
    assert gate(context, artifact.model_copy(update={"agents": ()}), {}) != []
