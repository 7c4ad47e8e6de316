"""The spec: what a person wants, as data. Loading it from a file, with every error located, is `spec_file`'s."""

import hashlib
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from toolbuilder.spec import example_rules, recipe_rules
from toolbuilder.spec import rules as spec_rules
from toolbuilder.spec.options import read_arguments
from toolbuilder.spec.parts import (
    Budget,
    Example,
    FieldName,
    FieldType,
    InputType,
    OneLine,
    Option,
    OptionValue,
    OutputType,
    RuntimeInput,
    Step,
    Text,
    ToolName,
    Until,
    Words,
)
from toolbuilder.yaml_files.broken import Broken, refuse
from toolbuilder.yaml_files.forms import PROSE, STEP_AND_FIELD

__all__ = [
    "Budget",
    "Example",
    "FieldName",
    "FieldType",
    "InputType",
    "OneLine",
    "Option",
    "OptionValue",
    "OutputType",
    "RuntimeInput",
    "Spec",
    "Step",
    "Text",
    "ToolName",
    "Until",
    "Words",
    "bind_options",
]


class Spec(Words):
    """A command-line tool that somebody wants."""

    name: ToolName = Field(description="The tool's name; equal to the file's name without its ending.")
    description: Annotated[Text, StringConstraints(pattern=PROSE, min_length=8)] = Field(
        description="What the tool does, in sentences; every sentence is a requirement."
    )
    input_type: InputType = Field(description="What the tool reads.")
    output_type: OutputType = Field(description="What the tool writes.")
    options: tuple[Option, ...] = Field(default=(), description="Options beyond --help, --version and --output.")
    examples: tuple[Example, ...] = Field(min_length=1, max_length=200, description="Executable acceptance tests.")
    constraints: tuple[OneLine, ...] = Field(default=(), description="What the tool must or must not do.")
    intelligence: Literal["none", "runtime"] = Field(
        default="none", description="`runtime`: the finished tool asks a model when it runs, as `recipe` says."
    )
    inputs: tuple[RuntimeInput, ...] = Field(default=(), description="What a thinking tool reads, by name.")
    recipe: tuple[Step, ...] = Field(default=(), description="How a thinking tool thinks, step by step.")
    result: str | None = Field(default=None, pattern=STEP_AND_FIELD, description="What it prints: `step.field`.")
    patterns: tuple[FieldName, ...] = Field(default=(), description="Patterns wanted beyond those that apply.")
    template: ToolName = Field(default="python-cli", description="The scaffold, a folder of `templates/`.")
    budget: Budget | None = Field(default=None, description="Hard limits of this build.")

    @property
    def package(self) -> str:
        """The importable name of the tool: hyphens become underscores."""
        return self.name.replace("-", "_")

    @property
    def example_ids(self) -> tuple[str, ...]:
        """`E1`, `E2`, … in the order of the file."""
        return tuple(f"E{number}" for number in range(1, len(self.examples) + 1))

    @property
    def held_out(self) -> frozenset[str]:
        """Ids of the examples that generation never sees: a quarter, from four on, the lowest digests first.

        Only examples that end well and share their way of calling with another may be held out: what is shown
        nowhere else could not be built.
        """
        from_four_on = len(self.examples) // 4
        often = Counter(map(_way_of_calling, self.examples))
        pairs = zip(self.example_ids, self.examples, strict=True)
        usual = [i for i, e in pairs if e.exit_code == 0 and not e.always_shown and often[_way_of_calling(e)] > 1]
        ranked = sorted(usual, key=lambda i: hashlib.sha256(f"{self.name}/{i}".encode()).hexdigest())
        return frozenset(ranked[: min(from_four_on, math.floor(len(usual) / 2))])

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        refuse([*self._names(), *self._runs(), *self._thinking()])
        return self

    def _names(self) -> Iterator[Broken]:
        yield from spec_rules.name_is_free(self.name)
        yield from spec_rules.names_differ(
            "option", {("options", i, "name"): o.name for i, o in enumerate(self.options)}
        )
        yield from spec_rules.names_differ("input", {("inputs", i, "name"): o.name for i, o in enumerate(self.inputs)})
        yield from spec_rules.names_differ("step", {("recipe", i, "id"): s.id for i, s in enumerate(self.recipe)})
        yield from spec_rules.names_differ("pattern", {("patterns", i): p for i, p in enumerate(self.patterns)})
        yield from spec_rules.options_fit(self.options)

    def _runs(self) -> Iterator[Broken]:
        yield from example_rules.examples_fit(self.input_type, self.output_type, self.examples)
        yield from example_rules.examples_differ(self.examples)
        yield from example_rules.arguments_are_options(self.input_type, self.options, self.examples)

    def _thinking(self) -> Iterator[Broken]:
        yield from recipe_rules.recipe_belongs(self.intelligence, self.inputs, self.recipe, self.result)
        yield from recipe_rules.steps_follow(self.inputs, self.recipe)
        yield from recipe_rules.result_is_given(self.recipe, self.result)
        yield from recipe_rules.answers_are_of_steps(self.recipe, self.examples)


def bind_options(spec: Spec, args: Sequence[str]) -> dict[str, OptionValue]:
    """Give the value of every option of a tool for a run with these arguments, defaults filled in.

    A flag that is not given is False, an option without default None. Raises ValueError for arguments that the
    finished tool would refuse, and for operands unless the tool reads no input.
    """
    arguments = read_arguments(spec.options, args)
    problems = [words for _, words in arguments.problems]
    if spec.input_type != "none":
        problems += [f"`{operand}` is not an option" for _, operand in arguments.operands]
    if problems:
        raise ValueError("; ".join(problems))
    return arguments.values


def _way_of_calling(example: Example) -> tuple[int, tuple[str, ...]]:
    return example.exit_code, tuple(argument for argument in example.args if argument.startswith("-"))
