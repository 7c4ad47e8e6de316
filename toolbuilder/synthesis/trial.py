"""Running a program as it is emitted: the same text that a tool is made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from toolbuilder.synthesis.emit import emit
from toolbuilder.synthesis.evaluate import FAILURES
from toolbuilder.synthesis.goals import agrees
from toolbuilder.synthesis.layout import Layout, Module
from toolbuilder.synthesis.library.errors import InputError
from toolbuilder.synthesis.program import Program
from toolbuilder.synthesis.source import LIBRARY
from toolbuilder.synthesis.task import Example, OptionValue

WHOLE = Layout(LIBRARY, "run", (Module("tool", frozenset({"read", "transform", "write"}), "The tool."),))


@dataclass(frozen=True)
class Outcome:
    """What a program does with an input: its output, or the message of its error; `crashed` if it has none."""

    output: str
    exit_code: int = 0
    crashed: bool = False

    def same(self, other: "Outcome") -> bool:
        """Compare with another outcome, save a newline at the end; all refusals of an input are alike."""
        if self.exit_code or other.exit_code:
            return self.exit_code == other.exit_code
        return self.output.removesuffix("\n") == other.output.removesuffix("\n")

    def __str__(self) -> str:
        """Describe the outcome to a reader."""
        return f"error: {self.output}" if self.exit_code else self.output


@lru_cache(maxsize=512)
def load(program: Program) -> Callable[..., str]:
    """Run the emitted module and give its entry function."""
    namespace: dict[str, Callable[..., str]] = {}
    exec(emit(program, WHOLE)["tool"], namespace)  # noqa: S102  the text comes from our own catalogue
    return namespace["run"]


def run(program: Program, text: str, options: Mapping[str, OptionValue], files: Mapping[str, str]) -> Outcome:
    """Run the program on one input."""
    given: tuple[object, ...] = {"none": (), "files": (files,)}.get(program.input_type, (text,))
    try:
        return Outcome(load(program)(*given, **keywords(program, options)))
    except InputError as error:
        return Outcome(str(error), exit_code=2)
    except FAILURES as error:
        return Outcome(f"{type(error).__name__}: {error}", exit_code=1, crashed=True)


def keywords(program: Program, options: Mapping[str, OptionValue]) -> dict[str, OptionValue]:
    """Give the program's options as the arguments of its entry function."""
    return {option.variable: options.get(option.name, option.default) for option in program.options}


def fits(program: Program, example: Example) -> bool:
    """Tell whether the program does what the example shows."""
    return agrees_with(example, run(program, example.input, example.options, example.files))


def agrees_with(example: Example, outcome: Outcome) -> bool:
    """Tell whether the outcome is what the example shows."""
    if example.exit_code:
        return outcome.exit_code == example.exit_code and example.stderr in outcome.output
    return not outcome.exit_code and agrees(example, outcome.output)
