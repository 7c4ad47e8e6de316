"""Program synthesis from examples: what examples determine needs no model."""

from toolbuilder.synthesis.emit import emit
from toolbuilder.synthesis.engine import confirmed, solve
from toolbuilder.synthesis.fresh import Start
from toolbuilder.synthesis.layout import Layout, Module
from toolbuilder.synthesis.outcome import Accepted, Alternative, AmbiguityReport, Budget, Question, Refusal, Verdict
from toolbuilder.synthesis.program import Program
from toolbuilder.synthesis.streaming import streams
from toolbuilder.synthesis.task import Example, Json, Option, Task

__all__ = [
    "Accepted",
    "Alternative",
    "AmbiguityReport",
    "Budget",
    "Example",
    "Json",
    "Layout",
    "Module",
    "Option",
    "Program",
    "Question",
    "Refusal",
    "Start",
    "Task",
    "Verdict",
    "confirmed",
    "emit",
    "solve",
    "streams",
]
