"""All checks, one after the other; none can keep another from being made."""

from collections.abc import Sequence
from textwrap import wrap

from toolbuilder.doctor.environment_checks import ENVIRONMENT_CHECKS
from toolbuilder.doctor.facts import Surroundings
from toolbuilder.doctor.findings import Finding, Level
from toolbuilder.doctor.github_checks import GITHUB_CHECKS
from toolbuilder.doctor.machine_checks import MACHINE_CHECKS
from toolbuilder.doctor.repository_checks import REPOSITORY_CHECKS

WIDTH = 100
CHECKS = (*MACHINE_CHECKS, *REPOSITORY_CHECKS, *GITHUB_CHECKS, *ENVIRONMENT_CHECKS)


def examine(surroundings: Surroundings) -> list[Finding]:
    """Give what every check finds."""
    verdicts = [(check.name, check.judge(surroundings)) for check in CHECKS]
    return [Finding(name, verdict.level, verdict.text, verdict.fix) for name, verdict in verdicts]


def lines(findings: Sequence[Finding]) -> list[str]:
    """Tell findings, a line each and one on how to mend it; what is unknown for one reason is told together."""
    width = max(len(finding.check) for finding in findings)
    known = [line for finding in findings if finding.level != "unknown" for line in _told(finding, width)]
    reasons: dict[str, list[str]] = {}
    for finding in findings:
        if finding.level == "unknown":
            reasons.setdefault(finding.text, []).append(finding.check)
    unknown = [line for why, checks in reasons.items() for line in _untold(why, checks)]
    return [_printable(line) for line in [*known, *unknown]] + [_counted([finding.level for finding in findings])]


def _told(finding: Finding, width: int) -> list[str]:
    fix = [f"{'':8} {'':{width}}  -> {finding.fix}"] if finding.fix else []
    return [f"{finding.level:8} {finding.check:{width}}  {finding.text}", *fix]


def _untold(why: str, checks: Sequence[str]) -> list[str]:
    return [f"{'unknown':8} {why}", *(f"{'':8} {line}" for line in wrap(", ".join(checks), WIDTH))]


def _counted(levels: Sequence[Level]) -> str:
    words: dict[Level, str] = {"problem": "problem", "warning": "warning", "unknown": "unknown", "ok": "right"}
    plural = {"problem": "s", "warning": "s"}
    counts = [(levels.count(level), level) for level in words if level in levels]
    return ", ".join(f"{count} {words[level]}{plural.get(level, '') if count > 1 else ''}" for count, level in counts)


def _printable(text: str) -> str:
    """Leave out what a terminal would obey: names come from GitHub, where others choose them."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
