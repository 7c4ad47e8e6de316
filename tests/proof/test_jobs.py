from typing import Any

import pytest

from tests.proof.twice import FILES, changed
from tests.sabotage import Protection, assert_guarded
from tests.workshop import SANDBOX
from toolbuilder.proof import jobs
from toolbuilder.proof.workbench import workbench

JUNIT = '<testsuites><testsuite name="pytest" errors="1" failures="2" skipped="3" tests="10" time="1">'
COVERAGE = '{"totals": {"percent_covered": 87.654}}'


def a_check_passes_only_when_its_command_did(part: Any) -> None:
    with workbench(SANDBOX, {}) as bench:
        assert part._check("lint", bench, 0, ("said",)).model_dump() == {"name": "lint", "passed": True, "findings": ()}
        assert not part._check("lint", bench, 1, ("said",)).passed
        assert not part._check("lint", bench, 2, ()).passed


def findings_hold_no_path_of_this_machine(part: Any) -> None:
    with workbench(SANDBOX, {}) as bench:
        check = part._check("lint", bench, 1, (f"{bench.folder}/src/a.py:1: wrong",))
    assert check.findings == ("src/a.py:1: wrong",)


def what_did_not_pass_is_not_counted_as_passed(part: Any) -> None:
    with workbench(SANDBOX, {"junit.xml": JUNIT.encode()}) as bench:
        assert part._counts(bench) == {"tests": 10, "failures": 2, "errors": 1, "skipped": 3}
    with workbench(SANDBOX, {"junit.xml": b"<testsuites/>"}) as bench:
        assert set(part._counts(bench).values()) == {0}


def coverage_is_what_was_measured_or_nothing(part: Any) -> None:
    for text, percent in ((COVERAGE, 87.7), ("{}", 0.0), ("oops", 0.0), ('{"totals": 3}', 0.0)):
        with workbench(SANDBOX, {"coverage.json": text.encode()}) as bench:
            assert part._coverage(bench) == percent


SPOILT_TESTS = {
    "tests/test_more.py": b"""\
import pytest


def test_it_fails() -> None:
    raise AssertionError("as it should")


@pytest.mark.skip
def test_it_is_skipped() -> None: ...


def test_it_errs(nothing: None) -> None: ...
"""
}


def failures_errors_and_skips_are_told_apart_from_passes(part: Any) -> None:
    run = part.tests(SANDBOX, {**FILES, **SPOILT_TESTS}, "twice")
    assert (run.passed, run.failed, run.check.passed) == (1, 2, False)
    assert any("as it should" in finding for finding in run.check.findings)


GUARDED: list[Protection] = [
    (a_check_passes_only_when_its_command_did, "passed=not exit_code", "passed=True"),
    (a_check_passes_only_when_its_command_did, "passed=not exit_code", "passed=not findings"),
    (findings_hold_no_path_of_this_machine, 'f.replace(here, "")', "f"),
    (what_did_not_pass_is_not_counted_as_passed, "(tests|failures|errors|skipped)", "(tests|failures|errors)"),
    (what_did_not_pass_is_not_counted_as_passed, "if suite else {}", 'if suite else {"tests": 1}'),
    (coverage_is_what_was_measured_or_nothing, "return 0.0", "return 100.0"),
    (failures_errors_and_skips_are_told_apart_from_passes, ' + counts["errors"]', ""),
    (failures_errors_and_skips_are_told_apart_from_passes, ' - counts["skipped"]', ""),
]


@pytest.mark.parametrize("protection", GUARDED)
def test_no_job_makes_more_of_a_run_than_it_was(protection: Protection) -> None:
    assert_guarded(jobs, protection)


def test_good_sources_pass_every_job() -> None:
    rules, form = jobs.lint(SANDBOX, FILES)
    run = jobs.tests(SANDBOX, FILES, "twice")
    assert [one.findings for one in (rules, form, jobs.types(SANDBOX, FILES), run.check)] == [(), (), (), ()]
    assert (run.passed, run.failed) == (1, 0)
    assert 0 < run.coverage_percent < 100


def test_what_ruff_finds_is_told_with_its_place() -> None:
    rules, form = jobs.lint(SANDBOX, changed("src/twice/cli.py", "import sys\n", "import sys, os\n"))
    assert (rules.passed, form.passed) == (False, True)
    assert any(finding.startswith("src/twice/cli.py:4:") and "F401" in finding for finding in rules.findings)
    _, form = jobs.lint(SANDBOX, changed("src/twice/cli.py", "import sys\n", "import   sys\n"))
    assert not form.passed


def test_what_mypy_finds_is_told_with_its_place() -> None:
    check = jobs.types(SANDBOX, changed("src/twice/cli.py", "    return 0\n", '    return ""\n'))
    assert not check.passed
    assert check.findings[0].startswith("src/twice/cli.py:20: error: ")


def test_tests_that_end_the_run_themselves_count_for_nothing() -> None:
    ending = {"tests/conftest.py": b"import os\n\nos._exit(0)\n"}
    run = jobs.tests(SANDBOX, {**FILES, **ending}, "twice")
    assert (run.passed, run.failed, run.coverage_percent) == (0, 0, 0.0)
