"""Tasks for the tests of the engine: the cli20 suite, and specs with options, files and wrong input."""

import json
from collections.abc import Mapping
from pathlib import Path

from toolbuilder.synthesis import Accepted, Example, Layout, Module, Option, Question, Refusal, Task, solve
from toolbuilder.synthesis.task import OptionValue

WHOLE = Layout("pkg", "run", (Module("tool", frozenset({"read", "transform", "write"}), "The whole tool."),))
SPLIT = Layout(
    "pkg",
    "run",
    (
        Module("reading", frozenset({"read"}), "Read the input."),
        Module("core", frozenset({"transform"}), "Do the work."),
        Module("writing", frozenset({"write"}), "Write the output."),
    ),
)
SUITE = Path(__file__).parent / "data" / "cli20.jsonl"


ANSWERS: dict[str, Accepted | Question | Refusal] = {}


def solved(task: Task) -> Accepted | Question | Refusal:
    """Give the engine's answer, found once for all tests."""
    key = repr(task)
    if key not in ANSWERS:
        ANSWERS[key] = solve(task)
    return ANSWERS[key]


def cli20() -> list[tuple[Task, tuple[Example, ...]]]:
    """Give each task of the suite with its first three examples, and all five."""
    found: list[tuple[Task, tuple[Example, ...]]] = []
    for line in SUITE.read_text("utf-8").splitlines():
        form = json.loads(line)
        as_value = form["output_type"] == "json"
        pairs = enumerate(form["pairs"], start=1)
        examples = tuple(Example(f"E{n}", pair["input"], pair["output"], as_value) for n, pair in pairs)
        task = Task(form["id"], form["description"], form["input_type"], form["output_type"], (), examples[:3])
        found.append((task, examples))
    return found


def shown(
    number: int,
    given: str | Mapping[str, str],
    expected: str,
    options: Mapping[str, OptionValue] | None = None,
) -> Example:
    """Make an example that shows an output."""
    files = given if isinstance(given, dict) else {}
    text = given if isinstance(given, str) else ""
    return Example(f"E{number}", text, expected, options=options or {}, files=files)


def refused(number: int, given: str, stderr: str, options: Mapping[str, OptionValue] | None = None) -> Example:
    """Make an example of wrong input."""
    return Example(f"E{number}", given, None, options=options or {}, exit_code=2, stderr=stderr)


def valued(number: int, given: str, expected: str, options: Mapping[str, OptionValue] | None = None) -> Example:
    """Make an example whose output is a JSON value."""
    return Example(f"E{number}", given, expected, as_value=True, options=options or {})


def lines_task(description: str, *pairs: tuple[str, str]) -> Task:
    """Make a task of pairs of texts."""
    examples = tuple(shown(number, *pair) for number, pair in enumerate(pairs, start=1))
    return Task("task", description, "lines", "lines", (), examples)


