import json

from toolbuilder.proof.example_run import arguments, files, usual_arguments
from toolbuilder.spec import Example, Spec


def spec_of(example: Example, **more: object) -> Spec:
    return Spec.model_validate(
        {
            "name": "notes",
            "description": "Writes notes.",
            "input_type": "files",
            "output_type": "text",
            "options": [{"name": "top", "type": "int", "help": "How many."}],
            "examples": [example],
            **more,
        }
    )


def test_options_come_before_the_files() -> None:
    example = Example(args=("--top", "2"), files={"b": "1", "a": "2"}, output="")

    assert arguments(spec_of(example), example) == ("--top", "2", "b", "a")
    assert files(spec_of(example), example) == {"b": "1", "a": "2"}


def test_files_come_out_in_a_folder() -> None:
    example = Example(files={"a": ""}, output={"b": "x"})
    spec = spec_of(example, output_type="files")

    assert arguments(spec, example) == ("--output", "out", "a")


def test_a_tool_that_thinks_gets_its_answers_from_a_file() -> None:
    example = Example(files={"a.md": "é"}, answers={"draft": [{"body": "é"}]}, output="é")
    recipe = [{"id": "draft", "think": "Write.", "uses": ["a"], "gives": {"body": "string"}}]
    thinking = {"intelligence": "runtime", "inputs": [{"name": "a"}], "recipe": recipe, "result": "draft.body"}
    spec = spec_of(example, **thinking)

    assert arguments(spec, example) == ("--answers", "answers.json", "a.md")
    assert usual_arguments(spec, example) == ("a.md",)
    assert json.loads(files(spec, example)["answers.json"]) == {"draft": [{"body": "é"}]}
