"""The gate of the sources: what shows an obligation stands there, as the spec has it, and can be read."""

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import pytest

from tests.sabotage import Protection, assert_guarded
from tests.stages.bench import context_of, produce, spec_of
from toolbuilder import artifacts
from toolbuilder.adapters.offline.generation import write_module
from toolbuilder.artifacts import Architecture, Generation, WrittenFile
from toolbuilder.brief import brief_of
from toolbuilder.scaffold.example_tests import DATA_PATH, TEST_PATH
from toolbuilder.stage import Context
from toolbuilder.stages import generation
from toolbuilder.stages.architecture import ARCHITECTURE
from toolbuilder.stages.requirements import REQUIREMENTS

MARKED = """\
name: dedupe
description: Remove duplicate lines, keeping the first occurrence and the order.
input_type: lines
output_type: lines
examples:
  - {input: "b\\na\\nb\\n", output: "b\\na\\n"}
  - {input: "\\u202ex\\nx\\n\\u202ex\\ny\\n", output: "\\u202ex\\nx\\ny\\n"}
  - {input: "3\\n1\\n2\\n1\\n3\\n", output: "3\\n1\\n2\\n"}
"""
SOURCE = "src/dedupe/dedupe.py"
EXAMPLE = f"{TEST_PATH}::test_example"
LINE_END = b"\n"
Rows = list[dict[str, object]]


@cache
def context() -> Context:
    return produce(context_of(spec_of(MARKED)), REQUIREMENTS, ARCHITECTURE)


def written(part: Any, tests: tuple[str, ...] = (f"{EXAMPLE}[E1]",)) -> tuple[Generation, dict[str, bytes]]:
    """Give what generation writes here, and the files; `tests` show the first sentence."""
    plan = context().artifact(Architecture)
    source = write_module(
        brief_of(context().spec), generation.ToWrite(module=plan.modules[0], architecture=plan)
    ).source
    files = {SOURCE: source.encode(), **part.example_tests(context().spec)}
    examples = {i: (f"{EXAMPLE}[{i}]",) for i in context().spec.example_ids}
    tested = tuple(artifacts.TestedObligation(id=i, tests=names) for i, names in {"R1": tests, **examples}.items())
    return Generation(files=(WrittenFile(path=SOURCE, by="module"),), tested=tested), files


def judged(part: Any, change: Callable[[Rows], object] = lambda rows: rows, **about: Any) -> list[str]:
    """Give what the gate finds once a person has changed the examples' rows, or put files in the way."""
    extra: Mapping[str, bytes] = about.pop("files", {})
    artifact, files = written(part, **about)
    rows: Rows = json.loads(files[DATA_PATH])
    if (changed := change(rows)) is not rows:
        files[DATA_PATH] = (json.dumps(changed, indent=2) + "\n").encode()
    return [str(finding) for finding in part.gate(context(), artifact, {**files, **extra})]


def what_was_written_passes(part: Any) -> None:
    assert judged(part) == []
    assert judged(part, tests=(EXAMPLE, f"{EXAMPLE}[E2]")) == []


def a_test_of_an_example_that_was_deleted_is_no_evidence(part: Any) -> None:
    gone = f"tests: {DATA_PATH}:1: {{}} is not there, so nothing shows it; restore it"
    assert judged(part, lambda rows: rows[:1], tests=(f"{EXAMPLE}[E2]",)) == [gone.format("E2"), gone.format("E3")]
    assert judged(part, lambda _: []) == [gone.format(i) for i in ("E1", "E2", "E3")]


def a_test_that_there_is_not_is_no_evidence(part: Any) -> None:
    other = "tests/test_gone.py::test_it"
    assert judged(part, tests=(f"{EXAMPLE}[E9]", other)) == [
        f"tests: R1: {test} does not exist" for test in (f"{EXAMPLE}[E9]", other)
    ]
    more = {"tests/test_more.py": b"def test_it() -> None: ...\n"}
    assert judged(part, tests=("tests/test_more.py::test_it[E9]",), files=more) == []
    assert judged(part, lambda rows: [*rows, {**rows[0], "id": "X1"}], tests=(f"{EXAMPLE}[X1]",)) == []


def a_changed_expectation_is_an_edit_of_the_example(part: Any) -> None:
    found = judged(part, lambda rows: [*rows[:2], {**rows[2], "output": "1\n2\n3\n"}])
    words = "E3 has another `output` than the spec; change the example in the spec"
    assert [one.rpartition(f": {words}")[0] for one in found] == [f"tests: {DATA_PATH}:23"]


