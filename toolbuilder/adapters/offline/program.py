"""The program that the examples determine: the synthesis library, asked once a brief."""

import json
from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

from toolbuilder.artifacts import Architecture
from toolbuilder.brief import Brief, ShownExample
from toolbuilder.errors import NeedsPerson
from toolbuilder.scaffold.answers import streams
from toolbuilder.schema import canonical_json
from toolbuilder.spec.options import read_arguments
from toolbuilder.synthesis import Accepted, Example, Layout, Module, Option, Question, Refusal, Task, Verdict, solve
from toolbuilder.synthesis.layout import Role

ROLES: tuple[Role, ...] = ("read", "transform", "write")
Solver: TypeAlias = Callable[[Task], Verdict]
"""Finds what the examples of a task determine: the library's `solve`, here or in a process of its own."""


def attempt(brief: Brief, solver: Solver = solve) -> Verdict:
    """Give what the synthesis library makes of a brief."""
    return _attempt(canonical_json(brief), solver)


def task_of(brief: Brief) -> Task:
    """Give the brief in the words of the synthesis library."""
    options = tuple(
        Option(name=o.name, type=o.type, default=o.default, choices=o.choices, help=o.help) for o in brief.options
    )
    return Task(
        name=brief.name,
        description=brief.description,
        input_type=brief.input_type,
        output_type=brief.output_type,
        options=options,
        examples=tuple(one for shown in brief.examples for one in _example(brief, shown)),
        constraints=brief.constraints,
    )


def accepted(brief: Brief, solver: Solver = solve) -> Accepted:
    """Give the program for a brief.

    Raises NeedsPerson naming the example that has no program, or the question that the examples leave open.
    """
    match attempt(brief, solver):
        case Accepted() as found:
            return found
        case Question() as question:
            raise NeedsPerson(
                "the examples leave open what the tool should do",
                findings=[f"{one.explanation} gives {one.output!r}" for one in question.alternatives],
                advice="Paste this under `examples:` in the spec, keep the output that you mean or write the right "
                f"one, and run again:\n\n{question.yaml}  always_shown: true\n",
            )
        case Refusal() as refusal:
            where = f"example {refusal.example_id}: " if refusal.example_id else ""
            raise NeedsPerson(
                f"the embedded engine finds no program that it trusts: {where}{refusal.reason}",
                findings=_near(refusal),
                advice="Add an example or name the operation in the description, and run again.",
            )


def _near(refusal: Refusal) -> list[str]:
    return [
        *([f"the nearest miss: {refusal.nearest}"] if refusal.nearest else []),
        *(f"no operation knows the word {word!r} of the description" for word in refusal.words),
        *(f"the description may speak of this operation: {one}" for one in refusal.operations),
    ]


def layout_of(brief: Brief, architecture: Architecture) -> Layout:
    """Put an architecture, as it may have been corrected by a person, in the words of the synthesis library."""
    modules = tuple(
        Module(name=one.name, roles=frozenset(role for role in ROLES if role in one.roles), summary=one.summary)
        for one in architecture.modules
    )
    return Layout(
        package=brief.package,
        function=architecture.entry.function,
        modules=modules,
        streams=streams(architecture),
    )


@lru_cache(maxsize=64)
def _attempt(text: str, solver: Solver) -> Verdict:
    return solver(task_of(Brief.model_validate_json(text)))


def _example(brief: Brief, shown: ShownExample) -> list[Example]:
    """Give the example for the search; none where the command line itself refuses the arguments."""
    example = shown.example
    arguments = read_arguments(brief.options, example.args)
    if arguments.problems or arguments.operands:
        return []
    text = example.output if isinstance(example.output, str) else json.dumps(example.output, ensure_ascii=False)
    return [
        Example(
            id=shown.id,
            input=example.input or "",
            expected=None if example.exit_code else text,
            as_value=not isinstance(example.output, str),
            options=arguments.values,
            files=example.files,
            exit_code=example.exit_code,
            stderr=example.stderr or "",
        )
    ]
