from typing import Any

import pytest

from tests.stages.bench import context_of, produce, spec_of
from toolbuilder.artifacts import Check, Packaging, Verdict, Verification
from toolbuilder.stages import packaging, verification
from toolbuilder.stages.architecture import ARCHITECTURE
from toolbuilder.stages.requirements import REQUIREMENTS

DESIGNED = (REQUIREMENTS, ARCHITECTURE)

RIGHT = tuple(Verdict(example=i, held_out=False, passed=True) for i in ("E1", "E2", "E3"))
WRONG = (*RIGHT[:2], Verdict(example="E3", held_out=True, passed=False, difference="line 1: expected 'a', got 'b'"))
GOOD = Verification(
    sandbox="bubblewrap",
    quality=1.0,
    tests_passed=20,
    tests_failed=0,
    coverage_percent=97.5,
    checks=(Check(name="lint", passed=True), Check(name="types", passed=True), Check(name="tests", passed=True)),
    examples=RIGHT,
)
PACKED = Packaging(
    sandbox="bubblewrap", wheel="dedupe-0.1.0-py3-none-any.whl", wheel_sha256="0" * 64, command="dedupe", examples=RIGHT
)


def judged(**update: object) -> list[str]:
    artifact = GOOD.model_copy(update=update)
    return [str(finding) for finding in verification.gate(context_of(spec_of()), artifact, {})]


def test_what_was_run_and_is_right_passes() -> None:
    assert judged() == []


def failed(name: str) -> tuple[Check, ...]:
    return tuple(
        Check(name=name, passed=False, findings=("x.py:1: wrong",)) if check.name == name else check
        for check in GOOD.checks
    )


@pytest.mark.parametrize(
    ("update", "words"),
    [
        ({"quality": 0.79}, "0.79 is below 0.8"),
        ({"tests_passed": 18, "tests_failed": 2}, "18 of 20 passed"),
        ({"tests_passed": 0, "tests_failed": 0}, "0 of 0 passed"),
        ({"checks": failed("types")}, "types: x.py:1: wrong"),
        ({"examples": WRONG}, "examples: E3: line 1: expected 'a', got 'b'"),
        ({"examples": RIGHT[:2]}, "examples: E3: nothing covers it"),
    ],
)
def test_what_is_not_good_enough_is_found(update: dict[str, object], words: str) -> None:
    assert any(words in finding for finding in judged(**update))


def test_lint_and_a_single_test_only_move_the_score() -> None:
    assert judged(checks=failed("lint")) == []
    assert judged(checks=failed("tests"), tests_passed=19, tests_failed=1) == []


@pytest.mark.parametrize(
    ("update", "words"),
    [
        ({"wheel": "other-0.1.0-py3-none-any.whl"}, "is not dedupe-"),
        ({"wheel_sha256": ""}, "has no SHA-256"),
        ({"examples": WRONG}, "E3: line 1"),
        ({"examples": ()}, "E1: nothing covers it"),
    ],
)
def test_a_package_without_its_proof_is_found(update: dict[str, Any], words: str) -> None:
    artifact = PACKED.model_copy(update=update)
    findings = packaging.gate(context_of(spec_of()), artifact, {"README.md": b""})
    assert any(words in str(finding) for finding in findings)


def test_a_package_with_its_proof_passes_only_with_a_readme() -> None:
    assert packaging.gate(context_of(spec_of()), PACKED, {"README.md": b""}) == []
    assert [str(one) for one in packaging.gate(context_of(spec_of()), PACKED, {})] == ["readme: README.md: is missing"]


def test_a_repair_that_holds_an_invisible_character_does_not_pass() -> None:
    context = produce(context_of(spec_of(), files={"src/dedupe/x.py": "ONE = 1  # \u2066\n".encode()}), *DESIGNED)
    [check] = [one for one in verification._static_checks(context) if one.name == "invisible"]
    [finding] = judged(checks=(*GOOD.checks, check))
    assert finding.startswith("invisible: invisible: src/dedupe/x.py:1: an invisible character")
    assert "\u2066" not in finding
