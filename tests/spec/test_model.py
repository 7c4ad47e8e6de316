from types import ModuleType

import pytest
from pydantic import JsonValue, ValidationError

from toolbuilder.spec import Example, Option, Spec, Step, bind_options, example_rules, recipe_rules
from toolbuilder.spec import rules as spec_rules
from toolbuilder.spec.names import why_taken

GOOD: dict[str, JsonValue] = {
    "name": "log-levels",
    "description": "Count the lines of a log by level.",
    "input_type": "lines",
    "output_type": "json",
    "examples": [{"input": "a\n", "output": 1}],
}
OPTIONS: list[JsonValue] = [
    {"name": "top", "type": "int", "default": 10, "help": "How many."},
    {"name": "ratio", "type": "float", "help": "How much."},
    {"name": "sep", "help": "Between."},
    {"name": "mode", "type": "choice", "choices": ["fast", "slow"], "default": "slow", "help": "How."},
    {"name": "dry-run", "type": "flag", "help": "Only say."},
]
STEP: dict[str, JsonValue] = {"id": "draft", "think": "Write.", "gives": {"body": "string", "done": "boolean"}}


def spec(**changes: JsonValue) -> Spec:
    return Spec.model_validate({**GOOD, **changes})


def refusal(**changes: JsonValue) -> str:
    with pytest.raises(ValidationError) as caught:
        spec(**changes)
    return str(caught.value)


def thinking(*steps: JsonValue, **changes: JsonValue) -> dict[str, JsonValue]:
    return {"intelligence": "runtime", "result": "draft.body", "recipe": list(steps), **changes}


def test_a_spec_can_be_made_in_code() -> None:
    made = Spec(
        name="x-y",
        description="Does something.",
        input_type="none",
        output_type="text",
        options=(Option(name="top", type="int", help="How many."),),
        examples=(Example(args=("--top", "2"), output="2"),),
    )

    assert made.package == "x_y"
    assert made.example_ids == ("E1",)
    assert bind_options(made, ["--top=3"]) == {"top": 3}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([{"name": "help", "help": "x"}], "`--help` is an option that every tool has"),
        ([{"name": "a", "help": "x"}, {"name": "a", "help": "y"}], "options.1.name: the option `a` stands twice"),
        ([{"name": "a", "type": "int", "default": "1", "help": "x"}], "the default '1' is not of type int"),
        ([{"name": "a", "type": "int", "default": True, "help": "x"}], "the default True is not of type int"),
        ([{"name": "a", "type": "flag", "default": 0, "help": "x"}], "the default 0 is not of type flag"),
        ([{"name": "a", "type": "flag", "default": True, "help": "x"}], "a flag is off until it is given"),
        ([{"name": "a", "type": "choice", "help": "x"}], "type `choice` needs its `choices`"),
        ([{"name": "a", "choices": ["b"], "help": "x"}], "`choices` belongs to type `choice` only"),
        ([{"name": "a", "type": "choice", "choices": ["b", "b"], "help": "x"}], "the choice `b` stands twice"),
        (
            [{"name": "a", "type": "choice", "choices": ["fast"], "default": "fats", "help": "x"}],
            "the default `fats` is not one of fast; did you mean `fast`?",
        ),
    ],
)
def test_options_that_no_command_line_can_have_are_refused(options: JsonValue, words: str) -> None:
    assert words in refusal(options=options)


