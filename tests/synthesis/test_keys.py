"""Tasks that go by a key of each element: groups, orders, repetitions; each judged by inputs that the engine did not see."""

import pytest

from tests.synthesis.synthesis_tasks import WHOLE, refused, shown, solved, valued
from toolbuilder.synthesis import Accepted, Example, Option, Question, Refusal, Task, emit
from toolbuilder.synthesis.phrases import orders_as_words
from toolbuilder.synthesis.trial import agrees_with, run

VISITS = "mon\thttp://A.org/x\t3\ntue\thttp://b.org/\t10\nmon\thttp://a.org/y?q\t4\n"
TASKS: dict[str, tuple[Task, tuple[Example, ...]]] = {
    "numbers added up by a part of a path": (
        Task(
            "task",
            "Add up the lines of code by file extension, most first. Each line is a number, a space and a path.",
            "lines",
            "json",
            (),
            (
                valued(1, "10 a.c\n7 b/x.py\n5 c.py\n", '{"py": 12, "c": 10}'),
                valued(2, "", "{}"),
                valued(3, "1 a.h\n2 b.h\n100 z.s\n3 q.c\n4 e.c\n", '{"s": 100, "c": 7, "h": 3}'),
                refused(4, "ten a.c\n", "not a number and a path"),
            ),
        ),
        (
            valued(5, "1 a b.c\n2 d.e/f.c\n9 x.tar.gz\n", '{"gz": 9, "c": 3}'),
            refused(6, "12\n", "line 1: not a number and a path"),
        ),
    ),
    "the largest number by host, cut off by an option": (
        Task(
            "task",
            "Report the largest number for each host of the web addresses, in a table of day, address and number "
            "separated by tabs. The largest comes first; --top says how many hosts.",
            "lines",
            "lines",
            (Option("top", "int", 5, (), "How many hosts"),),
            (
                shown(1, VISITS, "b.org: 10\na.org: 4\n", {"top": 5}),
                shown(2, VISITS, "b.org: 10\n", {"top": 1}),
                shown(3, "sun\thttps://c.net/\t1\n", "c.net: 1\n", {"top": 5}),
                shown(4, "", "", {"top": 5}),
            ),
        ),
        (shown(5, "d\thttp://x/\t9\nd\thttp://y/\t10\nd\thttp://x/\t11\n", "x: 11\n", {"top": 1}),),
    ),
    "rows counted by month in a table": (
        Task(
            "task",
            "Count the orders per month; the date is in the column placed.",
            "csv",
            "json",
            (),
            (
                valued(1, "id,placed\n1,2024-02-01\n2,2024-01-09\n3,2024-02-28\n", '{"2024-02": 2, "2024-01": 1}'),
                valued(2, "id,placed\n7,1999-12-31\n", '{"1999-12": 1}'),
                valued(3, "id,placed\n7,1999-12-31\n8,2000-01-01\n9,2000-01-02\n", '{"1999-12": 1, "2000-01": 2}'),
            ),
        ),
        (valued(4, "placed,id\n2024-02-01,1\n2023-02-01,2\n2024-02-03,3\n", '{"2024-02": 2, "2023-02": 1}'),),
    ),
    "the mean of a field of objects": (
        Task(
            "task",
            "Give the average duration of the requests by status class.",
            "jsonl",
            "json",
            (),
            (
                valued(1, '{"status": "200", "duration": 4}\n{"status": "204", "duration": 7}\n', '{"2xx": 5.5}'),
                valued(
                    2, '{"status": "404", "duration": 1}\n{"status": "200", "duration": 2}\n', '{"4xx": 1, "2xx": 2}'
                ),
                valued(3, '{"status": "500", "duration": 3}\n{"status": "503", "duration": 5}\n', '{"5xx": 4}'),
            ),
        ),
        (
            valued(4, '{"duration": 0.5, "status": "301"}\n{"duration": 1, "status": "302"}\n', '{"3xx": 0.75}'),
            refused(5, '{"status": "20", "duration": 4}\n', "not an HTTP status code"),
        ),
    ),
    "versions in order": (
        Task(
            "task",
            "Sort the releases by version, oldest first.",
            "lines",
            "lines",
            (),
            (
                shown(1, "1.10\n1.9\n1.2.3\n", "1.2.3\n1.9\n1.10\n"),
                shown(2, "2.0\n10.0\n1.99\n", "1.99\n2.0\n10.0\n"),
                shown(3, "", ""),
            ),
        ),
        (shown(4, "0.0.10\n0.0.9\n0.1\n", "0.0.9\n0.0.10\n0.1\n"), refused(5, "1.x\n", "not a version")),
    ),
    "the last of those with the same address": (
        Task(
            "task",
            "Keep only the last contact for each email; upper and lower case are the same.",
            "jsonl",
            "jsonl",
            (),
            (
                shown(
                    1, '{"email": "a@x"}\n{"email": "b@x"}\n{"email": "A@x"}\n', '{"email": "b@x"}\n{"email": "A@x"}\n'
                ),
                shown(2, '{"email": "c@x"}\n', '{"email": "c@x"}\n'),
                shown(
                    3, '{"email": "C@x"}\n{"email": "c@x"}\n{"email": "d@x"}\n', '{"email": "c@x"}\n{"email": "d@x"}\n'
                ),
            ),
        ),
        (shown(4, '{"email": "Q@x"}\n{"email": "r@x"}\n{"email": "q@X"}\n', '{"email": "r@x"}\n{"email": "q@X"}\n'),),
    ),
}


