"""The brief: what generation may know of a spec. Ids are given here, by code; held-out examples stay behind."""

import re

from toolbuilder.artifacts import Obligation
from toolbuilder.spec import Example, InputType, Option, OutputType, RuntimeInput, Spec, Step, Words

SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9\"'`(])|\n\s*(?:[-*]\s+|\n)")


class ShownExample(Words):
    """An example that generation may see, with its id."""

    id: str
    example: Example


class Brief(Words):
    """The context that every question of a build shares."""

    name: str
    package: str
    description: str
    input_type: InputType
    output_type: OutputType
    options: tuple[Option, ...]
    obligations: tuple[Obligation, ...]
    examples: tuple[ShownExample, ...]
    constraints: tuple[str, ...]
    intelligence: str
    inputs: tuple[RuntimeInput, ...]
    recipe: tuple[Step, ...]
    result: str | None


def brief_of(spec: Spec) -> Brief:
    """Give the brief of a spec."""
    return Brief(
        name=spec.name,
        package=spec.package,
        description=spec.description,
        input_type=spec.input_type,
        output_type=spec.output_type,
        options=spec.options,
        obligations=obligations(spec),
        examples=shown_examples(spec),
        constraints=spec.constraints,
        intelligence=spec.intelligence,
        inputs=spec.inputs,
        recipe=spec.recipe,
        result=spec.result,
    )


def shown_examples(spec: Spec) -> tuple[ShownExample, ...]:
    """Give the examples that are not held out."""
    pairs, hidden = zip(spec.example_ids, spec.examples, strict=True), spec.held_out
    return tuple(ShownExample(id=i, example=example) for i, example in pairs if i not in hidden)


def obligations(spec: Spec) -> tuple[Obligation, ...]:
    """Give every obligation of a spec: its sentences (R), examples (E) and constraints (C), numbered in order."""
    sentences = enumerate(sentences_of(spec.description), 1)
    constraints = enumerate(spec.constraints, 1)
    examples, hidden = zip(spec.example_ids, spec.examples, strict=True), spec.held_out
    return (
        *(Obligation(id=f"R{number}", text=text) for number, text in sentences),
        *(Obligation(id=i, text=_title(example, held_out=i in hidden)) for i, example in examples),
        *(Obligation(id=f"C{number}", text=text) for number, text in constraints),
    )


def sentences_of(description: str) -> tuple[str, ...]:
    """Split a description into its sentences and list items, white space folded."""
    parts = (" ".join(part.split()) for part in SENTENCE_END.split(description))
    return tuple(part.removeprefix("- ").removeprefix("* ") for part in parts if part.strip("-*. "))


def _title(example: Example, *, held_out: bool) -> str:
    if held_out:
        return "An example that generation does not see; verification runs it."
    return example.name or f"An example that ends with exit status {example.exit_code}."
