from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, RootModel, ValidationError, create_model

from tests.sabotage import Protection, assert_guarded
from toolbuilder import artifacts, microtask, microtask_schema
from toolbuilder.metacognition import DIAGNOSE
from toolbuilder.microtask_schema import ANYTHING, BOUND, CIRCLE, FIXED, FREE_KEYS, unsafe_fields
from toolbuilder.repair import REPAIR_MODULE
from toolbuilder.stages import STAGES

TASKS = [*(task for stage in STAGES for task in stage.microtasks), DIAGNOSE, REPAIR_MODULE]


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
        Annotated[str, Field(pattern="^E[0-9]+$")],
        Annotated[tuple[str, ...], Field(min_length=1)],
    ],
)
def test_named_fields_lists_and_plain_values_are_safe(kind: Any) -> None:
    assert not unsafe_fields(create_model("Model", field=(kind, ...)))


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        (dict[str, int], f"field: {FREE_KEYS}"),
        (dict[str, Any], f"field: {FREE_KEYS}"),
        (list[dict[str, str]], f"field.[]: {FREE_KEYS}"),
        (dict[str, int] | None, f"field: {FREE_KEYS}"),
        (Free, f"field.found: {FREE_KEYS}"),
        (Any, f"field: {ANYTHING}"),
        (list[Any], f"field.[]: {ANYTHING}"),
        (object, f"field: {ANYTHING}"),
        (tuple[int, str], f"field: {FIXED}"),
        (list[tuple[int, int]], f"field.[]: {FIXED}"),
        (Tree, f"field.below.[]: {CIRCLE.format(name='Tree')}"),
        (Annotated[int, Field(ge=1)], "field: " + BOUND.format(bound="minimum")),
        (Annotated[float, Field(lt=1)], "field: " + BOUND.format(bound="exclusiveMaximum")),
        (Annotated[int, Field(multiple_of=2)], "field: " + BOUND.format(bound="multipleOf")),
        (Annotated[str, Field(min_length=1)], "field: " + BOUND.format(bound="minLength")),
        (list[Annotated[str, Field(max_length=9)]], "field.[]: " + BOUND.format(bound="maxLength")),
        (Annotated[list[str], Field(max_length=9)], "field: " + BOUND.format(bound="maxItems")),
        (Annotated[list[str], Field(min_length=2)], "field: " + BOUND.format(bound="minItems")),
        (set[str], "field: " + BOUND.format(bound="uniqueItems")),
    ],
)
def test_what_a_schema_cannot_carry_is_named_with_its_place(kind: Any, fault: str) -> None:
    assert unsafe_fields(create_model("Model", field=(kind, ...))) == [fault]


def test_every_field_that_is_unsafe_is_named() -> None:
    model = create_model("Model", a=(Any, ...), b=(str, ...), c=(dict[str, int], Field(default={})))
    assert unsafe_fields(model) == [f"a: {ANYTHING}", f"c: {FREE_KEYS}"]


def test_an_answer_that_is_unsafe_as_a_whole_is_named() -> None:
    assert unsafe_fields(RootModel[dict[str, int]]) == [f"the answer: {FREE_KEYS}"]
    assert unsafe_fields(Tree) == [f"below.[]: {CIRCLE.format(name='Tree')}"]


def test_a_type_that_stands_in_several_places_is_no_circle() -> None:
    assert not unsafe_fields(create_model("Model", one=(Leaf, ...), two=(Leaf, ...), three=(list[Leaf], ...)))


def defining_one_is_refused(part: Any) -> None:
    with pytest.raises(TypeError) as refused:
        part.Microtask("count_words", Leaf, Free)
    told = f"the microtask count_words cannot ask for {__name__}.Free:\n  found: {FREE_KEYS}"
    assert str(refused.value) == told


def what_the_provider_drops_is_found(part: Any) -> None:
    drops = create_model("Drops", a=(set[str], ...), b=(Annotated[list[str], Field(min_length=2)], ...))
    kept = create_model("Kept", a=(Annotated[list[str], Field(min_length=1)], ...))
    assert [one.partition(":")[0] for one in part.unsafe_fields(drops)] == ["a", "b"]
    assert part.unsafe_fields(kept) == []


def a_bound_is_checked_where_no_schema_says_it(part: Any) -> None:
    head = "def f("
    fits = head.ljust(part.LONGEST_SIGNATURE)
    assert part.Interface(module="m", signature=fits, purpose="p").signature == fits
    with pytest.raises(ValidationError, match="at most 500 characters"):
        part.Interface(module="m", signature=f"{fits} ", purpose="p")
    assert "maxLength" not in str(part.Interface.model_json_schema())


def a_tuple_is_named_once(part: Any) -> None:
    assert len(part.unsafe_fields(create_model("Fixed", a=(tuple[int, int], ...)))) == 1


GUARDED: list[tuple[Any, Protection]] = [
    (microtask, (defining_one_is_refused, "        demand_safe(self.name, self.output)\n", "        pass\n")),
    (microtask_schema, (what_the_provider_drops_is_found, "least > MOST_ENFORCED", "least > 9")),
    (microtask_schema, (what_the_provider_drops_is_found, "least > MOST_ENFORCED", "least > 0")),
    (microtask_schema, (what_the_provider_drops_is_found, ', "uniqueItems"', "")),
    (artifacts, (a_bound_is_checked_where_no_schema_says_it, "AfterValidator(_not_too_long)", "AfterValidator(str)")),
    (microtask_schema, (a_tuple_is_named_once, '    if "prefixItems" not in schema:', "    if True:")),
]


@pytest.mark.parametrize(("module", "protection"), GUARDED)
def test_what_no_provider_can_carry_is_refused_when_a_microtask_is_defined(module: Any, protection: Protection) -> None:
    assert_guarded(module, protection)
