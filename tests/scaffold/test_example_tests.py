import json
import runpy
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from pydantic import JsonValue

from tests.proof.test_comparison import DIFFERENT, SAME
from toolbuilder.proof.comparison import Outcome, compare
from toolbuilder.scaffold.example_tests import DATA_PATH, TEST_PATH, example_files
from toolbuilder.spec import Example, OutputType, Spec


def spec_of(*examples: Example, output_type: OutputType = "json") -> Spec:
    return Spec.model_validate(
        {
            "name": "show",
            "description": "Does things.",
            "input_type": "text",
            "output_type": output_type,
            "examples": examples,
        }
    )


def passes(folder: Path, example: Example, outcome: Outcome) -> bool:
    """Tell whether the generated test accepts a run that ended so."""
    generated = example_files(spec_of(example, output_type="files" if outcome.files is not None else "json"), {"E1"})
    for path, content in generated.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(content)
    module = runpy.run_path(str(folder / TEST_PATH))

    def run(*arguments: str, stdin: bytes) -> "CompletedProcess[str]":
        assert stdin.decode() == (example.input or "")
        for name, text in (outcome.files or {}).items():
            Path("out").mkdir(exist_ok=True)
            Path("out", name).write_bytes(text.encode())
        return CompletedProcess(arguments, outcome.exit_code, outcome.stdout, outcome.stderr)

    with pytest.MonkeyPatch.context() as patch:
        try:
            module["test_example"](module["EXAMPLES"][0], run, folder, patch)
        except (AssertionError, ValueError):
            return False
    return True


@pytest.mark.parametrize(("expected", "printed"), SAME)
def test_what_is_right_passes(tmp_path: Path, expected: JsonValue, printed: str) -> None:
    assert passes(tmp_path, Example(input="x", output=expected), Outcome(printed, "", 0))


@pytest.mark.parametrize(("expected", "printed", "_difference"), DIFFERENT)
def test_what_is_wrong_fails(tmp_path: Path, expected: JsonValue, printed: str, _difference: str) -> None:
    assert not passes(tmp_path, Example(input="x", output=expected), Outcome(printed, "", 0))


RUNS = [
    (Example(input="é", exit_code=2, stderr="bad"), Outcome("", "show: error: bad\n", 2)),
    (Example(input="é", exit_code=2, stderr="bad"), Outcome("", "show: error: good\n", 2)),
    (Example(input="é", exit_code=2), Outcome("", "show: error: bad\n", 1)),
    (Example(input="é", exit_code=2), Outcome("", "", 0)),
    (Example(input="é", exit_code=1), Outcome("x", "", 1)),
    (Example(input="", output="a"), Outcome("a", "", 1)),
    (Example(input="", output={"a": "1", "b": "2\n"}), Outcome("", "", 0, {"b": "2\n", "a": "1"})),
    (Example(input="", output={"a": "1", "b": "2\n"}), Outcome("", "", 0, {"b": "2", "a": "1"})),
    (Example(input="", output={"a": "1"}), Outcome("", "", 0, {"b": "2", "a": "1"})),
    (Example(input="", output={"a": "1"}), Outcome("", "", 0, {})),
]


@pytest.mark.parametrize(("example", "outcome"), RUNS)
def test_the_test_and_the_comparison_agree(tmp_path: Path, example: Example, outcome: Outcome) -> None:
    assert passes(tmp_path, example, outcome) == (compare(example, outcome) == "")


def test_only_what_may_be_shown_is_written() -> None:
    spec = spec_of(*(Example(input=f"in {n}", output=f"out {n}") for n in range(1, 6)))

    rows = json.loads(example_files(spec, {"E1", "E4"})[DATA_PATH])

    assert [(row["id"], row["stdin"], row["output"]) for row in rows] == [
        ("E1", "in 1", "out 1"),
        ("E4", "in 4", "out 4"),
    ]


def test_texts_arrive_as_they_are() -> None:
    text = "é\r\n\t\"'\\ %s {x} \u2028 日本"
    files = example_files(spec_of(Example(name=text.replace("\r\n", ""), input=text, output=text)), {"E1"})
    row = json.loads(files[DATA_PATH])[0]

    assert (row["stdin"], row["output"], row["name"]) == (text, text, text.replace("\r\n", ""))


def test_a_tool_with_no_example_to_show_has_no_cases() -> None:
    assert json.loads(example_files(spec_of(Example(input="", output="")), set())[DATA_PATH]) == []
