"""Recipes become modules by rule: the plan, the words, and what cannot be built."""

import ast

import pytest

from tests.adapters.recipe.recipe_tools import NASTY, SPECS, carried
from toolbuilder.adapters.recipe.modules import recipe_modules, recipe_problems, recipe_sources
from toolbuilder.patterns.compliance import check_compliance
from toolbuilder.proof.sources import public_interfaces
from toolbuilder.spec.file import parse_spec


@pytest.mark.parametrize("name", SPECS)
def test_the_tool_follows_the_patterns_that_it_carries(name: str) -> None:
    spec = SPECS[name]
    files = {f"{module}.py": source for module, source in recipe_sources(spec, carried(spec)).items()}

    assert [finding for pattern in carried(spec) for finding in check_compliance(files, pattern)] == []


@pytest.mark.parametrize("name", SPECS)
def test_every_step_stands_in_the_flow_word_for_word(name: str) -> None:
    source = recipe_sources(SPECS[name], carried(SPECS[name]))["flow"]
    calls = [node.value for node in ast.parse(source).body if isinstance(node, ast.Assign)]
    tasks = [
        {keyword.arg: keyword.value for keyword in call.keywords}
        for call in calls
        if isinstance(call, ast.Call) and call.keywords
    ]

    assert [(ast.literal_eval(task["name"]), ast.literal_eval(task["think"])) for task in tasks] == [
        (step.id, step.think) for step in SPECS[name].recipe
    ]


def test_modules_are_planned_with_what_they_use_and_carry() -> None:
    planned = {module.name: module for module in recipe_modules(SPECS["blog-writer"], carried(SPECS["blog-writer"]))}

    assert [*planned] == ["loop", "saving", "thinking", "inputs", "model", "flow"]
    assert planned["flow"].uses == ("inputs", "loop", "saving", "thinking")
    assert planned["saving"].pattern == "incremental_save"
    assert "inputs" not in {module.name for module in recipe_modules(SPECS["nasty-tool"], carried(SPECS["nasty-tool"]))}


def test_every_module_has_an_interface_that_is_as_the_source_says() -> None:
    spec = SPECS["blog-writer"]
    interfaces = {name: public_interfaces(name, source) for name, source in recipe_sources(spec, carried(spec)).items()}

    assert all(interfaces.values())
    assert [one.signature for one in interfaces["flow"]] == [
        "def think_through(files: Mapping[str, str], ask: Ask, save: Path | None=None) -> str"
    ]


def test_a_recipe_that_can_be_built_has_no_problems() -> None:
    for spec in SPECS.values():
        assert recipe_problems(spec, [pattern.id for pattern in carried(spec)]) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("else: class, at_most: 2", "else: print, at_most: 2", "goes back to `print`, into the middle of what `print` repeats"),
        ("whole: integer", "from: integer", "`from` is a word of Python"),
        ("id: lonely", "id: ask_", "the steps `ask_` and `ask` are too much alike"),
        ("name: how-many", "name: model", "--model is taken"),
        ("name: how-many", "name: save", "--save is taken"),
        ("Look at nothing.,", "Look at nothing., uses: [input],", "the tool reads no such input"),
        ("input_type: none", "input_type: text\ninputs: [{name: one}, {name: two}]", "input_type has to be files"),
        ("input_type: none", "input_type: text", "the tool reads `input`, but no step uses it"),
        ("output_type: json", "output_type: files", "output_type files is not possible"),
    ],
)  # fmt: skip
def test_a_recipe_that_cannot_be_built_says_why(old: str, new: str, problem: str) -> None:
    assert old in NASTY
    renamed = NASTY.replace(old, new).replace("[print, lonely]", "[print]").replace("else: lonely", "else: ask_")
    text = (renamed if "ask_" in new else NASTY.replace(old, new)).partition("examples:")[0]
    spec = parse_spec(f"{text}examples: [{{exit_code: 2}}]\n".encode(), "nasty-tool.yaml")

    problems = recipe_problems(spec, [pattern.id for pattern in carried(spec)])

    assert any(problem in one for one in problems), problems


def test_a_recipe_without_its_patterns_is_a_problem() -> None:
    assert any("`incremental_save` is missing" in one for one in recipe_problems(SPECS["blog-writer"], []))
    assert any("`feedback_loop` is missing" in one for one in recipe_problems(SPECS["blog-writer"], []))
