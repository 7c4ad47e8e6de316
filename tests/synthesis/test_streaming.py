from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from tests.synthesis.emitted_packages import complaints, write_package
from tests.synthesis.synthesis_tasks import SPECS, SPLIT, WHOLE, cli20, lines_task, solved
from toolbuilder.synthesis import Accepted, Program, Task, emit, streams
from toolbuilder.synthesis.library.errors import InputError
from toolbuilder.synthesis.library.text import read_lines
from toolbuilder.synthesis.mutation import probes
from toolbuilder.synthesis.source import LIBRARY
from toolbuilder.synthesis.task import OptionValue
from toolbuilder.synthesis.terms import Call, Function, Literal, Term, Variable
from toolbuilder.synthesis.trial import Outcome, keywords, run

TEXT = Variable("text", "Text")
LINE = Variable("line", "Line")
LINES = Call("read_lines", (TEXT,))
CSV, TSV, JSONL = Call("read_csv", (TEXT,)), Call("read_tsv", (TEXT,)), Call("read_json_lines", (TEXT,))
NAME = Literal("name", "Column")
FILTER = Function("Line", (LINE,), Call("contains", (LINE, Literal("a", "Word"))))
UPPER = Function("Line", (LINE,), Call("upper", (LINE,)))
TABLE = 'name,age\nann,10\n\n"b, ""c""",9\n"two\nlines",-1.5\n'
TABS = 'name\tage\nann\t10\n\n"b, c"\t9\r\n'


def number(operation: str, bound: float, read: Term = CSV) -> Term:
    return Call(operation, (read, Literal("age", "Column"), Literal(bound, "Real")))


TERMS: dict[str, tuple[Term, str, str]] = {
    "filter": (Call("keep", (LINES, FILTER)), "render_lines", "b\na\n\na"),
    "map": (Call("each", (LINES, UPPER)), "render_lines", "b\na\r\n\n\u2028"),
    "filter and map": (Call("each", (Call("keep", (LINES, FILTER)), UPPER)), "render_lines", "b\nab\n"),
    "first": (Call("first_lines", (LINES, Literal(2, "Size"))), "render_lines", "a\nb\nc\n"),
    "rest": (Call("skip_lines", (LINES, Literal(2, "Size"))), "render_lines", "a\nb\nc\n"),
    "runs": (Call("drop_adjacent_repeats", (LINES,)), "render_lines", "a\na\nb\na\n"),
    "checked": (Call("require_numbers", (LINES, Literal("no", "Message"))), "render_lines", "1\nx\n"),
    "where": (Call("where", (CSV, NAME, Literal("ann", "Word"))), "render_csv", TABLE),
    "no such column": (Call("where", (CSV, Literal("x", "Column"), Literal("ann", "Word"))), "render_csv", TABLE),
    "empty table": (Call("where", (CSV, NAME, Literal("ann", "Word"))), "render_csv", "\n"),
    "above": (number("rows_above", 9), "render_csv", TABLE),
    "from": (number("rows_from", 9), "render_csv", TABLE),
    "below": (number("rows_below", 9), "render_csv", TABLE),
    "up to": (number("rows_up_to", 9), "render_csv", TABLE),
    "not a number": (number("rows_above", 9), "render_csv", "name,age\na,b\n"),
    "columns": (Call("select", (CSV, Literal(("age", "name"), "Columns"))), "render_csv", TABLE),
    "a short row": (Call("select", (CSV, Literal(("age",), "Columns"))), "render_csv", "name,age\na,1\n\nb\n"),
    "an open quote": (Call("select", (CSV, Literal(("age",), "Columns"))), "render_csv", 'name,age\na,"1\n'),
    "column": (Call("column", (CSV, NAME)), "render_lines", TABLE),
    "tabs": (number("rows_from", 9, TSV), "render_tsv", TABS),
    "a short line": (number("rows_from", 9, TSV), "render_tsv", "name\tage\nx\n"),
    "records": (Call("records", (CSV,)), "render_json_lines", TABLE),
    "double names": (Call("records", (CSV,)), "render_json_lines", "a,a\n1,2\n"),
    "compact": (JSONL, "render_compact_json_lines", '{"a": [1]}\n\n2'),
    "not JSON": (JSONL, "render_json_lines", '{"a": 1}\n{"a":\n'),
    "not finite": (JSONL, "render_json_lines", '{"a": 1}\nNaN\n'),
}  # fmt: skip


