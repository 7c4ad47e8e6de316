import re
from pathlib import PurePath
from typing import Any

import pytest

from tests.sabotage import Protection, assert_guarded
from toolbuilder.errors import BudgetReached, FileIsWrong, NeedsPerson, Problem, RepositoryError
from toolbuilder.telling import annotations
from toolbuilder.telling.annotations import Annotation, annotation_lines, of_error

ROOT = PurePath("/work tree")
V2 = re.compile(r"\s*::(?P<name>\S+?)(?: (?P<properties>.*?))?::(?P<data>.*)")  # as the runner reads a line
HOSTILE = (
    "::error::x", "  ::stop-commands::x", "\t::add-mask::x", "\xa0::set-env name=PATH::x", "\ufeff::error::x", "\u2003::error::x",
    "a ##[error]x", "##[set-env name=PATH]x", "##[a]##[b]",
)  # fmt: skip


def commands(line: str) -> bool:
    """Say whether the runner takes a line for a command: the newer form after white space, the older one anywhere."""
    text = line.removeprefix("\ufeff").lstrip()
    return (text.startswith("::") and text.find("::", 2) >= 0) or ("##[" in text and "]" in text)


def no_line_commands_the_runner(part: Any) -> None:
    for line in HOSTILE:
        assert commands(line)
        assert not commands(part.harmless(line)), line


def other_lines_are_left_alone(part: Any) -> None:
    for line in ("a ::error::x", "std::vector", "##", "# [x]", ""):
        assert part.harmless(line) == line


def everything_is_escaped(part: Any) -> None:
    one = Annotation("error", "50%, a:b", "100%\r\n::error::x", "a,b:c%.yaml", 3, 7)
    [line] = part.annotation_lines([one])
    assert line == ("::error file=a%2Cb%3Ac%25.yaml,line=3,col=7,title=50%25%2C a%3Ab::100%25%0D%0A::error::x")
    assert len(line.splitlines()) == 1


def ten_of_a_kind_are_the_most(part: Any) -> None:
    many = [part.Annotation("error", "t", f"e{number}") for number in range(25)]
    lines = part.annotation_lines([*many, part.Annotation("warning", "t", "w")])
    assert [line.split(" ")[0] for line in lines] == ["::error"] * 10 + ["::warning"]
    assert lines[9] == "::error title=16 more::… and 16 more; the log has them all"
    assert len(part.annotation_lines(many[:10])) == 10


def problems_are_located_below_the_folder(part: Any) -> None:
    wrong = FileIsWrong([Problem("/work tree/specs/a.yaml", 3, 5, "no"), Problem("/elsewhere/b.yaml", 0, 0, "neither")])
    [one, other] = part.of_error(wrong, ROOT)
    assert (one.file, one.line, one.column, one.message) == ("specs/a.yaml", 3, 5, "no")
    assert (other.file, other.line) == ("/elsewhere/b.yaml", 0)


def findings_point_into_the_tool(part: Any) -> None:
    error = NeedsPerson("m", findings=["lint: src/a/b.py:12:3: E501", "tests: 3 of 9 passed"], advice="do")
    [first, located, spec] = part.of_error(error, ROOT, "dedupe")
    assert (first.title, first.message, first.file) == ("dedupe: a person is needed", "m\ndo", "specs/dedupe.yaml")
    assert (located.file, located.line, located.column) == ("tools/dedupe/src/a/b.py", 12, 3)
    assert (spec.file, spec.line) == ("specs/dedupe.yaml", 0)


def what_a_verification_finds_points_into_the_tool_or_at_the_file(part: Any) -> None:
    located = "tools/a/tests/test_examples.py:28:1: the edit fails: no"
    measured = "verification: types: src/a/b.py:12:3: error: no"
    [first, second, third] = part.of_findings([located, measured, "packaging: examples: E4: no"], "a")
    assert {one.title for one in (first, second, third)} == {"a: not verified"}
    assert (first.file, first.line, first.message) == ("tools/a/tests/test_examples.py", 28, "the edit fails: no")
    assert (second.file, second.line, second.column, second.message) == ("tools/a/src/a/b.py", 12, 3, measured)
    assert (third.file, third.line) == ("specs/a.yaml", 0)


def a_problem_is_read_back(part: Any) -> None:
    for problem in (Problem("specs/a.yaml", 3, 5, "no: 1:2: x"), Problem("specs/a b.yaml", 0, 0, "cannot be read: no")):
        assert part.problem_of(str(problem)) == problem


def a_cap_is_no_failure(part: Any) -> None:
    assert [one.kind for one in part.of_error(BudgetReached("no money"), ROOT)] == ["warning"]
    assert [one.kind for one in part.of_error(RepositoryError("x"), ROOT)] == ["error"]
    assert [one.title for one in part.of_error(ValueError("x"), ROOT)] == ["toolbuilder is wrong"]
    assert [one.message for one in part.of_error(OSError(28, "full", "f"), ROOT)] == [
        "f: full; nothing that was finished is lost"
    ]


GUARDED: list[Protection] = [
    (no_line_commands_the_runner, r"^([\s\ufeff]*)::|##\[", r"^()::|##\["),
    (no_line_commands_the_runner, r"^([\s\ufeff]*)::|##\[", r"^([\s\ufeff]*)::|$^##\["),
    (no_line_commands_the_runner, r"^([\s\ufeff]*)::|##\[", r"^(\s*)::|##\["),
    (no_line_commands_the_runner, "return COMMAND.sub(_apart, line)", "return COMMAND.sub(_apart, line, count=1)"),
    (other_lines_are_left_alone, r"^([\s\ufeff]*)::|##\[", r"()::|##\["),
    (everything_is_escaped, '.replace("%", "%25")', ""),
    (everything_is_escaped, '.replace("\\r", "%0D")', ""),
    (everything_is_escaped, '.replace("\\n", "%0A")', ""),
    (everything_is_escaped, '.replace(":", "%3A")', ""),
    (everything_is_escaped, '.replace(",", "%2C")', ""),
    (ten_of_a_kind_are_the_most, "    if len(group) <= MOST:\n", "    if True:\n"),
    (ten_of_a_kind_are_the_most, "MOST = 10", "MOST = 11"),
    (problems_are_located_below_the_folder, "file.relative_to(folder) if file.is_relative_to(folder) else file", "file"),
    (findings_point_into_the_tool, 'f"tools/{tool}/{file}" if tool else file', "file"),
    (a_problem_is_read_back, "LOCATED.fullmatch(line)", "None"),
    (a_cap_is_no_failure, '"warning", _title(tool, "a cap is reached")', '"error", _title(tool, "a cap is reached")'),
]  # fmt: skip


@pytest.mark.parametrize("protection", GUARDED)
def test_annotations_say_where_and_no_more(protection: Protection) -> None:
    assert_guarded(annotations, protection)


def test_an_annotation_is_read_as_the_runner_reads_it() -> None:
    [line] = annotation_lines(of_error(FileIsWrong([Problem("a.yaml", 2, 1, "x::y")]), ROOT))
    found = V2.fullmatch(line)
    assert found is not None
    assert (found["name"], found["data"]) == ("error", "x::y")
    assert found["properties"] == "file=a.yaml,line=2,col=1,title=the file is wrong"


def test_a_long_message_is_cut() -> None:
    [line] = annotation_lines([Annotation("notice", "t" * 300, "m" * 9_000)])
    assert len(line) < 4_300
