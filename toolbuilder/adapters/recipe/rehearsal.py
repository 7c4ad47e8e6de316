"""Tests of a tool that thinks, as Python source: its recipe rehearsed with answers that fit each step."""

import json
from collections.abc import Collection, Mapping
from pathlib import PurePosixPath
from typing import TypeAlias

from toolbuilder.adapters.recipe.files import part
from toolbuilder.adapters.recipe.flow import IMPROVING
from toolbuilder.adapters.recipe.literals import literal
from toolbuilder.adapters.recipe.shape import ThinkingTool, glob_of, inputs_of, result_of, spans
from toolbuilder.spec import RuntimeInput, Step
from toolbuilder.spec.parts import FieldType

Value: TypeAlias = str | int | float | bool
Answer: TypeAlias = dict[str, Value | list[Value]]
SAMPLE: Mapping[FieldType, Value] = {"integer": 7, "number": 1.5, "boolean": True}
EMPTY: Mapping[FieldType, Value] = {"string": "", "integer": 0, "number": 0.0, "boolean": False}


def recipe_tests(tool: ThinkingTool, patterns: Collection[str]) -> dict[str, str]:
    """Give the source of the tests by path: of the flow, of the doors to a model, and of the inputs."""
    tests = {"tests/test_model.py": part("test_model", tool)}
    if tool.input_type == "files" and not _can_be_sampled(tool):
        return tests
    inputs = {"tests/test_inputs.py": _inputs_tests(tool)} if tool.input_type == "files" else {}
    return {**inputs, **tests, "tests/test_flow.py": _flow_tests(tool, patterns)}


def sample_answer(step: Step, *, content: bool = True) -> Answer:
    """Give an answer that fits a step, one that ends its repetition or one that does not."""
    answer: Answer = {name: _sample(step, name, kind) for name, kind in step.gives.items()}
    tested = step.until and (step.until.empty or step.until.true)
    if tested and (kind := step.gives[tested]) == "boolean":
        answer[tested] = content
    elif tested and content:
        answer[tested] = [] if isinstance(kind, tuple) else EMPTY[kind]
    return answer


def sample_result(tool: ThinkingTool) -> str:
    """Give what the tool prints when every step has its sample answer."""
    name, field = result_of(tool)
    answer = next(sample_answer(step) for step in tool.recipe if step.id == name)
    value = answer[field] if field else answer
    if isinstance(value, str):
        return value.removesuffix("\n") + "\n"
    if isinstance(value, list) and tool.output_type != "json":
        as_json = tool.output_type == "jsonl"
        return "".join(f"{json.dumps(item, ensure_ascii=False) if as_json else item}\n" for item in value)
    return json.dumps(value, ensure_ascii=False, indent=None if tool.output_type == "jsonl" else 2) + "\n"


def _sample(step: Step, name: str, kind: FieldType | tuple[FieldType]) -> Value | list[Value]:
    if isinstance(kind, tuple):
        return [SAMPLE.get(kind[0], f"a {name} of {step.id}")]
    return SAMPLE.get(kind, f"the {name} of {step.id}")


def _flow_tests(tool: ThinkingTool, patterns: Collection[str]) -> str:
    options = ["command-line options"] if tool.options else []
    data = {
        "THOUGHTS": {step.id: step.think for step in tool.recipe},
        "SEEN: dict[str, list[str]]": {step.id: [*dict.fromkeys(step.uses), *options] for step in tool.recipe},
        "ANSWERS: dict[str, list[object]]": {step.id: [sample_answer(step)] for step in tool.recipe},
        "RESULT": sample_result(tool),
    }
    given = _given(tool)
    first = {"GIVEN": given} if given is not None else {}
    loops = _loops(tool)
    more = ["test_improving" if IMPROVING in patterns else "test_loop", "test_repeating"] if loops else []
    if loops:
        data["LOOPS: list[tuple[str, str, int, object]]"] = loops
    source = "".join(part(name, tool) for name in ("test_flow", *more))
    return source.replace("__data__", _assignments({**first, **data})).replace("__given__", "GIVEN, " if first else "")


def _given(tool: ThinkingTool) -> str | dict[str, str] | None:
    if tool.input_type == "none":
        return None
    return _sample_files(tool) if tool.input_type == "files" else "a text\n"


def _sample_files(tool: ThinkingTool) -> dict[str, str]:
    return {_path(one): f"the {one.name}" for one in inputs_of(tool)}


def _path(one: RuntimeInput) -> str:
    """Give a path that a glob matches, as far as it is made of stars and plain text."""
    return glob_of(one).replace("**", "folder").replace("*", "one").replace("?", "x")


def _loops(tool: ThinkingTool) -> list[tuple[str, str, int, Answer]]:
    ends = [(tool.recipe[span.first], tool.recipe[span.last]) for span in spans(tool.recipe)]
    return [(first.id, last.id, last.at_most, sample_answer(last, content=False)) for first, last in ends]


def _can_be_sampled(tool: ThinkingTool) -> bool:
    """Tell whether every input gets its sample file: a glob may be too clever, or shadowed by an earlier one."""
    wanted = inputs_of(tool)
    matching = {_path(one): [m for m in wanted if PurePosixPath(_path(one)).match(glob_of(m))] for one in wanted}
    return all(matching[_path(one)][:1] == [one] for one in wanted)


def _inputs_tests(tool: ThinkingTool) -> str:
    samples = _sample_files(tool)
    gathered = {one.name: f"the {one.name}" for one in inputs_of(tool)}
    return part("test_inputs", tool).replace("__data__", _assignments({"FILES": samples, "GATHERED": gathered}))


def _assignments(values: Mapping[str, object]) -> str:
    return "\n".join(f"{name} = {literal(value, len(name) + 3)}" for name, value in values.items())