@pytest.mark.parametrize(
    ("example", "words"),
    [
        ({"input": "x"}, "an example that ends well says its `output`"),
        ({"input": "x", "output": "y", "exit_code": 2}, "an example that fails prints no `output`"),
        ({"output": 1}, "`input` is missing: input_type is lines"),
        ({"files": {"a": "x"}, "output": 1}, "input_type lines wants `input`, not `files`"),
        ({"input": "a\n", "output": 2}, "the same arguments and input as in example 1"),
        ({"input": "", "args": ["--tpo", "1"], "output": 1}, "no option `--tpo`; did you mean `--top`?"),
        ({"input": "", "args": ["file.txt"], "output": 1}, "`file.txt` is not an option"),
        ({"input": "", "answers": {"draft": []}, "output": 1}, "there is no step `draft` to answer for"),
    ],
)
def test_examples_that_are_no_runs_of_the_tool_are_refused(example: JsonValue, words: str) -> None:
    assert words in refusal(options=OPTIONS, examples=[{"input": "a\n", "output": 1}, example])


def test_an_example_of_wrong_usage_may_hold_any_arguments() -> None:
    assert spec(examples=[{"args": ["--tpo", "x", "y"], "exit_code": 2}]).examples[0].args == ("--tpo", "x", "y")


def test_output_of_text_types_is_text() -> None:
    assert "output_type csv wants text" in refusal(output_type="csv", examples=[{"input": "", "output": 15}])
    assert "output_type lines wants text" in refusal(output_type="lines", examples=[{"input": "", "output": None}])
    assert spec(output_type="json", examples=[{"input": "", "output": None}]).examples[0].output is None


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "../x",
        "a/../x",
        "a//b",
        "a/",
        ".",
        "a\\b",
        "C:x",
        "-x",
        "",
        "a\nb",
        "\x00",
        "a/. /b",
        "x" * 256,
        "a\u202eb",
        "a\u3164",
    ],
)
def test_paths_of_example_files_stay_below_their_folder(path: str) -> None:
    examples: JsonValue = [{"files": {path: "x"}, "output": 1}]

    assert "is not a plain relative path" in refusal(input_type="files", examples=examples)


def test_ordinary_paths_are_plain() -> None:
    files: dict[str, JsonValue] = {"a.txt": "", "b/c-d/é f.md": "", ".hidden": "", "a..b": ""}

    assert list(spec(input_type="files", examples=[{"files": files, "output": 1}]).examples[0].files) == list(files)


def test_a_path_is_not_file_and_folder_at_once() -> None:
    examples: JsonValue = [{"files": {"a": "x", "a/b": "y"}, "output": 1}]

    assert "cannot be a file and a folder" in refusal(input_type="files", examples=examples)


@pytest.mark.parametrize("name", ["con", "com1", "json", "test", "class", "csv", "toolbuilder", "pytest", "tests"])
def test_names_that_would_hide_something_are_refused(name: str) -> None:
    assert why_taken(name)
    assert "choose another name" in refusal(name=name)


@pytest.mark.parametrize("name", ["log-levels", "json-flatten", "a1", "match", "console"])
def test_other_names_are_free(name: str) -> None:
    assert not why_taken(name)
    assert spec(name=name).name == name


@pytest.mark.parametrize("name", ["", "-a", "a-", "a--b", "A", "a_b", "a.b", "../a", "a/b", "1a", "a\n", "é", "a" * 64])
def test_names_have_one_form(name: str) -> None:
    refusal(name=name)


