"""What a record claims beyond a measurement is found, and named."""

from typing import Any

import pytest

from tests.sabotage import Protection, assert_guarded
from toolbuilder.artifacts import Check, Packaging, Verdict, Verification
from toolbuilder.stages import packaging, verification

RIGHT = (Verdict(example="E1", held_out=False, passed=True), Verdict(example="E2", held_out=True, passed=True))
WRONG = (RIGHT[0], Verdict(example="E2", held_out=True, passed=False, difference="output differs"))
RECORD = Verification(
    sandbox="bubblewrap",
    quality=0.9,
    tests_passed=10,
    tests_failed=0,
    coverage_percent=90.0,
    checks=(Check(name="lint", passed=True), Check(name="tests", passed=False)),
    examples=RIGHT,
)
PACKAGE = Packaging(sandbox="bubblewrap", wheel="x-1.whl", wheel_sha256="0" * 64, command="x", examples=RIGHT)


def but(artifact: Any, **facts: object) -> Any:
    return artifact.model_copy(update=facts)


def said(findings: list[Any]) -> list[str]:
    return [str(finding) for finding in findings]


def a_measurement_that_is_as_good_or_better_is_no_claim(part: Any) -> None:
    better = but(RECORD, sandbox="landlock", quality=1.0, tests_passed=11, coverage_percent=89.5)
    assert said(part.exceeds(RECORD, RECORD)) == said(part.exceeds(RECORD, better)) == []


def fewer_tests_less_coverage_or_quality_are_named(part: Any) -> None:
    worse = but(RECORD, tests_passed=9, coverage_percent=88.0, quality=0.8)
    assert said(part.exceeds(RECORD, worse)) == [
        "tests: the record claims 10; 9 is what was measured",
        "coverage: the record claims 89; 88 is what was measured",
        "quality: the record claims 0.9; 0.8 is what was measured",
    ]


def a_check_that_does_not_pass_or_did_not_run_is_named(part: Any) -> None:
    words = ["lint: the record says that it passed; it does not"]
    assert said(part.exceeds(RECORD, but(RECORD, checks=(Check(name="lint", passed=False),)))) == words
    assert said(part.exceeds(RECORD, but(RECORD, checks=()))) == words


def an_example_that_is_not_right_is_named_held_out_or_not(part: Any) -> None:
    words = ["examples: E2: the record says that it is right; it is not"]
    assert said(part.exceeds(RECORD, but(RECORD, examples=WRONG))) == words
    assert said(part.exceeds(but(RECORD, examples=WRONG), but(RECORD, examples=WRONG))) == []


def another_wheel_or_a_wrong_example_is_named(part: Any) -> None:
    other = but(PACKAGE, wheel="y-1.whl", wheel_sha256="1" * 64, examples=WRONG)
    assert said(part.exceeds(PACKAGE, PACKAGE)) == []
    assert said(part.exceeds(PACKAGE, other)) == [
        "wheel: name: the record claims x-1.whl; y-1.whl is what was built",
        f"wheel: sha256: the record claims {'0' * 64}; {'1' * 64} is what was built",
        "examples: E2: the record says that it is right; it is not",
    ]


VERIFICATION: list[Protection] = [
    (a_measurement_that_is_as_good_or_better_is_no_claim, "recorded.coverage_percent - COVERAGE_VARIES", "recorded.coverage_percent"),
    (fewer_tests_less_coverage_or_quality_are_named, "if claimed > found\n", "if claimed < found\n"),
    (a_check_that_does_not_pass_or_did_not_run_is_named, "if check.passed and check.name not in passing", "if check.name in passing"),
    (an_example_that_is_not_right_is_named_held_out_or_not, "if one.passed and one.example not in right", "if not one.held_out and one.example not in right"),
]  # fmt: skip
PACKAGING: list[Protection] = [
    (another_wheel_or_a_wrong_example_is_named, "if claimed != found", "if claimed == found"),
    (another_wheel_or_a_wrong_example_is_named, "if one.passed and one.example not in right", "if not one.held_out and one.example not in right"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("module", "protection"),
    [*((verification, one) for one in VERIFICATION), *((packaging, one) for one in PACKAGING)],
)
def test_a_record_may_claim_no_more_than_is_measured(module: Any, protection: Protection) -> None:
    assert_guarded(module, protection)
