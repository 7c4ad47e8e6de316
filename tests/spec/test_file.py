import os
from pathlib import Path

import jsonschema
import pytest
import yaml

from toolbuilder.errors import FileIsWrong
from toolbuilder.spec import Spec
from toolbuilder.spec.file import json_schema, parse_spec, read_spec
from toolbuilder.yaml_files.text import LARGEST_FILE, load

SPECS = sorted((Path(__file__).parents[2] / "specs").glob("*.yaml"))
GOOD = """\
name: tool
description: Does something useful.
input_type: lines
output_type: json
options: [{name: top, type: int, default: 3, help: How many.}]
examples:
  - {input: "a", args: [--top, "2"], output: {a: 1}}
"""


def refused(text: str, file_name: str = "specs/tool.yaml") -> str:
    with pytest.raises(FileIsWrong) as caught:
        parse_spec(text.encode(), file_name)
    return str(caught.value)


def refused_file(path: Path) -> str:
    with pytest.raises(FileIsWrong) as caught:
        read_spec(path)
    return str(caught.value)


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_every_spec_of_the_repository_is_right(path: Path) -> None:
    spec = read_spec(path)

    assert 4 <= len(spec.examples) <= 9
    assert len({example.name for example in spec.examples}) == len(spec.examples)


def test_there_are_at_least_eight_specs() -> None:
    assert len(SPECS) >= 8


def test_a_spec_is_read_as_yaml_1_2() -> None:
    text = GOOD + "  - {input: 'no', output: {no: yes, 2024-01-01: 010}}\n"

    assert parse_spec(text.encode(), "tool.yaml").examples[1].output == {"no": "yes", "2024-01-01": 10}


def test_every_error_is_told_at_once() -> None:
    text = GOOD.replace("input_type", "input_tpye").replace("json", "jsn").replace("name: tool", "name: tol")

    assert refused(text).splitlines() == [
        "specs/tool.yaml:1:7: the tool is called `tol` but its file `tool.yaml`; both names must be the same",
        "specs/tool.yaml:3:1: `input_tpye` is no key here; did you mean `input_type`?",
        "specs/tool.yaml:4:14: `output_type` must be text, lines, json, jsonl, csv, tsv, markdown or files, not `jsn`; did you mean `json`?",
    ]


def test_what_does_not_fit_together_is_told_at_once_too() -> None:
    text = GOOD.replace("default: 3", "default: x").replace("--top", "--tpo") + "patterns: [a, a]\nresult: b\n"

    assert [line.split(": ")[0].removeprefix("specs/tool.yaml:") for line in refused(text).splitlines()] == [
        "5:43", "7:25", "8:15", "9:1",
    ]  # fmt: skip


def test_the_name_of_the_tool_is_the_name_of_the_file() -> None:
    assert "specs/other.yml:1:7: the tool is called `tool`" in refused(GOOD, "specs/other.yml")
    assert parse_spec(GOOD.encode(), "<standard input>").name == "tool"
    assert refused(GOOD.replace("name: tool", "name: T"), "specs/other.yaml").count("\n") == 0


def test_a_file_that_cannot_be_read_is_told_by_its_name(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)

    assert refused_file(tmp_path / "none.yaml").endswith(
        "none.yaml: the file cannot be read: No such file or directory"
    )
    assert refused_file(tmp_path).endswith("this is not a file; give the spec's file")
    assert refused_file(pipe).endswith("this is not a file; give the spec's file")
    assert refused_file(Path("/dev/zero")) == "/dev/zero: this is not a file; give the spec's file"
    assert "cannot be read" in refused_file(tmp_path / "a\x00b")
    assert "cannot be read" in refused_file(tmp_path / ("a" * 300))


def test_a_huge_file_is_refused_without_reading_it(tmp_path: Path) -> None:
    huge = tmp_path / "huge.yaml"
    with huge.open("wb") as file:
        file.truncate(100 * LARGEST_FILE)

    assert refused_file(huge) == f"{huge}: the file is larger than 1 MiB; move large data out of it"


