""" "At least" and "more than" say whether a bound belongs to what it limits, and ask for nothing else."""

from dataclasses import replace

import pytest

from tests.synthesis.synthesis_tasks import shown, solved
from toolbuilder.synthesis import Accepted, Option, Task
from toolbuilder.synthesis.terms import Call, Literal, Term, Variable
from toolbuilder.synthesis.thresholds import settled
from toolbuilder.synthesis.trial import run

LIMIT = Option("limit", "int", default=500, help="The smallest status to keep.")
LINES = Call("read_lines", (Variable("text", "Text"),))


def servers(description: str) -> Task:
    """Give a task whose examples do not tell whether the limit itself is kept."""
    header = "host,status,ms\n"
    return Task(
        "servers",
        description,
        "csv",
        "csv",
        (LIMIT,),
        (
            shown(1, f"{header}a,200,3\nb,404,9\nc,399,1\n", "host,status\nb,404\n", {"limit": 400}),
            shown(2, f"{header}a,200,3\n", "host,status\n", {"limit": 500}),
            shown(3, "ms,status,host,zone\n3,502,x,eu\n4,100,y,us\n", "host,status\nx,502\n", {"limit": 500}),
        ),
    )


def kept(words: str) -> str:
    answer = solved(servers(f"Keep the rows whose status is {words}. Print the columns host and status only."))
    assert isinstance(answer, Accepted), answer
    return run(answer.program, "host,status,ms\na,500,1\na,501,1\na,499,1\na,501,2\n", {"limit": 500}, {}).output


@pytest.mark.parametrize("words", ["at least a given number", "a given number or more", "no less than the limit"])
def test_a_bound_that_belongs_is_kept(words: str) -> None:
    assert kept(words) == "host,status\na,500\na,501\na,501\n", "and the least status of a host is asked for by nobody"


@pytest.mark.parametrize("words", ["more than a given number", "greater than the limit"])
def test_a_bound_that_does_not_belong_is_left_out(words: str) -> None:
    assert kept(words) == "host,status\na,501\na,501\n"


def longer(operation: str, length: int = 3) -> Term:
    return Call(operation, (LINES, Literal(length, "Size")))


@pytest.mark.parametrize(
    ("description", "mine", "other", "found"),
    [
        ("Keep at least 3.", longer("at_least_long"), longer("longer_than"), True),
        ("Keep at least 3.", longer("longer_than"), longer("at_least_long"), False),
        ("Keep at least 3.", longer("at_least_long"), longer("longer_than", 4), False),
        ("Keep at least 3.", longer("at_least_long"), longer("starts_with"), False),
        ("Keep 3 or more.", longer("at_least_long"), longer("longer_than"), True),
        ("Keep more than 3.", longer("longer_than"), longer("at_least_long"), True),
        ("Keep no more than 3.", longer("at_most_long"), longer("shorter_than"), True),
        ("Keep no more than 3.", longer("shorter_than"), longer("at_most_long"), False),
        ("Keep at least 3 and less than 5.", longer("at_least_long"), longer("longer_than"), False),
        ("Keep what occurs more than once.", longer("longer_than"), longer("at_least_long"), False),
        ("Keep 3.", longer("at_least_long"), longer("longer_than"), False),
    ],
)
def test_words_settle_a_bound_only_where_they_say_one_thing(
    description: str, mine: Term, other: Term, *, found: bool
) -> None:
    assert settled(replace(servers(description), options=()), mine, other) is found
