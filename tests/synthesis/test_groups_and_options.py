"""Command-line tasks of the kinds that people bring, each judged by inputs that the engine did not see."""

import json
from dataclasses import dataclass

import pytest

from tests.synthesis.synthesis_tasks import solved
from toolbuilder.synthesis import Accepted, Example, Option, Task
from toolbuilder.synthesis.library.errors import InputError
from toolbuilder.synthesis.library.json_values import read_json, read_json_lines, render_json
from toolbuilder.synthesis.task import OptionValue
from toolbuilder.synthesis.trial import agrees_with, run

Case = tuple[str, str, dict[str, OptionValue]]


@dataclass(frozen=True)
class Wanted:
    """A task: what is given, and what judges the program."""

    description: str
    types: tuple[str, str]
    given: tuple[Case, ...]
    unseen: tuple[Case, ...]
    options: tuple[Option, ...] = ()

    def examples(self, cases: tuple[Case, ...]) -> tuple[Example, ...]:
        """Give the cases as examples, options left out at their defaults."""
        known = {option.name: option.type != "flag" and option.default for option in self.options}
        return tuple(
            Example(f"E{number}", text, output, self.types[1] == "json", {**known, **options})
            for number, (text, output, options) in enumerate(cases, start=1)
        )

    @property
    def task(self) -> Task:
        """Give the task as the engine sees it."""
        return Task("task", self.description, *self.types, self.options, self.examples(self.given))


def flag(name: str, words: str) -> Option:
    return Option(name, "flag", None, (), words)


