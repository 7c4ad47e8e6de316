"""What a check finds: one line, and the exact way to mend it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from toolbuilder.doctor.facts import Known, Surroundings, T, Unknown

Level: TypeAlias = Literal["ok", "warning", "problem", "unknown"]


@dataclass(frozen=True)
class Verdict:
    """How it stands: `fix` is what to type, or the page to go to."""

    level: Level
    text: str
    fix: str = ""


@dataclass(frozen=True)
class Check:
    """One thing that is looked at; a pure function of what is known."""

    name: str
    judge: Callable[[Surroundings], Verdict]


@dataclass(frozen=True)
class Finding:
    """A check's verdict."""

    check: str
    level: Level
    text: str
    fix: str = ""


def ok(text: str) -> Verdict:
    """Say that it is right."""
    return Verdict("ok", text)


def warning(text: str, fix: str) -> Verdict:
    """Say that it works, but not as well as it could."""
    return Verdict("warning", text, fix)


def problem(text: str, fix: str) -> Verdict:
    """Say that something will fail."""
    return Verdict("problem", text, fix)


def of(known: Known[T], judge: Callable[[T], Verdict]) -> Verdict:
    """Judge what is known; what is not is told with the reason."""
    return Verdict("unknown", known.why) if isinstance(known, Unknown) else judge(known)
