"""What verification runs in the sandbox: each job gives checks, a folder of its own, and touches nothing else."""

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from html import unescape

from toolbuilder.artifacts import Check
from toolbuilder.errors import NeedsPerson
from toolbuilder.ports import Sandbox
from toolbuilder.proof.workbench import Workbench, shown, workbench
from toolbuilder.stage import Files

FAILURE = re.compile(r'<testcase classname="([^"]*)" name="([^"]*)"[^>]*><(?:failure|error) message="([^"]*)"')
LONGEST_FINDING = 400
TESTSUITE = re.compile(r"<testsuite [^>]*>")
ATTRIBUTE = re.compile(r'(tests|failures|errors|skipped)="(\d+)"')


@dataclass(frozen=True)
class TestRun:
    """What a run of the tests came to."""

    check: Check
    passed: int
    failed: int
    coverage_percent: float


def tidied(sandbox: Sandbox, files: Files, wanted: Collection[str]) -> Files:
    """Sort imports and format, by the tool's own settings; give the wanted files.

    Raises NeedsPerson when a file is not Python.
    """
    with workbench(sandbox, files) as bench:
        bench.ruff("check", "--fix-only", "--exit-zero", "--no-cache", "--quiet", ".")
        ran = bench.ruff("format", "--no-cache", "--quiet", ".")
        if ran.exit_code:
            raise NeedsPerson("a written file is not Python", findings=shown(ran))
        return {path: (bench.folder / path).read_bytes() for path in wanted}


def lint(sandbox: Sandbox, files: Files) -> tuple[Check, Check]:
    """Run ruff: its rules, security rules among them, and its format."""
    with workbench(sandbox, files) as bench:
        rules = bench.ruff("check", "--no-cache", "--quiet", "--output-format", "concise", ".")
        form = bench.ruff("format", "--no-cache", "--check", ".")
        return _check("lint", bench, rules.exit_code, shown(rules)), _check(
            "format", bench, form.exit_code, shown(form)
        )


def types(sandbox: Sandbox, files: Files) -> Check:
    """Run mypy by the tool's own settings."""
    with workbench(sandbox, files) as bench:
        ran = bench.python("mypy", "--cache-dir", "/dev/null", "--no-error-summary", "src", "tests", MYPYPATH="src")
        return _check("types", bench, ran.exit_code, shown(ran))


def tests(sandbox: Sandbox, files: Files, package: str) -> TestRun:
    """Run the tool's tests with coverage."""
    with workbench(sandbox, files) as bench:
        ran = bench.python(
            "pytest", "-q", "--no-header", "--tb=short", "-p", "no:cacheprovider", "-p", "pytest_cov",
            "--junitxml=junit.xml", f"--cov={package}", "--cov-report=json:coverage.json", "tests",
            PYTHONPATH="src", PYTEST_DISABLE_PLUGIN_AUTOLOAD="1",
        )  # fmt: skip
        counts = _counts(bench)
        failed = counts["failures"] + counts["errors"]
        passed = counts["tests"] - failed - counts["skipped"]
        check = _check("tests", bench, ran.exit_code, _failures(bench) or shown(ran))
        return TestRun(check, passed, failed, _coverage(bench))


def _check(name: str, bench: Workbench, exit_code: int, findings: tuple[str, ...]) -> Check:
    here = f"{bench.folder}/"
    return Check(
        name=name, passed=not exit_code, findings=tuple(f.replace(here, "") for f in findings) if exit_code else ()
    )


def _failures(bench: Workbench) -> tuple[str, ...]:
    """Give a finding for every test that failed: its id, and what pytest says of it."""
    return tuple(
        f"{classname.replace('.', '/')}.py::{unescape(name)}: {' '.join(unescape(message).split())[:LONGEST_FINDING]}"
        for classname, name, message in FAILURE.findall(bench.text("junit.xml"))
    )


def _counts(bench: Workbench) -> dict[str, int]:
    suite = TESTSUITE.search(bench.text("junit.xml"))
    found = {name: int(number) for name, number in ATTRIBUTE.findall(suite[0])} if suite else {}
    return {name: found.get(name, 0) for name in ("tests", "failures", "errors", "skipped")}


def _coverage(bench: Workbench) -> float:
    try:
        return round(float(json.loads(bench.text("coverage.json"))["totals"]["percent_covered"]), 1)
    except (ValueError, KeyError, TypeError):
        return 0.0
