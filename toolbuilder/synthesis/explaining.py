"""A verdict in words, for the person who wrote the examples."""

from collections.abc import Iterable, Iterator

from toolbuilder.synthesis.emit import emit
from toolbuilder.synthesis.layout import Layout, Module
from toolbuilder.synthesis.outcome import Accepted, Behaviour, Question, Refusal, Rejected, Support, Verdict
from toolbuilder.synthesis.program import Program
from toolbuilder.synthesis.streaming import streams
from toolbuilder.synthesis.task import Task


def explanation(task: Task, verdict: Verdict) -> str:
    """Say what the engine found, why one may trust it or not, and what to do where it found nothing."""
    match verdict:
        case Accepted():
            lines = _accepted(verdict)
        case Question():
            lines = _asked(verdict)
        case Refusal():
            lines = _refused(verdict)
    return "\n".join([f"{task.name}: {next(lines)}", *lines, f"Evaluations: {verdict.evaluations}."])


def source(program: Program) -> str:
    """Give the program as one module."""
    module = Module("tool", frozenset({"read", "transform", "write"}), "The whole tool.")
    return emit(program, Layout("tool", "run", (module,), streams=streams(program)))["tool"]


def _accepted(verdict: Accepted) -> Iterator[str]:
    report = verdict.report
    yield f"accepted. The program fits {report.fits} examples; that is evidence, not proof."
    yield from _listed("Its steps:", verdict.program.steps)
    yield "It works line by line." if streams(verdict.program) else "It needs the whole input at once."
    yield from _listed("Steps that the description does not name:", report.unnamed)
    yield from _listed("Constants:", map(_constant, report.constants))
    yield from _listed("Alternatives that fit too, and what tells them apart:", map(_rejected, report.rejected))
    yield from _listed("For inputs that no example shows, it prints:", map(_behaviour, report.behaviours))
    yield from _listed("It refuses these inputs:", map(_behaviour, report.refused))
    yield from ("The program:", "", *(f"    {line}".rstrip() for line in source(verdict.program).splitlines()))


def _asked(verdict: Question) -> Iterator[str]:
    yield "the examples leave something open."
    yield "Paste this under `examples:` in the spec, and keep the output that you mean or write the right one:"
    yield from ("", *(f"    {line}" for line in verdict.yaml.splitlines()), "")
    yield from _listed(
        "These programs fit all examples:", (" ".join(one.program.steps) for one in verdict.alternatives)
    )


def _refused(verdict: Refusal) -> Iterator[str]:
    where = f" (example {verdict.example_id})" if verdict.example_id else ""
    yield f"no program that one may trust{where}: {verdict.reason}."
    yield from _listed("The nearest miss:", [verdict.nearest] if verdict.nearest else [])
    yield from _listed("Words of the description that no operation knows:", verdict.words)
    yield from _listed("Operations of which it speaks most:", verdict.operations)


def _listed(title: str, lines: Iterable[str]) -> Iterator[str]:
    shown = list(lines)
    yield from (title, *(f"  - {line}" for line in shown)) if shown else ()


def _constant(one: Support) -> str:
    named = "named in the description" if one.named else "not named in the description"
    return f"{one.constant!r}: {named}, shown by {', '.join(one.examples) or 'no example'}"


def _rejected(one: Rejected) -> str:
    return f"{one.explanation} For {one.input!r} it gives {one.output!r}, the program {one.here!r}."


def _behaviour(one: Behaviour) -> str:
    return f"{one.input!r}: {one.output!r}"
