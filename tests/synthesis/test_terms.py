import json

import pytest

from toolbuilder.synthesis.program import Program
from toolbuilder.synthesis.task import Option
from toolbuilder.synthesis.terms import (
    Call,
    Display,
    Function,
    Literal,
    Template,
    Term,
    Variable,
    from_json,
    literals_of,
    operations_of,
    to_json,
    variants,
)

TEXT = Variable("text", "Text")
LINE = Variable("line", "Line")
LINES = Call("read_lines", (TEXT,))
SHOUT = Function("Line", (LINE,), Template((Call("upper", (LINE,)), Literal("!", "Constant"))))
TERM = Call("render_json", (Display(("all", "one"), (Call("each", (LINES, SHOUT)), Literal(("a", "b"), "Columns"))),))


def test_a_term_survives_its_json_form() -> None:
    assert from_json(json.loads(json.dumps(to_json(TERM)))) == TERM


@pytest.mark.parametrize(
    "form", [None, {}, {"call": "x"}, {"literal": {}, "kind": "Word"}, {"variable": 1, "kind": "Line"}]
)
def test_what_is_no_term_is_refused(form: object) -> None:
    with pytest.raises(ValueError, match="not a term"):
        from_json(json.loads(json.dumps(form)))


def test_operations_come_in_the_order_in_which_they_are_applied() -> None:
    assert operations_of(TERM) == ["read_lines", "upper", "each", "render_json"]


def test_literals_come_once_each() -> None:
    twice = Template((Literal("!", "Constant"), LINE, Literal("!", "Constant")))
    assert literals_of(twice) == [Literal("!", "Constant")]


def test_variants_change_one_place_at_a_time() -> None:
    def swapped(term: Term) -> list[Term]:
        return [Call("lower", term.arguments)] if isinstance(term, Call) and term.operation == "upper" else []

    two = Template((Call("upper", (LINE,)), Call("upper", (LINE,))))
    assert [operations_of(term) for term in variants(two, swapped)] == [["lower", "upper"], ["upper", "lower"]]


PROGRAM = Program("Shout.", "text", "json", (Option("n", "int", 1, (), "How many"),), TERM)


def test_a_program_survives_its_json_form() -> None:
    assert Program.from_json(json.loads(json.dumps(PROGRAM.to_json()))) == PROGRAM


def test_a_form_that_is_no_program_is_refused() -> None:
    with pytest.raises(ValueError, match="not a program"):
        Program.from_json({"term": to_json(TERM)})
    form = PROGRAM.to_json()
    assert isinstance(form, dict)
    with pytest.raises(ValueError, match="not an option"):
        Program.from_json({**form, "options": [{"name": "n"}]})


def test_the_steps_of_a_program_are_sentences() -> None:
    assert PROGRAM.steps[:2] == ("Read the lines.", "Write it in upper case.")
