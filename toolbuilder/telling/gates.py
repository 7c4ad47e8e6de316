"""What the gates measured, and what was not run."""

from collections.abc import Iterator

from toolbuilder.artifacts import Check, Packaging, Verification
from toolbuilder.publishing.proving import proof_text
from toolbuilder.stages.verification import MAY_FAIL, QUALITY_WANTED, TESTS_WANTED
from toolbuilder.telling.examples import counted
from toolbuilder.telling.fitting import Part
from toolbuilder.telling.markdown import prose, row, table_head
from toolbuilder.telling.view import ToolView

HEAD = table_head("Gate", "Found", "Wanted", "Result")
MOST_FINDINGS = 3
ALL = "all"
NOTHING = "no findings"
REFUSED = "Verification ran, and its gate refused what it found"


def gates_parts(view: ToolView) -> tuple[Part, ...]:
    """Give the table of gates, the remarks of the review, and what was not run or not passed."""
    ran, packed = view.of(Verification), view.of(Packaging)
    rows = (*(_measured(ran) if ran else ()), *(_packed(packed) if packed else ()))
    remarks = tuple(f"- {prose(remark)}" for remark in (ran.review if ran else ()))
    gaps = tuple(f"- {gap}" for gap in not_run(view))
    return (
        Part("Gates", f"Generated code ran in the {prose(ran.sandbox)} sandbox only." if ran else "", rows, head=HEAD),
        Part("", "The review remarks:" if remarks else "", remarks),
        Part("", "Not shown:" if gaps else "", gaps),
    )


def status_line(view: ToolView) -> str:
    """Say in one line how far the tool has been shown to work."""
    ran = view.of(Verification)
    if ran is None:
        return f"{REFUSED}." if view.refused else f"Not verified: {view.due or 'verification'} is not done."
    tests = f"{ran.tests_passed} of {ran.tests_passed + ran.tests_failed} tests"
    scores = f"coverage {ran.coverage_percent:g} % · quality {ran.quality:.2f}"
    return " · ".join(filter(None, (tests, counted(ran.examples), scores, verified_again(view))))


def verified_again(view: ToolView) -> str:
    """Say whether a second verification has come to the same result, and whose; empty where that is not known."""
    if view.verified:
        return proof_text(view.tip, view.outside.run)
    if view.outside.verified:
        return f"{proof_text(view.outside.verified, view.outside.run)}, and the branch has moved on since"
    return "" if view.outside.verified is None else "not verified again yet"


def not_run(view: ToolView) -> Iterator[str]:
    """Say what nobody has run or read."""
    if view.of(Verification) is None and not view.refused:
        yield "The code was not run: verification is not done."
    if view.refused:
        yield f"{REFUSED}: the findings stand at the top."
    if view.of(Packaging) is None:
        yield "No wheel was built and installed: packaging is not done."
    if view.spec.intelligence == "runtime":
        yield "No live model was asked: the examples run with the answers that the spec scripts."
    if view.commits.get("verification") and _engine(view, "verification") == "offline":
        nobody = "No model" if view.edits.any else "No model and no person"  # who edits it has read some of it
        yield f"{nobody} has read the code: the review is by rule."
    if view.of(Verification):
        yield "Other systems and other Python versions than the builder's were not tried."
    if view.outside.verified is not None and not view.verified:
        yield "Nobody has repeated the gates on this commit."


def _engine(view: ToolView, stage: str) -> str:
    return view.commits[stage].trailers.get("Toolbuilder-Engine", "")


def _measured(ran: Verification) -> tuple[str, ...]:
    total = ran.tests_passed + ran.tests_failed
    enough = bool(total) and ran.tests_passed / total >= TESTS_WANTED
    right = all(one.passed for one in ran.examples)
    clean = ", ".join(prose(one.name, 60) for one in ran.checks if one.passed)
    return (
        row("tests", f"{ran.tests_passed} of {total} passed", f"{TESTS_WANTED:.0%}", _result(passed=enough)),
        row("examples", counted(ran.examples), ALL, _result(passed=right)),
        row("quality", f"{ran.quality:.2f}", f"{QUALITY_WANTED}", _result(passed=ran.quality >= QUALITY_WANTED)),
        row("coverage", f"{ran.coverage_percent:g} %", "reported only", ""),
        *map(_check, (one for one in ran.checks if not one.passed)),
        *([row(clean, NOTHING, NOTHING, _result(passed=True))] if clean else []),
    )


def _packed(packed: Packaging) -> tuple[str, ...]:
    right = all(one.passed for one in packed.examples)
    return (row("installed wheel", counted(packed.examples), ALL, _result(passed=right)),)


def _check(check: Check) -> str:
    result = "counted in the scores" if check.name in MAY_FAIL else _result(passed=False)
    return row(prose(check.name, 60), _found(check), NOTHING, result)


def _found(check: Check) -> str:
    findings = "; ".join(prose(finding, 160) for finding in check.findings[:MOST_FINDINGS])
    left = len(check.findings) - MOST_FINDINGS
    return f"{findings}; … and {left} more" if left > 0 else findings


def _result(*, passed: bool) -> str:
    return "passed" if passed else "**failed**"
