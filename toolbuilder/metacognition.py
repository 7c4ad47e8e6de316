"""What to do when a gate says no: diagnose, try again told why, and stop in time.

A stage is tried again while the diagnosis advises it, at most `MOST_ATTEMPTS` times, and never once its findings have
been there before: a repair that goes in circles costs money and ends where it began.
"""

from collections.abc import Sequence
from typing import Literal

from toolbuilder.errors import NeedsPerson
from toolbuilder.microtask import Microtask, Runner
from toolbuilder.spec import Words
from toolbuilder.stage import Attempt, Finding

MOST_ATTEMPTS = 4
SEEN_BY_DIAGNOSIS = 3  # past attempts
MOST_FINDINGS = 20  # in one question; the rest repeats them


class PastAttempt(Words):
    """What an attempt was advised, and what the gate then found."""

    advice: str
    findings: tuple[str, ...]


class ToDiagnose(Words):
    """A stage that does not pass its gate, and its last attempts, the newest last."""

    stage: str
    attempts: tuple[PastAttempt, ...]


class Diagnosis(Words):
    """Why it failed, how one can tell, what to do differently, and whether another attempt can help."""

    cause: Literal["transient", "contract", "generation", "spec"]
    evidence: str
    advice: str
    retry: bool


DIAGNOSE = Microtask("diagnose", ToDiagnose, Diagnosis)


async def another_attempt(runner: Runner, stage: str, attempts: Sequence[Attempt]) -> str:
    """Give the advice for another attempt, empty where the same again may pass.

    Raises NeedsPerson when there must not be one.
    """
    last = attempts[-1]
    if any(set(last.findings) == set(earlier.findings) for earlier in attempts[:-1]):
        raise escalation(stage, attempts, "the same findings came back", "")
    if len(attempts) >= MOST_ATTEMPTS:
        raise escalation(stage, attempts, f"{MOST_ATTEMPTS} attempts were made", "")
    past = tuple(PastAttempt(advice=one.advice, findings=shown(one.findings)) for one in attempts[-SEEN_BY_DIAGNOSIS:])
    diagnosis = await runner.ask(DIAGNOSE, ToDiagnose(stage=stage, attempts=past))
    if not diagnosis.retry or diagnosis.cause == "spec":
        raise escalation(stage, attempts, f"cause: {diagnosis.cause}; {diagnosis.evidence}", diagnosis.advice)
    return "" if diagnosis.cause == "transient" else diagnosis.advice


def escalation(stage: str, attempts: Sequence[Attempt], why: str, advice: str) -> NeedsPerson:
    """Say what was tried, what failed and what to change."""
    tried = [f"tried: {one.advice}" for one in attempts if one.advice]
    best = min(attempts, key=lambda one: len(one.findings))
    return NeedsPerson(
        f"{stage} does not pass its gate ({why})", findings=[*map(str, best.findings), *tried], advice=advice
    )


def shown(findings: Sequence[Finding]) -> tuple[str, ...]:
    """Give findings as text, the first ones of many."""
    texts = [str(finding) for finding in findings[:MOST_FINDINGS]]
    more = len(findings) - len(texts)
    return (*texts, *([f"… and {more} more"] if more else []))
