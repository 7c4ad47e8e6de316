from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field, ValidationError

from toolbuilder.errors import FileIsWrong
from toolbuilder.spec.parts import FieldName, OneLine, Words
from toolbuilder.yaml_files.broken import Broken, near_miss, refuse, under
from toolbuilder.yaml_files.models import read_model
from toolbuilder.yaml_files.words import described


class Colour(Words):
    name: FieldName
    share: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 1.0


class Picture(Words):
    title: OneLine
    mode: Literal["grey", "rgb"] = "rgb"
    width: Annotated[int, Field(ge=1)] = 1
    colours: tuple[Colour, ...] = Field(default=(), max_length=2)
    tags: dict[FieldName, int | Literal["auto"] | list[int]] = Field(default_factory=dict)
    visible: bool = True
    frame: Colour | None = None
    looped: bool = Field(default=False, alias="while")


def problems(text: str) -> list[str]:
    with pytest.raises(FileIsWrong) as caught:
        read_model(text.encode(), "f", Picture)
    return str(caught.value).splitlines()


def test_a_file_that_fits_becomes_the_model() -> None:
    text = "title: Sea\nwidth: 3\ncolours: [{name: blue, share: 1}]\ntags: {a: auto, b: [1]}\nwhile: true\n"

    assert read_model(text.encode(), "f", Picture) == Picture(
        title="Sea", width=3, colours=(Colour(name="blue"),), tags={"a": "auto", "b": [1]}, looped=True
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- title\n", "f:1:1: the file must hold keys and values, not a list"),
        ("width: 2\n", "f:1:1: `title` is missing"),
        ("title: 5\n", "f:1:8: `title` must be text, not the number 5; write it in quotes"),
        ("title: true\n", "f:1:8: `title` must be text, not true; write it in quotes"),
        ("title:\n", "f:1:7: `title` must be text, not empty"),
        ('title: "a\\nb"\n', "f:1:8: `title` must be one line of text"),
        ("title: x\nwidth: '2'\n", "f:2:8: `width` must be a whole number, not `2`; write it without quotes"),
        ("title: x\nwidth: 2.5\n", "f:2:8: `width` must be a whole number"),
        ("title: x\nwidth: 0\n", "f:2:8: `width` must be at least 1"),
        ("title: x\nwidth: [1]\n", "f:2:8: `width` must be a whole number, not a list"),
        ("title: x\nvisible: yes\n", "f:2:10: `visible` must be true or false, not `yes`"),
        ("title: x\nmode: gray\n", "f:2:7: `mode` must be grey or rgb, not `gray`; did you mean `grey`?"),
        ("title: x\nmodus: grey\n", "f:2:1: `modus` is no key here; did you mean `mode`?"),
        ("title: x\nlooped: true\n", "f:2:1: `looped` is no key here"),
        ("title: x\nframe: blue\n", "f:2:8: `frame` must be keys and values, not `blue`"),
        ("title: x\nframe: {nmae: a}\n", "f:2:9: `nmae` is no key here; did you mean `name`?"),
        ("title: x\ncolours:\n  - {name: a}\n  - 3\n", "f:4:5: entry 2 of `colours` must be keys and values, not the number 3"),
        ("title: x\ncolours:\n  - {name: a}\n  - share: 2\n    name: A-B\n", "f:5:11: `name` must be lower-case letters"),
        ("title: x\ncolours: [{name: a, share: 1.5}]\n", "f:2:28: `share` must be at most 1"),
        ("title: x\ncolours: [{name: a}, {name: b}, {name: c}]\n", "f:2:10: `colours` must have at most 2 entries"),
        ("title: x\ncolours: {name: a}\n", "f:2:10: `colours` must be a list, not keys and values"),
        ("title: x\ntags: {a: ouat}\n", "f:2:11: `a` must be a whole number, auto or a list, not `ouat`"),
        ("title: x\ntags: {a: [1, x]}\n", "f:2:15: entry 2 of `a` must be a whole number, not `x`"),
        ("title: x\ntags: {A: 1}\n", "f:2:8: `A` must be lower-case letters, digits and underscores"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_in_plain_words(text: str, words: str) -> None:
    assert any(problem.startswith(words) for problem in problems(text))


def test_every_problem_is_told_at_once_in_the_order_of_the_file() -> None:
    found = problems("titel: x\nwidth: a\ncolours: [{}, 3]\nmode: z\n")

    assert [problem.split(": ")[0] for problem in found] == ["f:1:1", "f:2:8", "f:3:11", "f:3:15", "f:4:7"]


def test_a_misspelt_key_is_not_told_to_be_missing_too() -> None:
    assert problems("titel: x\n") == ["f:1:1: `titel` is no key here; did you mean `title`?"]
    assert len(problems("colour: x\n")) == 2


def test_rules_of_a_model_are_told_where_they_are_broken() -> None:
    with pytest.raises(ValidationError, match=r"a\.0: too small; too old"):
        Ruled.model_validate({"a": [1]})
    with pytest.raises(FileIsWrong) as caught:
        read_model(b"outer:\n  a: [1]\n", "f", Outer)

    assert str(caught.value) == "f:1:1: too old\nf:2:7: too small"


class Ruled(BaseModel):
    a: list[int]

    def model_post_init(self, _context: object) -> None:
        refuse([*under(("a",), [Broken((0,), "too small")]), Broken((), "too old", at_key=True)])


class Outer(Words):
    outer: Ruled


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, "empty"), (False, "false"), ("", "empty text"), ("a\n b", "`a b`"), (1.5, "the number 1.5"), ({}, "keys and values")],
)  # fmt: skip
def test_values_are_described_shortly(value: object, words: str) -> None:
    assert described(value) == words


def test_only_words_that_are_close_are_proposed() -> None:
    assert near_miss("input_tpye", ["name", "input_type"]) == "; did you mean `input_type`?"
    assert near_miss("colour", ["name", "input_type"]) == ""
    assert near_miss(7, ["7"]) == ""
