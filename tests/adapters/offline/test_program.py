import json
from typing import Any

import pytest

from tests.adapters.offline.briefs import SPEC, architecture, brief
from tests.sabotage import Protection, assert_guarded
from toolbuilder.adapters.offline import program
from toolbuilder.brief import Brief, ShownExample
from toolbuilder.errors import NeedsPerson
from toolbuilder.spec import Example, Option
from toolbuilder.synthesis import Accepted, Task

TOP = Option(name="top", type="int", default=3, help="How many.")


def with_examples(*examples: Example) -> Brief:
    shown = tuple(ShownExample(id=f"E{number}", example=one) for number, one in enumerate(examples, 1))
    return brief().model_copy(update={"examples": shown, "options": (TOP,)})


def task(part: Any, *examples: Example) -> Task:
    made: Task = part.task_of(with_examples(*examples))
    return made


def an_example_says_to_the_search_what_it_says_to_people(part: Any) -> None:
    given = task(
        part, Example(args=("--top", "2"), input="a\n", output={"é": [1]}), Example(input="x", exit_code=2, stderr="no")
    )
    first, second = given.examples
    assert (first.id, first.input, first.options, first.as_value) == ("E1", "a\n", {"top": 2}, True)
    assert json.loads(first.expected or "") == {"é": [1]}
    assert "é" in (first.expected or "")
    assert (second.expected, second.exit_code, second.stderr) == (None, 2, "no")


def text_is_compared_as_text_even_where_it_is_json(part: Any) -> None:
    [example] = task(part, Example(input="", output="[1]")).examples
    assert (example.expected, example.as_value) == ("[1]", False)


def what_the_command_line_refuses_is_nothing_for_the_search(part: Any) -> None:
    examples = task(part, Example(args=("--top", "x"), exit_code=2, input=""), Example(input="a", output="a")).examples
    assert [example.id for example in examples] == ["E2"]


def refusal(part: Any, known: Brief) -> NeedsPerson:
    with pytest.raises(NeedsPerson) as caught:
        part.accepted(known)
    return caught.value


def a_refusal_names_the_example_and_what_to_do(part: Any) -> None:
    impossible = brief(SPEC.replace('output: "b\\na\\n"', 'output: "seventeen\\n"'))
    error = refusal(part, impossible)
    assert error.message.startswith("the embedded engine finds no program that it trusts: example E1: ")
    assert error.advice == "Add an example or name the operation in the description, and run again."


def a_corrected_architecture_is_laid_out_as_it_stands(part: Any) -> None:
    plan = architecture()
    entry = plan.entry.model_copy(update={"function": "drop_repeats"})
    odd = plan.modules[0].model_copy(update={"roles": ("transform", "read", "dance")})
    layout = part.layout_of(brief(), plan.model_copy(update={"entry": entry, "modules": (odd,)}))
    assert (layout.package, layout.function) == ("dedupe", "drop_repeats")
    assert layout.modules[0].roles == {"transform", "read"}


GUARDED: list[Protection] = [
    (an_example_says_to_the_search_what_it_says_to_people, "ensure_ascii=False", "ensure_ascii=True"),
    (an_example_says_to_the_search_what_it_says_to_people, "options=arguments.values", "options={}"),
    (an_example_says_to_the_search_what_it_says_to_people, "None if example.exit_code else text", "text"),
    (text_is_compared_as_text_even_where_it_is_json, "as_value=not isinstance(example.output, str)", "as_value=True"),
    (what_the_command_line_refuses_is_nothing_for_the_search, "if arguments.problems or arguments.operands:", "if False:"),
    (a_refusal_names_the_example_and_what_to_do, 'f"example {refusal.example_id}: " if refusal.example_id else ""', '""'),
    (a_corrected_architecture_is_laid_out_as_it_stands, "function=architecture.entry.function", "function=brief.name"),
]  # fmt: skip


@pytest.mark.parametrize("protection", GUARDED)
def test_what_the_search_is_told_is_guarded(protection: Protection) -> None:
    assert_guarded(program, protection)


def test_the_same_brief_is_searched_once() -> None:
    assert program.attempt(brief()) is program.attempt(brief())
    assert isinstance(program.accepted(brief()), Accepted)


def test_examples_that_leave_something_open_are_a_question_to_paste_from() -> None:
    open_one = brief().model_copy(
        update={"description": "Change the lines.", "examples": (ShownExample(id="E1", example=Example(input="b\na\n", output="a\nb\n")),)}
    )  # fmt: skip
    with pytest.raises(NeedsPerson) as caught:
        program.accepted(open_one)
    assert caught.value.message == "the examples leave open what the tool should do"
    assert len(caught.value.findings) > 1
    assert caught.value.advice.startswith("Paste this under `examples:` in the spec")
    assert caught.value.advice.endswith("\n  always_shown: true\n")
