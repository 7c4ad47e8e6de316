"""The questions of a tool that thinks: what a recipe can ask for, structured output can carry."""

from dataclasses import make_dataclass
from pathlib import Path
from types import ModuleType
from typing import get_args

import pytest

from toolbuilder.adapters.recipe.names import TYPES, python_type
from toolbuilder.errors import FileIsWrong
from toolbuilder.microtask_schema import unsafe_parts
from toolbuilder.patterns import load_patterns
from toolbuilder.spec.file import parse_spec
from toolbuilder.spec.parts import FieldType

ROOT = Path(__file__).parents[3]
THINKING = ModuleType("thinking")
[BODY] = [one.body for one in load_patterns(ROOT / "patterns") if one.id == "microtask_executor"]
exec(BODY, THINKING.__dict__)  # noqa: S102  (it is the pattern that the tool carries)
SPEC = (ROOT / "specs/blog-writer.yaml").read_text()
GIVES = "gives: {voice: string, phrases: [string]}"


def test_every_type_that_a_step_may_give_can_be_asked_of_a_model() -> None:
    kinds = [*TYPES.values(), *(python_type((kind,)) for kind in TYPES)]
    assert {*TYPES} == {*get_args(FieldType)}
    gives = make_dataclass("Given", [(f"field_{number}", eval(kind)) for number, kind in enumerate(kinds)])  # noqa: S307
    schema = THINKING.schema(gives)
    assert len(schema["properties"]) == 8
    assert unsafe_parts(schema) == []


@pytest.mark.parametrize("kind", ["object", "any", "[string, integer]", "{a: string}", "[[string]]"])
def test_another_type_is_refused_when_the_recipe_is_read(kind: str) -> None:
    assert SPEC.count(GIVES) == 1
    wrong = SPEC.replace(GIVES, f"gives: {{voice: string, phrases: {kind}}}")
    with pytest.raises(FileIsWrong) as refused:
        parse_spec(wrong.encode(), "blog-writer.yaml")
    line = SPEC[: SPEC.index(GIVES)].count("\n") + 1
    assert str(refused.value).startswith(f"blog-writer.yaml:{line}:")
    assert "`phrases`" in str(refused.value)
