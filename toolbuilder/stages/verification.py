"""Stage 4: the tool is run. Checks and examples decide; the review is advice and only moves the score."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

from toolbuilder.artifacts import Architecture, Check, Obligation, Verdict, Verification
from toolbuilder.brief import obligations
from toolbuilder.checks import covered
from toolbuilder.dependencies import optional_packages
from toolbuilder.microtask import Microtask
from toolbuilder.patterns.compliance import check_compliance
from toolbuilder.proof.installation import build_wheel, installed, verdicts
from toolbuilder.proof.jobs import TestRun, lint, tests, types
from toolbuilder.proof.sources import implemented, imports_resolve, no_forbidden_calls, no_invisible
from toolbuilder.repair import REPAIR_MODULE, repairs
from toolbuilder.spec import Words
from toolbuilder.stage import Context, Files, Finding, Produced, Stage, no_secrets
from toolbuilder.together import both

QUALITY_WANTED = 0.8
TESTS_WANTED = 0.95
MAY_FAIL = frozenset({"lint", "tests"})  # judged by quality and by the share of tests that pass
COST_OF = {"wrong": 0.2, "risk": 0.1, "style": 0.02}
COVERAGE_VARIES = 1.0  # percent: another version of Python counts other lines

Measured: TypeAlias = tuple[
    tuple[Check, Check], Check, TestRun, tuple[Verdict, ...]
]  # lint, format; types; tests; examples


class SourceFile(Words):
    """A file for review."""

    path: str
    source: str


class ToReview(Words):
    """The sources, and what they owe."""

    obligations: tuple[Obligation, ...]
    files: tuple[SourceFile, ...]


class Remark(Words):
    """One thing that a reviewer would ask to change."""

    severity: str
    where: str
    message: str


class Review(Words):
    """What a careful reviewer says."""

    remarks: tuple[Remark, ...]


REVIEW_CODE = Microtask("review_code", ToReview, Review, deadline=180, max_tokens=4_000)


async def run(context: Context) -> Produced[Verification]:
    """Repair what the last attempt found; then run everything side by side while the review is asked for."""
    repaired = await repairs(context)
    context = replace(context, files={**context.files, **repaired})
    review, measured = await both(context.runner.ask(REVIEW_CODE, _to_review(context)), _measured(context))
    remarks = tuple(f"{remark.severity}: {remark.where}: {remark.message}" for remark in review.remarks)
    return Produced(_record(context, measured, remarks, len(context.attempts) + 1), repairs=repaired)


async def again(context: Context, recorded: Verification, _files: Files) -> Verification:
    """Measure once more; what the review said is taken from the record."""
    return _record(context, await _measured(context), recorded.review, recorded.attempts)


def exceeds(recorded: Verification, measured: Verification) -> list[Finding]:
    """Find what a record claims beyond a measurement: checks, tests, coverage, quality or examples."""
    passing = {check.name for check in measured.checks if check.passed}
    right = {one.example for one in measured.examples if one.passed}
    numbers = {
        "tests": (recorded.tests_passed, measured.tests_passed),
        "coverage": (recorded.coverage_percent - COVERAGE_VARIES, measured.coverage_percent),
        "quality": (recorded.quality, measured.quality),
    }
    return [
        *(
            Finding(check.name, "", "the record says that it passed; it does not")
            for check in recorded.checks
            if check.passed and check.name not in passing
        ),
        *(
            Finding(name, "", f"the record claims {claimed:g}; {found:g} is what was measured")
            for name, (claimed, found) in numbers.items()
            if claimed > found
        ),
        *(
            Finding("examples", one.example, "the record says that it is right; it is not")
            for one in recorded.examples
            if one.passed and one.example not in right
        ),
    ]


def gate(context: Context, artifact: Verification, _files: Files) -> list[Finding]:
    """Every check passed, quality and tests reach what is wanted, and every example, held-out ones too, is right."""
    total = artifact.tests_passed + artifact.tests_failed
    share = artifact.tests_passed / total if total else 0.0
    failed = [check for check in artifact.checks if not check.passed]
    quality = f"{artifact.quality:.2f} is below {QUALITY_WANTED}"
    passed = f"{artifact.tests_passed} of {total} passed"
    return [
        *(Finding(check.name, "", text) for check in failed if check.name not in MAY_FAIL for text in check.findings),
        *([] if artifact.quality >= QUALITY_WANTED else [Finding("quality", "", quality), *_texts(failed, "lint")]),
        *([] if share >= TESTS_WANTED else [Finding("tests", "", passed), *_texts(failed, "tests")]),
        *(Finding("examples", one.example, one.difference) for one in artifact.examples if not one.passed),
        *covered(context.spec.example_ids, [one.example for one in artifact.examples], "examples"),
    ]


def _texts(failed: list[Check], name: str) -> list[Finding]:
    return [Finding(name, "", text) for check in failed if check.name == name for text in check.findings]


async def _measured(context: Context) -> Measured:
    files, sandbox = context.files, context.sandbox
    return await asyncio.gather(
        asyncio.to_thread(lint, sandbox, files),
        asyncio.to_thread(types, sandbox, files),
        asyncio.to_thread(tests, sandbox, files, context.spec.package),
        asyncio.to_thread(_examples, context),
    )


def _record(context: Context, measured: Measured, remarks: tuple[str, ...], attempts: int) -> Verification:
    (rules, form), typed, tested, examples = measured
    return Verification(
        sandbox=context.sandbox.kind,
        quality=_quality(rules, remarks),
        tests_passed=tested.passed,
        tests_failed=tested.failed,
        coverage_percent=tested.coverage_percent,
        checks=(rules, form, typed, tested.check, *_static_checks(context)),
        examples=examples,
        review=remarks,
        attempts=attempts,
    )


def _examples(context: Context) -> tuple[Verdict, ...]:
    wheel = build_wheel(context.sandbox, context.files)
    dependencies = context.artifact(Architecture).dependencies
    with installed(context.sandbox, wheel, context.spec.name, dependencies) as tool:
        return verdicts(tool, context.spec)


def _to_review(context: Context) -> ToReview:
    sources = {path: content.decode() for path, content in context.files.items() if path.endswith(".py")}
    files = tuple(SourceFile(path=path, source=source) for path, source in sources.items())
    return ToReview(obligations=obligations(context.spec), files=files)


def _static_checks(context: Context) -> list[Check]:
    files, allowed = context.files, context.artifact(Architecture).dependencies
    sources = {
        p.removeprefix("src/"): c.decode() for p, c in files.items() if p.startswith("src/") and p.endswith(".py")
    }
    findings = {
        "interfaces": implemented(files, context.spec.package, context.artifact(Architecture).interfaces),
        "dependencies": imports_resolve(files, context.spec.package, {*allowed, *optional_packages(context.spec)}),
        "secrets": no_secrets(files),
        "security": no_forbidden_calls(files),
        "invisible": no_invisible(files),
    }
    checks = [_check(name, [str(finding) for finding in found]) for name, found in findings.items()]
    return checks + [_check(f"pattern {p.id}", check_compliance(sources, p)) for p in context.patterns]


def _check(name: str, findings: list[str]) -> Check:
    return Check(name=name, passed=not findings, findings=tuple(findings))


def _quality(rules: Check, remarks: Sequence[str]) -> float:
    costs = [COST_OF.get(remark.partition(":")[0], COST_OF["style"]) for remark in remarks]
    costs += [COST_OF["style"] for _ in rules.findings]
    return max(0.0, round(1.0 - sum(costs), 2))


VERIFICATION = Stage(
    name="verification",
    title="Checks and examples, run in the sandbox",
    produces=Verification,
    reads=("spec", "architecture", "files"),
    run=run,
    gate=gate,
    measures=True,
    again=again,
    exceeds=exceeds,
    microtasks=(REVIEW_CODE, REPAIR_MODULE),
    tools=("patterns",),
)