def the_test_that_reads_the_examples_is_codes_alone(part: Any) -> None:
    source = written(part)[1][TEST_PATH].decode()
    way_out = "`toolbuilder run dedupe --from generation` restores it; examples are changed in the spec"
    for old, new, line in [
        ('    assert done.returncode == example["exit_code"], done.stderr\n', "", 28),
        ("\n\ndef in_order", "\n\npytestmark = pytest.mark.skip\n\n\ndef in_order", 57),
        ('@pytest.mark.parametrize("example", EXAMPLES', '@pytest.mark.parametrize("example", EXAMPLES[:0]', 28),
        ("import json\n", "import json as _\n", 1),
    ]:
        assert source.count(old) == 1
        found = judged(part, files={TEST_PATH: source.replace(old, new).encode()})
        assert found == [f"tests: {TEST_PATH}:{line}: is not what the examples make of it; {way_out}"]
    assert judged(part, files={TEST_PATH: source.replace("    ", "  ").encode() + b"\n# a remark\n"}) == []
    assert judged(part, files={"tests/test_more.py": b"def test_it() -> None: ...\n"}) == []


def the_test_that_reads_the_examples_is_there(part: Any) -> None:
    artifact, files = written(part)
    del files[TEST_PATH]
    found = [str(finding) for finding in part.gate(context(), artifact, files)]
    assert found[0].startswith(f"tests: {TEST_PATH}: is missing; `toolbuilder run dedupe --from generation` restores")


def nothing_invisible_stands_in_code(part: Any) -> None:
    for path in (SOURCE, "tests/test_more.py", "pyproject.toml"):
        before = written(part)[1].get(path, b"")
        where, words = f"{path}:{len(before.split(LINE_END))}", "an invisible character that changes how text reads"
        found = judged(part, files={path: before + "# \u202e x\n".encode()})
        assert found == [f"invisible: {where}: {words}: U+202E RIGHT-TO-LEFT OVERRIDE"]
    assert judged(part, files={"docs/uvod.md": "\u200f".encode()}) == []


def what_an_example_holds_is_spelt_out_in_its_test(part: Any) -> None:
    data = written(part)[1][DATA_PATH]
    assert data.isascii()
    assert [row["stdin"] for row in json.loads(data)] == [one.input for one in context().spec.examples]


GUARDED: list[Protection] = [
    (what_was_written_passes, "(not example or not name", "(not name"),
    (a_test_of_an_example_that_was_deleted_is_no_evidence, "        *rows_stand(files, DATA_PATH, examples[DATA_PATH]),\n", ""),
    (a_test_of_an_example_that_was_deleted_is_no_evidence, "    rows |= {", "    _ = {"),
    (a_test_that_there_is_not_is_no_evidence, " or example in examples)", " or bool(examples))"),
    (a_test_that_there_is_not_is_no_evidence, "return name in names and (", "return ("),
    (a_test_that_there_is_not_is_no_evidence, 'or not name.startswith(f"{TEST_PATH}::") or', "or"),
    (a_test_that_there_is_not_is_no_evidence, "names_of_tests(files), rows_in(files, DATA_PATH)", "names_of_tests(files), set()"),
    (a_changed_expectation_is_an_edit_of_the_example, "examples[DATA_PATH]),", "files[DATA_PATH]),"),
    (the_test_that_reads_the_examples_is_codes_alone, "        *code_stands(files, TEST_PATH, examples[TEST_PATH], way_out),\n", ""),
    (the_test_that_reads_the_examples_is_codes_alone, "examples[TEST_PATH], way_out", "files[TEST_PATH], way_out"),
    (the_test_that_reads_the_examples_is_there, "        *code_stands(files, TEST_PATH, examples[TEST_PATH], way_out),\n", ""),
    (nothing_invisible_stands_in_code, "        *no_invisible(files),\n", ""),
    (what_an_example_holds_is_spelt_out_in_its_test, "escaped(files[DATA_PATH].decode()).encode()", "files[DATA_PATH]"),
]  # fmt: skip


@pytest.mark.parametrize("protection", GUARDED)
def test_what_shows_an_obligation_stands_and_can_be_read(protection: Protection) -> None:
    assert_guarded(generation, protection)
