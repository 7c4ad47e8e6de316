"""What the embedded engine answers about sources: the program found, as the architecture lays it out."""

from toolbuilder.adapters.offline import recipe
from toolbuilder.adapters.offline.pinned_tests import pinned_tests
from toolbuilder.adapters.offline.program import Solver, accepted, layout_of
from toolbuilder.artifacts import Module, TestedObligation
from toolbuilder.brief import Brief
from toolbuilder.stages.generation import ToTest, ToWrite, Written, WrittenTests
from toolbuilder.synthesis import Accepted, emit, solve

EXAMPLE_TEST = "tests/test_examples.py::test_example"


def write_module(brief: Brief, wanted: ToWrite, solver: Solver = solve) -> Written:
    """Write one module of the program that fits the examples. Raises NeedsPerson when there is none."""
    if brief.recipe:
        return recipe.write_module(brief, wanted)
    found = accepted(brief, solver)
    sources = emit(found.program, layout_of(brief, wanted.architecture))
    entry = wanted.module.name == wanted.architecture.entry.module
    return Written(source=sources[wanted.module.name], notes=_notes(found) if entry else ())


def write_tests(brief: Brief, wanted: ToTest, solver: Solver = solve) -> WrittenTests:
    """Pin what the program does with inputs that no example shows, so that a reviewer reads it and may object."""
    if brief.recipe:
        return WrittenTests(source=recipe.tests_of(brief, wanted), tested=_by_examples(brief, wanted.module))
    if wanted.module.name != wanted.architecture.entry.module:
        return WrittenTests(source="", tested=_by_examples(brief, wanted.module))
    pinned = pinned_tests(brief, wanted.architecture, accepted(brief, solver).report.behaviours)
    return WrittenTests(source=pinned, tested=_by_examples(brief, wanted.module))


def _by_examples(brief: Brief, module: Module) -> tuple[TestedObligation, ...]:
    tests = tuple(f"{EXAMPLE_TEST}[{shown.id}]" for shown in brief.examples)
    return tuple(TestedObligation(id=i, tests=tests) for i in module.covers if i.startswith("R"))


def _notes(found: Accepted) -> tuple[str, ...]:
    report = found.report
    return (
        f"The program fits {report.fits} examples; that is evidence, not proof.",
        *(f"Step: {step}" for step in found.program.steps),
        *(f"The description does not name this step: {step}" for step in report.unnamed),
        *(
            f"The constant {one.constant} is {'named in the description' if one.named else 'taken from the examples'}"
            f" ({', '.join(one.examples)})."
            for one in report.constants
        ),
        *(
            f"An alternative that fits too was rejected: {one.explanation}; for {one.input!r} it gives {one.output!r},"
            f" this program {one.here!r}."
            for one in report.rejected
        ),
    )
