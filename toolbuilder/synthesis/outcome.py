"""What the engine answers: an accepted program, a question, or a refusal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from toolbuilder.synthesis.program import Program
from toolbuilder.synthesis.task import OptionValue


@dataclass(frozen=True)
class Budget:
    """How much work a search may do: applications of an operation to one value, however long each takes."""

    evaluations: int = 800_000


@dataclass(frozen=True)
class Support:
    """A constant of the program and the ids of the examples that show it; `named` if the description says it."""

    constant: str
    examples: tuple[str, ...]
    named: bool


@dataclass(frozen=True)
class Rejected:
    """An alternative that fits the examples too, and an input on which it differs."""

    explanation: str
    input: str
    output: str
    here: str


@dataclass(frozen=True)
class Behaviour:
    """What the program gives, its options left at their defaults, for an input that no example shows."""

    input: str
    output: str


@dataclass(frozen=True)
class AmbiguityReport:
    """How far the examples determine the program. It fits the examples; nobody says that it is correct.

    `unnamed` are the operations that the description does not name, `rejected` the alternatives that
    fit as well, `behaviours` what comes of nasty inputs, and `refused` the messages for others.
    """

    fits: int
    unnamed: tuple[str, ...] = ()
    constants: tuple[Support, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    behaviours: tuple[Behaviour, ...] = ()
    refused: tuple[Behaviour, ...] = ()


@dataclass(frozen=True)
class Accepted:
    """A program that fits every example."""

    program: Program
    report: AmbiguityReport
    evaluations: int


@dataclass(frozen=True)
class Alternative:
    """One of the programs between which the examples do not decide, and its output on the question's input."""

    program: Program
    output: str
    explanation: str


@dataclass(frozen=True)
class Question:
    """The smallest input found on which the alternatives differ; `yaml` is ready to paste under `examples:`."""

    input: str
    alternatives: tuple[Alternative, ...]
    yaml: str
    options: Mapping[str, OptionValue] = field(default_factory=dict)
    evaluations: int = 0


@dataclass(frozen=True)
class Refusal:
    """Why there is no program that one may trust, the first example without one, and the nearest miss.

    `words` are those of the description that no operation knows, `operations` those of which it speaks most.
    """

    reason: str
    example_id: str | None = None
    nearest: str | None = None
    evaluations: int = 0
    words: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()


Verdict: TypeAlias = Accepted | Question | Refusal
