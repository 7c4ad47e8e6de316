"""The parts of a spec, as data; `spec` puts them together and refuses what does not fit together."""

import keyword
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, StringConstraints
from pydantic_core import PydanticKnownError

from toolbuilder.yaml_files.forms import HYPHENATED, NO_NUL, ONE_LINE, UNDERSCORED

InputType = Literal["text", "lines", "json", "jsonl", "csv", "tsv", "markdown", "files", "none"]
OutputType = Literal["text", "lines", "json", "jsonl", "csv", "tsv", "markdown", "files"]
FieldType = Literal["string", "integer", "number", "boolean"]
OptionValue: TypeAlias = str | int | float | bool | None

ToolName = Annotated[str, StringConstraints(pattern=HYPHENATED, max_length=63)]
OptionName = Annotated[str, StringConstraints(pattern=HYPHENATED, max_length=31)]
FieldName = Annotated[str, StringConstraints(pattern=UNDERSCORED)]
Text = Annotated[str, StringConstraints(max_length=20_000)]
OneLine = Annotated[str, StringConstraints(pattern=ONE_LINE, max_length=500)]
Argument = Annotated[str, StringConstraints(pattern=NO_NUL, max_length=2_000)]


def _no_truth_value(value: object) -> object:
    if isinstance(value, bool):  # which Python would take for 0 or 1
        raise PydanticKnownError("literal_error", {"expected": "0, 1 or 2"})
    return value


class Words(BaseModel):
    """What every part of a spec is: frozen, and closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


NAMES_OF_THE_INPUT = frozenset({"text", "lines", "files"})  # what a tool's entry function calls it


class Option(Words):
    """A command-line option that the finished tool offers."""

    name: OptionName = Field(description="The option's name without dashes: `top` becomes `--top`.")
    type: Literal["str", "int", "float", "flag", "choice"] = Field(default="str", description="What it takes.")
    default: str | int | float | bool | None = Field(default=None, description="Its value when it is not given.")
    choices: tuple[Argument, ...] = Field(default=(), description="What `choice` may choose from.")
    help: OneLine = Field(description="One line for `--help`.")

    @property
    def variable(self) -> str:
        """The option's name in Python: hyphens become underscores, and a name that is taken there ends with one."""
        name = self.name.replace("-", "_")
        return f"{name}_" if keyword.iskeyword(name) or name in NAMES_OF_THE_INPUT else name


class Example(Words):
    """One run of the finished tool: an acceptance test, not an illustration."""

    name: OneLine | None = Field(default=None, description="What this example shows.")
    args: tuple[Argument, ...] = Field(default=(), description="Command-line arguments before the input.")
    input: Text | None = Field(default=None, description="What standard input holds.")
    files: dict[str, Text] = Field(default_factory=dict, description="Input files by relative path, given in order.")
    answers: dict[FieldName, list[JsonValue]] = Field(
        default_factory=dict, description="Scripted answers of the model, by step, for `intelligence: runtime`."
    )
    output: JsonValue = Field(
        default=None,
        description="What the tool prints: text is compared exactly but for one newline at the end; any other value "
        "is compared as the JSON that it is, the order of keys included.",
    )
    exit_code: Annotated[Literal[0, 1, 2], BeforeValidator(_no_truth_value)] = Field(
        default=0, description="The exit status; 2 is bad input."
    )
    stderr: OneLine | None = Field(default=None, description="Words that the error message holds.")
    always_shown: bool = Field(
        default=False, description="Never held out: generation sees it. Answers to a question of the engine say so."
    )


class RuntimeInput(Words):
    """One thing that a thinking tool reads: the input files whose names match."""

    name: FieldName = Field(description="What steps call it in `uses`.")
    match: OneLine | None = Field(default=None, description="Glob over file names; `<name>.*` when left out.")
    many: bool = Field(default=False, description="Whether several files may match; their texts are joined.")


class Until(Words):
    """When a repeated step is content."""

    empty: FieldName | None = Field(default=None, description="This list or text of the answer is empty.")
    true: FieldName | None = Field(default=None, description="This truth value of the answer is true.")


class Step(Words):
    """One thought of a thinking tool: its own typed question to the model."""

    id: FieldName = Field(description="The step's name; later steps use its answer by it.")
    think: OneLine = Field(description="What the model is asked to do.")
    uses: tuple[FieldName, ...] = Field(default=(), description="Inputs and earlier steps that it sees.")
    gives: dict[FieldName, FieldType | tuple[FieldType]] = Field(
        min_length=1, description="The answer's fields and their types; `[string]` is a list."
    )
    until: Until | None = Field(default=None, description="Go on only when this holds.")
    otherwise: FieldName | None = Field(default=None, alias="else", description="The step to go back to until then.")
    at_most: Annotated[int, Field(ge=1, le=20)] = Field(default=3, description="How many rounds at most.")


class Budget(Words):
    """Hard limits of one build."""

    usd: Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)] = Field(description="United States dollars.")
