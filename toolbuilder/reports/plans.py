"""The plan as lines to read: grouped by what is to be done, the most urgent first, and counted."""

from collections.abc import Sequence

from toolbuilder.planning.verdict import State, Verdict

ORDER: tuple[State, ...] = (
    "broken", "waits for a person", "build", "stale", "outdated", "renamed", "removed", "closed by a person",
    "up to date", "merged",
)  # fmt: skip


def plan_lines(verdicts: Sequence[Verdict]) -> list[str]:
    """Tell what is true of each tool, a line each, then how many there are of each kind."""
    if not verdicts:
        return ["there are no specs on the default branch"]
    groups = {state: found for state in ORDER if (found := [one for one in verdicts if one.state == state])}
    widths = max(map(len, groups)), max(len(_printable(one.tool)) for one in verdicts)
    return [
        *(line for group in groups.values() for one in group for line in _lines(one, *widths)),
        _counted(groups, verdicts),
    ]


def _lines(verdict: Verdict, kinds: int, names: int) -> list[str]:
    start = f"{verdict.state:{kinds}}  {_printable(verdict.tool):{names}}  "
    first, *rest = [_printable(line) for line in _said(verdict).splitlines()] or [""]
    return [f"{start}{first}".rstrip(), *(f"{'':{len(start)}}{line}" for line in rest)]


def _printable(text: str) -> str:
    """Give text that fits into a line: the name of a broken spec may hold anything that a file's name can."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def _counted(groups: dict[State, list[Verdict]], verdicts: Sequence[Verdict]) -> str:
    counts = ", ".join(f"{len(group)} {state}" for state, group in groups.items())
    due = sum(one.due for one in verdicts)
    return f"{len(verdicts)} {'tool' if len(verdicts) == 1 else 'tools'}: {counts}; {due} to build now"


def _said(verdict: Verdict) -> str:
    match verdict.state:
        case "build" | "stale":
            return f"{verdict.stage}: {verdict.why}"
        case "outdated":
            price = "" if verdict.usd is None else f", ${verdict.usd:.4f} when last built"
            return f"{verdict.why}, from {verdict.stage} on{price}{'' if verdict.due else '; --upgrade builds it'}"
        case "up to date":
            return f"finished at {verdict.tip[:12]}, not merged yet"
        case _:
            return verdict.why
