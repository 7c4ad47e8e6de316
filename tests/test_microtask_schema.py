from typing import Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, RootModel, create_model

from toolbuilder.microtask_schema import unsafe_fields
from toolbuilder.stages import STAGES

TASKS = [task for stage in STAGES for task in stage.microtasks]


class Leaf(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    at: int | None = None


class Tree(BaseModel):
    value: int
    below: tuple["Tree", ...] = ()


class Free(BaseModel):
    found: dict[str, int]


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_every_microtask_can_be_asked_of_a_model(task: Any) -> None:
    assert not unsafe_fields(task.output)


@pytest.mark.parametrize(
    "kind",
    [
        str,
        int | None,
        bool,
        Literal["a", "b"],
        tuple[str, ...],
        list[Leaf],
        Leaf,
        Leaf | None,
        tuple[tuple[int, ...], ...],
        Leaf | str,
    ],
)
def test_named_fields_lists_and_plain_values_are_safe(kind: Any) -> None:
    assert not unsafe_fields(create_model("Model", field=(kind, ...)))


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        (dict[str, int], "field: an object with free keys"),
        (dict[str, Any], "field: an object with free keys"),
        (list[dict[str, str]], "field.[]: an object with free keys"),
        (dict[str, int] | None, "field: an object with free keys"),
        (Free, "field.found: an object with free keys"),
        (Any, "field: a value of any type"),
        (list[Any], "field.[]: a value of any type"),
        (object, "field: a value of any type"),
        (tuple[int, str], "field: a tuple of fixed length"),
        (list[tuple[int, int]], "field.[]: a tuple of fixed length"),
        (Tree, "field.below.[]: a Tree inside a Tree"),
    ],
)
def test_what_a_schema_cannot_carry_is_named_with_its_place(kind: Any, fault: str) -> None:
    assert unsafe_fields(create_model("Model", field=(kind, ...))) == [fault]


def test_every_field_that_is_unsafe_is_named() -> None:
    model = create_model("Model", a=(Any, ...), b=(str, ...), c=(dict[str, int], Field(default={})))
    assert unsafe_fields(model) == ["a: a value of any type", "c: an object with free keys"]


def test_an_answer_that_is_unsafe_as_a_whole_is_named() -> None:
    assert unsafe_fields(RootModel[dict[str, int]]) == ["the answer: an object with free keys"]
    assert unsafe_fields(Tree) == ["below.[]: a Tree inside a Tree"]


def test_a_type_that_stands_in_several_places_is_no_circle() -> None:
    assert not unsafe_fields(create_model("Model", one=(Leaf, ...), two=(Leaf, ...), three=(list[Leaf], ...)))
