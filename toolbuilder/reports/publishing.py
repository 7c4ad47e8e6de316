"""What publishing would do, or has done: as lines to read, as a job summary, and as annotations of what failed."""

from collections.abc import Iterator, Sequence

from toolbuilder.commits import spec_path
from toolbuilder.publishing.applying import Outcome
from toolbuilder.publishing.decision import Decision
from toolbuilder.telling.annotations import Annotation
from toolbuilder.telling.markdown import code, prose, row, table_head

HEAD = table_head("Tool", "Pull request", "", "Why")
MOST_ROWS = 500


def decision_lines(decisions: Sequence[Decision]) -> list[str]:
    """Tell what would be done, a line each."""
    return [_decision_line(one) for one in decisions] or ["there is nothing to publish"]


def outcome_lines(outcomes: Sequence[Outcome]) -> list[str]:
    """Tell what was done, a line each."""
    return [_outcome_line(one) for one in outcomes] or ["there is nothing to publish"]


def publish_summary(outcomes: Sequence[Outcome]) -> str:
    """Give the job summary: a table of what was done."""
    rows = [row(code(one.tool), _link(one), _done(one), prose(one.why)) for one in outcomes[:MOST_ROWS]]
    left = f"\n… and {len(outcomes) - MOST_ROWS} more" if len(outcomes) > MOST_ROWS else ""
    told = "\n".join([HEAD, *rows]) + left if rows else "There is nothing to publish."
    return f"## Pull requests\n\n{told}\n"


def failures(outcomes: Sequence[Outcome]) -> Iterator[Annotation]:
    """Give what failed, to be seen on the run."""
    for one in outcomes:
        if one.did == "failed":
            yield Annotation("error", f"{one.tool}: not published", one.why, spec_path(one.tool))


def _decision_line(one: Decision) -> str:
    number = f" #{one.known.number}" if one.known else ""
    kind = " (removal)" if one.removal else " as a draft" if one.draft else ""
    unsure = ", if it differs" if one.action == "update" else ""  # its text is written when it is published only
    return f"{one.tool}: {one.action}{number}{kind}{unsure}: {_line(one.why)}"


def _outcome_line(one: Outcome) -> str:
    number = f" #{one.number}" if one.number else ""
    address = f"  {one.url}" if one.url else ""
    return f"{one.tool}: {_done(one, number)}: {_line(one.why)}{address}"


def _done(one: Outcome, number: str = "") -> str:
    return f"{one.did}{number}{', a draft' if one.draft and one.did != 'closed' else ''}"


def _link(one: Outcome) -> str:
    return f"[#{one.number}]({one.url})" if one.url.startswith("https://") else f"#{one.number}" if one.number else ""


def _line(text: str) -> str:
    return "; ".join(" ".join(line.split()) for line in text.splitlines() if line.strip())