def test_words_that_reach_source_and_terminal_hold_no_control_characters() -> None:
    assert "should match pattern" in refusal(description="Clear\x1b[2J the screen.")
    assert "should match pattern" in refusal(constraints=["a\x00b"])
    assert "should match pattern" in refusal(options=[{"name": "top", "help": "a\nb"}])
    assert spec(description="One.\nTwo:\n\t- three\n").description.endswith("three\n")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"recipe": [STEP]}, "`recipe` belongs to `intelligence: runtime`"),
        ({"result": "draft"}, "`result` belongs to `intelligence: runtime`"),
        ({"inputs": [{"name": "a"}]}, "`inputs` belongs to `intelligence: runtime`"),
        ({"intelligence": "runtime"}, "`intelligence: runtime` needs a `recipe` and a `result`"),
        (thinking(STEP, result="drfat.body"), "the recipe has no step `drfat`; did you mean `draft`?"),
        (thinking(STEP, result="draft.bdy"), "the step `draft` does not give `bdy`; did you mean `body`?"),
        (thinking(STEP, STEP), "recipe.1.id: the step `draft` stands twice"),
        (thinking({**STEP, "uses": ["inptu"]}), "`inptu` is neither an input nor an earlier step; did you mean"),
        (thinking({**STEP, "id": "input"}, STEP), "the step `input` has the name of an input"),
        (thinking({**STEP, "until": {"true": "done"}}), "`until` needs an `else`"),
        (thinking({**STEP, "else": "draft"}), "`else` needs an `until`"),
        (thinking({**STEP, "until": {"true": "done"}, "else": "facts"}), "`facts` is not an earlier step"),
        (thinking({**STEP, "until": {}, "else": "draft"}), "`until` takes either `empty` or `true`"),
        (thinking({**STEP, "until": {"true": "dnoe"}, "else": "draft"}), "does not give `dnoe`; did you mean `done`?"),
        (thinking({**STEP, "until": {"empty": "done"}, "else": "draft"}), "`done` does not fit"),
    ],
)
def test_recipes_that_cannot_be_followed_are_refused(changes: dict[str, JsonValue], words: str) -> None:
    assert words in refusal(**changes)


def test_a_recipe_that_can_be_followed_is_accepted() -> None:
    step: dict[str, JsonValue] = {**STEP, "uses": ["idea"], "until": {"true": "done"}, "else": "draft", "at_most": 5}
    made = spec(**thinking(step, inputs=[{"name": "idea"}]))

    assert made.recipe == (Step.model_validate(step),)


@pytest.mark.parametrize(
    ("module", "rule", "changes"),
    [
        (spec_rules, "name_is_free", {"name": "json"}),
        (spec_rules, "names_differ", {"patterns": ["a", "a"]}),
        (spec_rules, "options_fit", {"options": [{"name": "help", "help": "x"}]}),
        (example_rules, "examples_fit", {"examples": [{"output": 1}]}),
        (example_rules, "examples_differ", {"examples": [{"input": "", "output": 1}, {"input": "", "output": 2}]}),
        (example_rules, "arguments_are_options", {"examples": [{"input": "", "args": ["--x"], "output": 1}]}),
        (recipe_rules, "recipe_belongs", {"result": "draft"}),
        (recipe_rules, "steps_follow", thinking({**STEP, "uses": ["nothing"]})),
        (recipe_rules, "result_is_given", thinking(STEP, result="nothing")),
        (recipe_rules, "answers_are_of_steps", {"examples": [{"input": "", "answers": {"x": []}, "output": 1}]}),
    ],
)
def test_without_its_rule_a_wrong_spec_would_pass(
    module: ModuleType, rule: str, changes: dict[str, JsonValue], monkeypatch: pytest.MonkeyPatch
) -> None:
    refusal(**changes)
    monkeypatch.setattr(module, rule, lambda *_: ())

    spec(**changes)


def test_a_quarter_of_the_examples_is_held_out_the_same_ones_everywhere() -> None:
    made = spec(examples=[{"input": f"{n}\n", "output": n} for n in range(9)])

    assert made.held_out == frozenset({"E2", "E9"})
    assert spec(examples=[{"input": f"{n}\n", "output": n} for n in range(3)]).held_out == frozenset()


def test_what_is_shown_nowhere_else_is_not_held_out() -> None:
    examples: list[JsonValue] = [{"input": f"{n}\n", "output": n} for n in range(3)]
    single: list[JsonValue] = [{"input": "x", "args": ["--top", "1"], "output": 0}, {"input": "y", "exit_code": 2}]
    held_out = [spec(name=f"tool-{n}", options=OPTIONS, examples=examples + single).held_out for n in range(40)]

    assert {one for ids in held_out for one in ids} == {"E1", "E2", "E3"}
