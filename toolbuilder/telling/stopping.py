"""Why a tool waits, told first: the question with YAML to paste, or what failed and what to change."""

from toolbuilder.artifacts import Verification
from toolbuilder.runs import Stop
from toolbuilder.scaffold.markdown_text import fenced
from toolbuilder.telling.fitting import Part
from toolbuilder.telling.markdown import block, bullets, cut, paste, prose
from toolbuilder.telling.view import ToolView, waiting_reason

LONGEST_YAML = 6_000
ALERTS = {"needs_person": "WARNING", "capped": "IMPORTANT", "failed": "CAUTION"}


def stop_parts(view: ToolView) -> tuple[Part, ...]:
    """Give why a person is needed and what to do; nothing where none is."""
    stop = view.outside.stop
    if stop is None:
        return _unfinished(view)
    words, yaml = advice_of(stop)
    return (
        Part("", f"> [!{ALERTS[stop.kind]}]\n> **{_what(view)}:** {prose(stop.message, 600)}"),
        Part("", "", bullets(stop.findings)),
        Part("", "\n\n".join(filter(None, (prose(words, 800), yaml)))),
    )


def attempts_part(view: ToolView) -> Part:
    """Give how often verification was tried, and what a diagnosis said of each time."""
    ran = view.of(Verification)
    rows = tuple(f"- {prose(one.cause)}: {prose(one.evidence)} Advice: {prose(one.advice)}" for one in view.diagnoses)
    if not rows and (ran is None or ran.attempts == 1):
        return Part("")
    tries = f"Verification passed at attempt {ran.attempts}." if ran else "Verification has not passed yet."
    return Part("Attempts and diagnoses", tries, rows)


def advice_of(stop: Stop) -> tuple[str, str]:
    """Give the advice's words, and what it says to paste as a block of code; empty where it says nothing."""
    words, _, pasted = stop.advice.partition("\n\n")
    if pasted.startswith(("#", "- ")):
        return words, fenced(cut(paste(pasted), LONGEST_YAML), "yaml")
    return words, block(pasted) if pasted.strip() else ""


def _unfinished(view: ToolView) -> tuple[Part, ...]:
    problems = bullets(str(problem) for problem in view.unreadable)
    if not view.due:
        return ()
    return (Part("", f"> [!NOTE]\n> **{_what(view)}**: {prose(view.why)}."), Part("", "", problems))


def _what(view: ToolView) -> str:
    reason = waiting_reason(view)
    return f"{reason[:1].upper()}{reason[1:]}"
