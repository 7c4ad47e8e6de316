"""The examples of a spec as tests of the finished tool, written by code: nobody can paraphrase them."""

import json
from collections.abc import Collection

from toolbuilder.proof.example_run import arguments, files
from toolbuilder.spec import Example, Spec

DATA_PATH = "tests/examples.json"
TEST_PATH = "tests/test_examples.py"


def example_files(spec: Spec, shown: Collection[str]) -> dict[str, bytes]:
    """Give the data and the test file of the examples whose ids are shown: `test_example[E1]` and so on."""
    pairs = zip(spec.example_ids, spec.examples, strict=True)
    rows = [_row(spec, name, example) for name, example in pairs if name in shown]
    data = json.dumps(rows, ensure_ascii=False, indent=2) + "\n"
    source = HEAD + (WRITTEN_FILES if spec.output_type == "files" else PRINTED)
    return {DATA_PATH: data.encode(), TEST_PATH: source.encode()}


def _row(spec: Spec, name: str, example: Example) -> dict[str, object]:
    return {
        "id": name,
        "name": example.name or "",
        "arguments": arguments(spec, example),
        "stdin": example.input or "",
        "files": files(spec, example),
        "exit_code": example.exit_code,
        "stderr": example.stderr or "",
        "output": "" if example.exit_code else example.output,
    }


HEAD = """\
import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import TypedDict

import pytest

Run = Callable[..., CompletedProcess[str]]


class Example(TypedDict):
    id: str
    name: str
    arguments: list[str]
    stdin: str
    files: dict[str, str]
    exit_code: int
    stderr: str
    output: object


EXAMPLES: list[Example] = json.loads(
    Path(__file__).with_name("examples.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("example", EXAMPLES, ids=[example["id"] for example in EXAMPLES])
def test_example(
    example: Example, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    lay_out(example["files"])

    done = run(*example["arguments"], stdin=example["stdin"].encode())

    assert done.returncode == example["exit_code"], done.stderr
    assert example["stderr"] in done.stderr
"""

LAY_OUT = """

def lay_out(files: dict[str, str]) -> None:
    for name, text in files.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
"""

PRINTED = f'''\
    assert_same(done.stdout, example["output"])
{LAY_OUT}

def assert_same(printed: str, expected: object) -> None:
    """Compare text but for one newline at its end, and other values as JSON, keys in order."""
    if isinstance(expected, str):
        assert printed.removesuffix("\\n") == expected.removesuffix("\\n")
    else:
        assert in_order(json.loads(printed)) == in_order(expected)


def in_order(value: object) -> object:
    """Give what is equal only if the keys' order and the types are equal too."""
    if isinstance(value, dict):
        return [(key, in_order(item)) for key, item in value.items()]
    if isinstance(value, list):
        return {{"list": [in_order(item) for item in value]}}
    return (value,) if isinstance(value, bool) else value
'''

WRITTEN_FILES = f"""\
    assert done.stdout == ""
    if example["exit_code"] == 0:
        assert found_in(Path("out")) == example["output"]
{LAY_OUT}

def found_in(folder: Path) -> dict[str, str]:
    return {{
        path.relative_to(folder).as_posix(): path.read_bytes().decode()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }}
"""