def stream(program: Program, text: str, options: Mapping[str, OptionValue]) -> Outcome:
    """Run a program as it is emitted for streams."""
    namespace: dict[str, object] = {}
    exec(emit(program, replace(WHOLE, package=LIBRARY, streams=True))["tool"], namespace)  # noqa: S102
    entry = namespace["run"]
    assert callable(entry)
    try:
        return Outcome("".join(f"{line}\n" for line in entry(iter(read_lines(text)), **keywords(program, options))))
    except InputError as error:
        return Outcome(str(error), exit_code=2)


def program_of(name: str) -> Program:
    term, writer, _ = TERMS[name]
    return Program("Do it.", "lines", "lines", (), Call(writer, (term,)))


@pytest.mark.parametrize("name", TERMS)
def test_a_stream_gives_what_the_whole_text_gives_errors_included(name: str) -> None:
    program, text = program_of(name), TERMS[name][2]
    assert streams(program)
    assert stream(program, text, {}) == run(program, text, {}, {})


STREAMED = [task for task in [*SPECS, *(task for task, _ in cli20())] if isinstance(solved(task), Accepted)]


@pytest.mark.parametrize("task", STREAMED, ids=lambda task: task.name)
def test_an_accepted_program_gives_the_same_on_every_probe_as_a_stream(task: Task) -> None:
    verdict = solved(task)
    assert isinstance(verdict, Accepted)
    for probe in probes(task) if streams(verdict.program) else []:
        here = run(verdict.program, probe.input, probe.options, probe.files)
        assert stream(verdict.program, probe.input, probe.options).same(here), probe


@pytest.mark.parametrize(
    "term",
    [
        Call("render_lines", (Call("sort_lines", (LINES,)),)),
        Call("render_lines", (Call("last_lines", (LINES, Literal(2, "Size"))),)),
        Call("render_text", (Call("integer_text", (Call("count_lines", (LINES,)),)),)),
        Call("render_lines", (Call("first_lines", (LINES, Call("count_words", (TEXT,)))),)),
    ],
)
def test_what_needs_the_whole_input_is_no_stream(term: Term) -> None:
    assert not streams(Program("Do it.", "lines", "lines", (), term))


def test_what_is_emitted_for_streams_is_clean(tmp_path: Path) -> None:
    verdicts = [solved(task) for task in STREAMED]
    accepted = [one.program for one in verdicts if isinstance(one, Accepted) and streams(one.program)]
    for index, program in enumerate([*map(program_of, TERMS), *accepted]):
        write_package(tmp_path, f"tool_{index}", program, replace((SPLIT, WHOLE)[index % 2], streams=True))
    assert complaints(tmp_path) == ""


def test_the_lines_that_a_stream_gives_come_before_the_input_ends() -> None:
    namespace: dict[str, object] = {}
    exec(emit(program_of("map"), replace(WHOLE, package=LIBRARY, streams=True))["tool"], namespace)  # noqa: S102
    entry = namespace["run"]
    assert callable(entry)

    def endless() -> object:
        yield "a"
        raise AssertionError("the second line is asked for too early")

    assert next(iter(entry(endless()))) == "A"


def test_a_task_of_lines_is_accepted_as_a_stream() -> None:
    task = lines_task("Write the lines in upper case.", ("b\na\n", "B\nA\n"), ("é\n", "É\n"), ("xy\n", "XY\n"))
    verdict = solved(task)
    assert isinstance(verdict, Accepted)
    assert streams(verdict.program)
