from typing import Any

import pytest

from tests.adapters.offline.briefs import REFUSING, SPEC, THINKING, answer, brief
from tests.sabotage import Protection, assert_guarded
from tests.stages.bench import context_of, spec_of
from toolbuilder.adapters.offline import requirements
from toolbuilder.artifacts import Requirements
from toolbuilder.stages.requirements import (
    IDENTIFY_PROBLEM,
    SplitAndFlows,
    StatedProblem,
    Wanted,
    gate,
)

RECIPES = {
    "one step": "[{id: a, think: Think., uses: [idea], gives: {t: string}}]",
    "a chain": "[{id: a, think: Think., uses: [idea], gives: {t: string}}, {id: b, think: Think., uses: [a], gives: {t: string}}]",
    "an input of a later step": "[{id: a, think: Think., uses: [idea], gives: {t: string}}, {id: b, think: Think., uses: [a, more], gives: {t: string}}]",
    "a step that looks at nothing": "[{id: a, think: Think., gives: {t: string}}, {id: b, think: Think., uses: [a, idea], gives: {t: string}}]",
    "an input that no step uses": "[{id: a, think: Think., uses: [idea], gives: {t: string}}, {id: b, think: Think., uses: [a], gives: {t: string}}]",
    "two ends": "[{id: a, think: Think., uses: [idea], gives: {t: string}}, {id: b, think: Think., uses: [idea], gives: {t: string}}]",
}


def thinking(recipe: str) -> str:
    first, _, rest = THINKING.partition("recipe:")
    result = rest[rest.index("result:") :].replace("draft.text", "a.t").replace("draft:", "a:").replace("{text:", "{t:")
    several = first.replace("inputs: [{name: product}]", "inputs: [{name: idea}, {name: more}]")
    several = several.replace("input_type: text", "input_type: files")
    files = result.replace('input: "Soap"', 'files: {idea.md: "Soap", more.md: "x"}')
    if "{id: b" in recipe:
        files = files.replace("answers: {", 'answers: {b: [{t: "x"}], ')
    return f"{several}recipe: {recipe}\n{files}"


def stated(text: str) -> StatedProblem:
    return StatedProblem(problem="p", obligations=brief(text).obligations)


def artifact(part: Any, text: str) -> Requirements:
    """Put the answers together as the stage does."""
    known = brief(text)
    problem = part.identify_problem(known, Wanted(obligations=known.obligations))
    split, flows = part.split_code_and_ai(known, stated(text)), part.map_data_flows(known, stated(text))
    agents = part.choose_agents(known, SplitAndFlows(problem="p", split=split, flows=flows))
    by_model = {one.id for one in split.assignments if one.by_model}
    wanted = [{**one.model_dump(), "by": "ai" if one.id in by_model else "code"} for one in known.obligations]
    return Requirements.model_validate(
        {"requirements": wanted, **problem.model_dump(), **flows.model_dump(), **agents.model_dump()}
    )


def every_answer_passes_the_gate(part: Any) -> None:
    for text in (SPEC, REFUSING, THINKING, *map(thinking, RECIPES.values())):
        assert [str(one) for one in gate(context_of(spec_of(text)), artifact(part, text), {})] == []


def input_that_is_refused_is_a_way_of_its_own(part: Any) -> None:
    paths = {path.name: path.shown_by for path in artifact(part, REFUSING).critical_paths}
    assert paths == {"the ordinary way": ("R1", "E1", "E2", "E3"), "input that is refused": ("E4",)}
    assert [path.name for path in artifact(part, SPEC).critical_paths] == ["the ordinary way"]


def only_sentences_of_a_tool_that_thinks_are_the_models(part: Any) -> None:
    assert {one.by for one in artifact(part, SPEC).requirements} == {"code"}
    assert [one.by for one in artifact(part, THINKING).requirements] == ["ai", "code"]


def the_steps_of_a_recipe_are_taken_word_for_word(part: Any) -> None:
    [agent] = artifact(part, THINKING).agents
    assert (agent.id, agent.task, agent.sees, agent.gives) == ("draft", "Write one slogan.", ("product",), ("text",))
    flows = [(flow.source, flow.target) for flow in artifact(part, THINKING).flows]
    assert flows == [("input", "product"), ("product", "draft"), ("draft", "output")]


GUARDED: list[Protection] = [
    (every_answer_passes_the_gate, "for name in kept)", "for name in ())"),
    (every_answer_passes_the_gate, "dict.fromkeys([*ends, result])", "[result]"),
    (the_steps_of_a_recipe_are_taken_word_for_word, "_recipe_flows(brief) if brief.recipe else", "_plain_flows(brief) if brief.recipe else"),
    (input_that_is_refused_is_a_way_of_its_own, "if i not in refused)", "if i)"),
    (input_that_is_refused_is_a_way_of_its_own, "    if refused:\n", "    if True:\n"),
    (only_sentences_of_a_tool_that_thinks_are_the_models, 'thinks and one.id.startswith("R")', "thinks"),
    (only_sentences_of_a_tool_that_thinks_are_the_models, 'thinks and one.id.startswith("R")', 'one.id.startswith("R")'),
    (the_steps_of_a_recipe_are_taken_word_for_word, "task=s.think", "task=s.think.lower()"),
]  # fmt: skip


@pytest.mark.parametrize("protection", GUARDED)
def test_nothing_is_said_that_the_spec_does_not_say(protection: Protection) -> None:
    assert_guarded(requirements, protection)


def test_the_answers_go_through_json() -> None:
    wanted = Wanted(obligations=brief().obligations)
    assert answer(IDENTIFY_PROBLEM, wanted) == requirements.identify_problem(brief(), wanted)
