"""The spec: what a person wants, as data."""

from toolbuilder.spec.model import (
    Budget,
    Example,
    FieldName,
    InputType,
    OneLine,
    Option,
    OptionValue,
    OutputType,
    RuntimeInput,
    Spec,
    Step,
    Text,
    ToolName,
    Until,
    Words,
    bind_options,
)

__all__ = [
    "Budget",
    "Example",
    "FieldName",
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
