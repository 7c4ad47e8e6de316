"""The requirement table: every obligation of the spec, its modules, the tests that show it, the verdict."""

import re
from collections.abc import Iterable, Sequence

from toolbuilder.artifacts import Architecture, Generation, Obligation, Packaging, Requirements, Verification
from toolbuilder.telling.examples import named
from toolbuilder.telling.fitting import Part
from toolbuilder.telling.markdown import code, prose, row, table_head
from toolbuilder.telling.view import ToolView

HEAD = table_head("", "What is wanted", "By", "Modules", "Shown by", "Verdict")
EXAMPLE = re.compile(r"tests/test_examples\.py::test_example\[(E[1-9][0-9]*)\]")
MOST = 3  # modules or tests of one obligation that are named
INSTALLED = "the installed command"
FOR_REVIEWER = "**for you to judge**"


def requirement_part(view: ToolView) -> Part:
    """Give the table; what stages would say that are not done is empty."""
    return Part("Requirements", "", tuple(_row(view, one) for one in view.obligations), head=HEAD)


def tests_of(view: ToolView, i: str) -> tuple[str, ...]:
    """Give the tests that show an obligation."""
    generation = view.of(Generation)
    return tuple(test for one in generation.tested if one.id == i for test in one.tests) if generation else ()


def ranges(ids: Iterable[str]) -> list[str]:
    """Give ids of examples in few words: E1, E3-E6."""
    runs: list[list[int]] = []
    for number in sorted({int(i[1:]) for i in ids}):
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return [f"E{run[0]}" if len(run) == 1 else f"E{run[0]}-E{run[-1]}" for run in runs]


def _row(view: ToolView, wanted: Obligation) -> str:
    i, architecture = wanted.id, view.of(Architecture)
    modules = [code(one.name) for one in architecture.modules if i in one.covers] if architecture else []
    text = named(view, i) if i in view.spec.example_ids else prose(wanted.text)
    return row(i, text, _by(view, i), _some(modules), _shown_by(view, i), _verdict(view, i))


def _by(view: ToolView, i: str) -> str:
    requirements = view.of(Requirements)
    by = {one.id: one.by for one in requirements.requirements} if requirements else {}
    return {"ai": "model", "code": "code"}.get(by.get(i, ""), "")


def _shown_by(view: ToolView, i: str) -> str:
    if i in view.held_out:
        return INSTALLED
    tests = tests_of(view, i)
    own = [prose(test.rpartition("::")[2].replace("_", " "), 100) for test in tests if not EXAMPLE.fullmatch(test)]
    return ", ".join([*ranges(_examples(tests)), *([_some(own)] if own else [])])


def _examples(tests: Iterable[str]) -> list[str]:
    return [found[1] for test in tests if (found := EXAMPLE.fullmatch(test))]


def _verdict(view: ToolView, i: str) -> str:
    ran, generation, tests = view.of(Verification), view.of(Generation), tests_of(view, i)
    if generation and i in generation.for_reviewer:
        return FOR_REVIEWER
    if ran is None:
        return "run; verification refused" if view.refused else "not run"
    shown = [i] if i in view.spec.example_ids else _examples(tests)
    if not shown and not tests:
        return "nothing shows it"
    if not _all_passed(view, shown):
        return "**failed**"
    others = len(tests) > len(_examples(tests))
    return f"unclear: {ran.tests_failed} tests failed" if others and ran.tests_failed else "passed"


def _all_passed(view: ToolView, examples: Sequence[str]) -> bool:
    """Say whether examples passed wherever they were run; one that was never run did not."""
    runs = [artifact for artifact in (view.of(Verification), view.of(Packaging)) if artifact]
    passed = [{one.example for one in artifact.examples if one.passed} for artifact in runs]
    return all(i in right for i in examples for right in passed)


def _some(words: Sequence[str]) -> str:
    left = len(words) - MOST
    return ", ".join([*words[:MOST], *([f"{left} more"] if left > 0 else [])])