def test_the_schema_is_a_schema_that_names_no_host_of_ours() -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)

    assert schema["$id"] == "urn:toolbuilder:spec"
    assert list(schema)[:2] == ["$schema", "$id"]


def test_the_schema_explains_every_key_and_knows_no_other() -> None:
    schema = json_schema()
    definitions = schema["$defs"]
    assert isinstance(definitions, dict)
    models = [one for one in [schema, *definitions.values()] if isinstance(one, dict) and "properties" in one]
    assert len(models) == 7
    for model in models:
        properties = model["properties"]
        assert isinstance(properties, dict)
        assert model["additionalProperties"] is False
        assert all(isinstance(one, dict) and one["description"] for one in properties.values())


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_the_schema_accepts_the_specs_of_the_repository(path: Path) -> None:
    jsonschema.validate(load(path.read_bytes(), path.name).value, json_schema())


WRONG_BY_SCHEMA = [
    GOOD.replace("input_type", "input_tpye"),
    GOOD.replace("json", "jsn"),
    GOOD.replace("tool", "Tool", 1),
    GOOD.replace("tool", "5", 1),
    GOOD.replace("Does something useful.", "x"),
    GOOD.replace("default: 3", "default: [3]"),
    GOOD.replace("type: int", "type: integer"),
    GOOD.replace('"2"', "2"),
    GOOD.replace("output: {a: 1}", "exit_code: 3"),
    GOOD.replace("output: {a: 1}", "exit_code: '2'"),
    GOOD.replace("output: {a: 1}", "exit_code: true"),
    GOOD.replace("output: {a: 1}", "output: 1, answers: {A: []}"),
    GOOD.replace("output: {a: 1}", "output: 1, answers: {a: 1}"),
    GOOD.replace("output: {a: 1}", "output: 1, files: {a: 1}"),
    GOOD.replace("output: {a: 1}", f"output: 1, input: {'x' * 20_001}").replace('input: "a", ', ""),
    GOOD + "budget: {usd: '2'}\n",
    GOOD + "budget: {usd: -1}\n",
    GOOD + "budget: {usd: 1001}\n",
    GOOD + "budget: {}\n",
    GOOD + "constraints: Use nothing.\n",
    GOOD + 'constraints: ["a\\nb"]\n',
    GOOD + "result: A\n",
    GOOD + "recipe: [{id: a, think: x, gives: {}}]\n",
    GOOD + "recipe: [{id: a, think: x, gives: {a: text}}]\n",
    GOOD + "recipe: [{id: a, think: x, gives: {a: [string, string]}}]\n",
    GOOD + "recipe: [{id: a, think: x, gives: {a-b: string}}]\n",
    GOOD + "recipe: [{id: a, think: x, gives: {a: string}, at_most: 21}]\n",
    GOOD + "recipe: [{id: a, think: x, gives: {a: string}, at_most: true}]\n",
    GOOD + "recipe: [{id: a, think: x, gives: {a: string}, otherwise: a}]\n",
    GOOD + "inputs: [{name: a, many: yes}]\n",
    "[]\n",
]


@pytest.mark.parametrize("text", WRONG_BY_SCHEMA)
def test_what_the_schema_refuses_the_loader_refuses(text: str) -> None:
    value = load(text.encode(), "tool.yaml").value

    assert not jsonschema.Draft202012Validator(json_schema()).is_valid(value)
    assert refused(text).startswith("specs/tool.yaml:")


def test_a_loader_that_bends_values_to_their_types_would_be_noticed() -> None:
    def bends(text: str) -> bool:
        try:
            return bool(Spec.model_validate(yaml.safe_load(text)))
        except ValueError:
            return False

    assert any(bends(text) for text in WRONG_BY_SCHEMA)