@pytest.mark.parametrize("name", TASKS)
def test_the_program_is_right_on_inputs_that_were_not_shown(name: str) -> None:
    task, unseen = TASKS[name]
    answer = solved(task)
    assert isinstance(answer, Accepted), answer
    for example in (*task.examples, *unseen):
        outcome = run(answer.program, example.input, example.options, example.files)
        assert agrees_with(example, outcome), (example, outcome)


def test_a_wrong_output_would_be_noticed() -> None:
    task, _ = TASKS["versions in order"]
    answer = solved(task)
    assert isinstance(answer, Accepted)
    assert not agrees_with(shown(9, "1.10\n1.9\n", "1.10\n1.9\n"), run(answer.program, "1.10\n1.9\n", {}, {}))


def test_an_order_by_what_nobody_named_is_not_trusted() -> None:
    """The last letters are in order by chance; nothing in the description speaks of them."""
    pairs = shown(1, "xb\nya\nzc\n", "ya\nxb\nzc\n"), shown(2, "qz\nrp\n", "rp\nqz\n")
    answer = solved(Task("task", "Put the lines in the right order.", "lines", "lines", (), pairs))
    assert isinstance(answer, Refusal | Question)


def test_a_path_is_not_read_from_a_whole_line() -> None:
    task, _ = TASKS["numbers added up by a part of a path"]
    answer = solved(task)
    assert isinstance(answer, Accepted)
    assert "file_extension(line)" not in emit(answer.program, WHOLE)["tool"]


def test_groups_read_like_this() -> None:
    task, _ = TASKS["numbers added up by a part of a path"]
    answer = solved(task)
    assert isinstance(answer, Accepted)
    assert (
        '    pairs = each_line(read_lines(text), extension_and_number, "not a number and a path")\n'
        "    numbers = json_numbers(largest_first(totals_by_key(pairs)))\n"
        "    return render_json(numbers)\n"
    ) in emit(answer.program, WHOLE)["tool"]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("largest first", "mostfirst"),
        ("The most common word comes first.", "mostfirst"),
        ("smallest total first", "leastfirst"),
        ("the first of the largest", ""),
        ("the most of it. First of all", ""),
    ],
)
def test_what_comes_first_is_one_word(text: str, word: str) -> None:
    assert orders_as_words(text) == f"{text} {word}".strip()


def test_an_order_that_is_named_is_kept_where_the_examples_would_do_without_it() -> None:
    examples = (
        valued(1, "20 b.log\n15 c.txt\n5 a.txt\n", '{"log": 20, "txt": 20}'),
        valued(2, "9 x.py\n7 y.c\n1 z.py\n", '{"py": 10, "c": 7}'),
    )
    answer = solved(Task("task", "Total the size by extension, largest first.", "lines", "json", (), examples))
    assert isinstance(answer, Accepted)
    assert run(answer.program, "1 a.b\n2 c.d\n", {}, {}).output == '{\n  "d": 2,\n  "b": 1\n}\n'


def test_a_summary_in_numbers_asks_for_no_judgement() -> None:
    examples = (
        valued(1, "3\t1\ta\n10\t0\tb\n", '{"files": 2, "added": 13}'),
        valued(2, "", '{"files": 0, "added": 0}'),
        valued(3, "1\t9\tx y\n2\t9\tz\n4\t9\tq\n", '{"files": 3, "added": 7}'),
    )
    words = (
        "Summarize the lines, which hold numbers and a path separated by tabs: the number of files and the lines added."
    )
    answer = solved(Task("task", words, "lines", "json", (), examples))
    assert isinstance(answer, Accepted)
    assert run(answer.program, "-\t-\timage2.png\n", {}, {}).exit_code == 2


def test_a_sort_that_is_asked_for_is_not_left_out() -> None:
    """The rows of the examples are in order already, so a program that sorts nothing would fit."""
    examples = shown(1, "name,age\nann,3\nbob,1\n", "ann: 3\nbob: 1\n"), shown(2, "name,age\ncy,2\n", "cy: 2\n")
    answer = solved(Task("task", "Print the rows as lines, sorted by name.", "csv", "lines", (), examples))
    assert (
        not isinstance(answer, Accepted) or run(answer.program, "name,age\nb,1\na,2\n", {}, {}).output == "a: 2\nb: 1\n"
    )