LOG_LEVELS = Task(
    "log-levels",
    "Count the lines of a log by level, most frequent first.",
    "lines",
    "json",
    (Option("top", "int", 10, (), "How many levels to print"),),
    (
        valued(1, "INFO start\nERROR boom\nINFO stop\n", '{"INFO": 2, "ERROR": 1}', {"top": 2}),
        valued(2, "", "{}", {"top": 10}),
        valued(3, "WARN a\nERROR b\nERROR c\nINFO d\n", '{"ERROR": 2}', {"top": 1}),
        refused(4, "hello\n", "not a log line", {"top": 10}),
    ),
)
SORTER = Task(
    "sorter",
    "Sort the lines.",
    "lines",
    "lines",
    (Option("reverse", "flag", default=False, help="Sort in reverse"),),
    (
        shown(1, "bat\nant\ncow\n", "ant\nbat\ncow\n", {"reverse": False}),
        shown(2, "bat\nant\ncow\n", "cow\nbat\nant\n", {"reverse": True}),
        shown(3, "eel\nyak\nfox\n", "yak\nfox\neel\n", {"reverse": True}),
    ),
)
FINDER = Task(
    "finder",
    "Find the lines that contain the word.",
    "lines",
    "lines",
    (
        Option("word", "str", None, (), "The word to look for"),
        Option("count", "flag", default=False, help="Only count the matching lines"),
    ),
    (
        shown(1, "ab c\nfoo\nbar foo\n", "foo\nbar foo\n", {"word": "foo", "count": False}),
        shown(2, "ab c\nfoo\nbar foo\n", "2\n", {"word": "foo", "count": True}),
        shown(3, "x\ny\nxy\n", "x\nxy\n", {"word": "x", "count": False}),
        shown(4, "x\ny\nxy\nyy\n", "3\n", {"word": "y", "count": True}),
    ),
)
CASES = Task(
    "cases",
    "Change the case of the text.",
    "text",
    "text",
    (Option("style", "choice", "upper", ("upper", "lower", "title"), "The case to write: upper, lower or title"),),
    (
        shown(1, "Hello world\n", "HELLO WORLD\n", {"style": "upper"}),
        shown(2, "Hello World\n", "hello world\n", {"style": "lower"}),
        shown(3, "hello my world\n", "Hello My World\n", {"style": "title"}),
        shown(4, "ABC d\n", "ABC D\n", {"style": "upper"}),
    ),
)
DUPLICATES = Task(
    "duplicates",
    "Find the files with duplicate content; print each group on a line.",
    "files",
    "lines",
    (),
    (
        shown(1, {"a.txt": "x\n", "b.txt": "x\n", "c.txt": "y\n"}, "a.txt b.txt\n"),
        shown(2, {"a.txt": "x\n", "c.txt": "y\n"}, ""),
        shown(3, {"a": "1", "b": "2", "c": "2", "d": "1"}, "a d\nb c\n"),
    ),
)
LINE_COUNTS = Task(
    "line-counts",
    "Count the lines of each file.",
    "files",
    "lines",
    (),
    (
        shown(1, {"a.txt": "x\n", "b.txt": "x\ny\n"}, "a.txt: 1\nb.txt: 2\n"),
        shown(2, {"c": ""}, "c: 0\n"),
        shown(3, {"z": "a\nb\nc\n"}, "z: 3\n"),
    ),
)
COLUMN = Task(
    "column",
    "Print the given column of a CSV file, one value per line.",
    "csv",
    "lines",
    (Option("column", "str", "name", (), "The column to print"),),
    (
        shown(1, "name,age\nann,3\nbob,4\n", "ann\nbob\n", {"column": "name"}),
        shown(2, "name,age\nann,3\nbob,4\n", "3\n4\n", {"column": "age"}),
        refused(3, "a,b\n1,2\n", "no column", {"column": "zzz"}),
    ),
)
AVERAGE = Task(
    "average",
    "Compute the average of the numbers, rounded to one decimal.",
    "lines",
    "text",
    (),
    (
        shown(1, "1\n2\n4\n", "2.3\n"),
        shown(2, "10\n20\n", "15.0\n"),
        refused(3, "1\nx\n", "line 2: not a number"),
        shown(4, "7\n", "7.0\n"),
    ),
)
GREETING = Task(
    "greeting",
    "Greet.",
    "none",
    "text",
    (Option("name", "str", "World", (), "Who to greet"),),
    (shown(1, "", "Hello, World!\n", {"name": "World"}), shown(2, "", "Hello, Ann!\n", {"name": "Ann"})),
)
SPECS = (LOG_LEVELS, SORTER, FINDER, CASES, DUPLICATES, LINE_COUNTS, COLUMN, AVERAGE, GREETING)
TITLES = (
    ("George Washington\tmale", "Mr. Washington"),
    ("Alan Turing\tmale", "Mr. Turing"),
    ("Grace Hopper\tfemale", "Ms. Hopper"),
    ("Ruth Porat\tfemale", "Ms. Porat"),
)
RESHAPERS = (
    Task(
        "grades",
        "",
        "csv",
        "csv",
        (),
        (
            shown(1, "Ann,Math,65\nAnn,Art,42\nBob,Art,54\n", ",Math,Art\nAnn,65,42\nBob,,54\n"),
            shown(2, "Eve,PE,1\nDan,PE,2\n", ",PE\nEve,1\nDan,2\n"),
        ),
    ),
    Task(
        "titles",
        "Prepend Mr. or Ms. to the last name.",
        "text",
        "text",
        (),
        tuple(shown(number, *pair) for number, pair in enumerate(TITLES, start=1)),
    ),
    Task(
        "counter",
        "",
        "json",
        "json",
        (),
        tuple(valued(n, f'{{"n": {n}, "x": "q"}}', f'{{"n": {n + 1}, "x": "q"}}') for n in (4, 8, 15)),
    ),
)