USERS = "day,user,ms\nmon,ann,5\nmon,bob,7\nmon,ann,9\ntue,ann,1\n"
LATER = "day,user,ms\nsun,a,1\nsat,b,30\nsun,c,2\nsun,a,1\nsat,d,4\n"
SIZES = '{"user": "a", "size": 1}\n{"user": "b", "size": 2}\n{"user": "a", "size": 3}\n'
PEOPLE = "name\tage\tclass\nann\t30\ta\nbob\t9\tb\n"
WANTED: dict[str, Wanted] = {
    "unique users per day": Wanted(
        "Count the unique users per day.",
        ("csv", "json"),
        ((USERS, '{"mon": 2, "tue": 1}', {}), (LATER, '{"sun": 2, "sat": 2}', {}), ("day,user,ms\nx,y,1\n", '{"x": 1}', {})),
        (("day,user,ms\nx,1,1\ny,1,1\nx,2,2\nx,2,3\n", '{"x": 2, "y": 1}', {}), ("day,user,ms\n", "{}", {})),
    ),
    "largest of each": Wanted(
        "Report the largest ms for each user.",
        ("csv", "csv"),
        ((USERS, "user,ms\nann,9\nbob,7\n", {}), (LATER, "user,ms\na,1\nb,30\nc,2\nd,4\n", {})),
        (("day,user,ms\nx,q,10\ny,q,9\nz,p,-1\n", "user,ms\nq,10\np,-1\n", {}),),
    ),
    "total of each object": Wanted(
        "Add up the size by user.",
        ("jsonl", "json"),
        ((SIZES, '{"a": 4, "b": 2}', {}), ('{"user": "z", "size": 1.5}\n', '{"z": 1.5}', {}), ("", "{}", {})),
        (('{"user": "x", "size": 0.1}\n{"user": "x", "size": 0.2}\n', '{"x": 0.3}', {}),),
    ),
    "columns of a TSV file": Wanted(
        "Keep only the columns name and age.",
        ("tsv", "tsv"),
        ((PEOPLE, "name\tage\nann\t30\nbob\t9\n", {}), ('name\tage\tx\n"q"\t7\tz\n', 'name\tage\n"q"\t7\n', {})),
        (('name\tage\tclass\na, "b\t1\tx\na, "b\t2\ty\n', 'name\tage\na, "b\t1\na, "b\t2\n', {}),),
    ),
    "first column of a TSV file": Wanted(
        "Print the first column of a TSV file.",
        ("tsv", "lines"),
        (("a\tb\n1\t2\n", "a\n1\n", {}), ('n\tm\n"x\ty\n', 'n\n"x\n', {}), ("k\tv\nq\tr\n", "k\nq\n", {})),
        (('a\tb\n"1, 2"\t3\n', 'a\n"1, 2"\n', {}),),
    ),
    "an option called from": Wanted(
        "Print the lines from a given line number on.",
        ("lines", "lines"),
        (("a\nb\nc\n", "b\nc\n", {"from": 2}), ("x\ny\n", "x\ny\n", {}), ("p\nq\nr\ns\n", "s\n", {"from": 4})),
        (("a\n", "", {"from": 9}), ("a\n\n\nb\n", "\n\nb\n", {"from": 2})),
        (Option("from", "int", 1, (), "First line to print"),),
    ),
    "an option called class": Wanted(
        "Keep the rows of one class.",
        ("tsv", "tsv"),
        ((PEOPLE, "name\tage\tclass\nann\t30\ta\n", {}), (PEOPLE, "name\tage\tclass\nbob\t9\tb\n", {"class": "b"})),
        ((PEOPLE, "name\tage\tclass\n", {"class": "A"}),),
        (Option("class", "str", "a", (), "Class to keep"),),
    ),
    "a filter turned round": Wanted(
        "Print the lines that contain a word. With --invert print the others.",
        ("lines", "lines"),
        (
            ("a TODO\nb\n", "a TODO\n", {}),
            ("x\ny\n", "x\n", {"word": "x"}),
            ("a TODO\nb\n", "b\n", {"invert": True}),
            ("pq\nq\n", "q\n", {"word": "p", "invert": True}),
        ),
        (("A\na\n", "a\n", {"word": "a"}), ("\n\nb\n", "\n\n", {"invert": True, "word": "b"})),
        (Option("word", "str", "TODO", (), "Word to look for"), flag("invert", "Print the lines without the word")),
    ),
    "two flags": Wanted(
        "Sort the lines. With --reverse the order is descending, with --numeric the lines are compared as numbers.",
        ("lines", "lines"),
        (
            ("b\na\nc\n", "a\nb\nc\n", {}),
            ("b\na\nc\n", "c\nb\na\n", {"reverse": True}),
            ("10\n9\n2\n", "2\n9\n10\n", {"numeric": True}),
            ("10\n9\n2\n", "10\n9\n2\n", {"numeric": True, "reverse": True}),
            ("10\n9\n2\n", "10\n2\n9\n", {}),
        ),
        (("-1\n3\n2.5\n", "-1\n2.5\n3\n", {"numeric": True}), ("-1\n10\n9\n", "9\n10\n-1\n", {"reverse": True})),
        (flag("reverse", "Descending order"), flag("numeric", "Compare as numbers")),
    ),
    "two numbers": Wanted(
        "Count the words of a text without regard to case, most frequent first. --top limits how many are printed. "
        "Words shorter than --min-length are left out.",
        ("text", "lines"),
        (
            ("the cat the dog a\n", "the 2\ncat 1\n", {"top": 2}),
            ("The the a a a bird\n", "a 3\nthe 2\nbird 1\n", {}),
            ("one two three two three three\n", "three 3\n", {"min-length": 4}),
            ("a bb bb ccc ccc ccc\n", "ccc 3\n", {"min-length": 2, "top": 1}),
        ),
        (("x yy yy zzz\n", "yy 2\nzzz 1\n", {"min-length": 2}), ("Q q É é é\n", "é 3\nq 2\n", {})),
        (
            Option("top", "int", 10, (), "How many words to print"),
            Option("min-length", "int", 1, (), "Shortest word to count"),
        ),
    ),
    "sorted by a key that some lack": Wanted(
        "Sort the objects by their age, those without an age last.",
        ("jsonl", "jsonl"),
        (
            ('{"n": "a", "age": 30}\n{"n": "c"}\n{"n": "b", "age": 9}\n', '{"n": "b", "age": 9}\n{"n": "a", "age": 30}\n{"n": "c"}\n', {}),
            ('{"n": "x"}\n{"n": "y", "age": 1}\n', '{"n": "y", "age": 1}\n{"n": "x"}\n', {}),
        ),
        (('{"n": "p"}\n{"age": 2}\n{"age": -3}\n{"n": "s"}\n', '{"age": -3}\n{"age": 2}\n{"n": "p"}\n{"n": "s"}\n', {}),),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WANTED)
def test_the_program_is_right_on_inputs_that_were_not_shown(name: str) -> None:
    wanted = WANTED[name]
    verdict = solved(wanted.task)
    assert isinstance(verdict, Accepted), verdict
    for example in wanted.examples(wanted.unseen):
        assert agrees_with(example, run(verdict.program, example.input, example.options, {})), example


def test_a_branch_of_which_the_description_says_nothing_is_not_trusted() -> None:
    wanted = WANTED["a filter turned round"]
    odd = Wanted(
        "Print the lines that contain a word.",
        wanted.types,
        wanted.given,
        (),
        (wanted.options[0], flag("odd", "Be odd")),
    )
    renamed = tuple(
        (text, output, {("odd" if key == "invert" else key): value for key, value in options.items()})
        for text, output, options in wanted.given
    )
    verdict = solved(Task("task", odd.description, *odd.types, odd.options, odd.examples(renamed)))
    assert not isinstance(verdict, Accepted)


@pytest.mark.parametrize("text", ["NaN", "[1, Infinity]", '{"a": -Infinity}', "1e999", "[" * 100_000, "9" * 5000])
def test_what_json_does_not_know_is_wrong_input(text: str) -> None:
    with pytest.raises(InputError, match=r"^invalid JSON: "):
        read_json(text)
    with pytest.raises(InputError, match=r"^line 2: invalid JSON: "):
        read_json_lines(f"1\n{text}\n")


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_json_does_not_know_is_never_printed(value: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        render_json([value])
    assert json.loads(render_json([1.5])) == [1.5]
