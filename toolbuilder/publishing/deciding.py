"""The rules: from what git says and what the forge lists to one decision a branch. Nothing is remembered."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from toolbuilder.planning.holds import WITHDRAWN
from toolbuilder.planning.verdict import Verdict
from toolbuilder.ports import PullRequest
from toolbuilder.publishing.decision import (
    BRANCHES,
    LABEL,
    NEEDS_PERSON,
    ORDER,
    REMOVAL,
    REMOVALS,
    Decision,
    Facts,
    Wish,
    tool_of,
)
from toolbuilder.verified import VerifiedAgain

_GONE = frozenset({"removed", "renamed"})
_FINISHED = frozenset({"up to date", "outdated"})
_LEFT = frozenset({"merged", "closed by a person", "broken"})
NO_SPEC = "The spec of this tool is gone from the default branch, so this pull request is withdrawn."
SPEC_BACK = "The spec of this tool is on the default branch again, so its removal is withdrawn."
NOTHING_LEFT = "The default branch does not hold this tool any more, so there is nothing to remove."


def decide(facts: Sequence[Facts], pull_requests: Sequence[PullRequest], wish: Wish) -> list[Decision]:
    """Give what is to be done, in the order in which it is to be done; pull requests come newest first."""
    by_branch: dict[str, list[PullRequest]] = defaultdict(list)
    for one in pull_requests:
        by_branch[one.branch].append(one)
    decisions = [decision for one in _all(facts, by_branch) for decision in _about(one, by_branch, wish)]
    return _capped(sorted(decisions, key=lambda one: ORDER.index(one.action)), wish.most)


def _all(facts: Sequence[Facts], by_branch: Mapping[str, list[PullRequest]]) -> Iterator[Facts]:
    """Give the facts of all tools, those too of which nothing but an open pull request is left."""
    yield from facts
    known = {one.verdict.tool for one in facts}
    opened = {tool_of(branch) for branch, mine in by_branch.items() if _open(mine)}
    for tool in sorted(opened - known):
        yield Facts(Verdict(tool, "removed", "nothing else is left of it"))


def _about(facts: Facts, by_branch: Mapping[str, list[PullRequest]], wish: Wish) -> Iterator[Decision]:
    tool = facts.verdict.tool
    mine, removals = by_branch.get(f"{BRANCHES}{tool}", []), by_branch.get(f"{REMOVALS}{tool}", [])
    gone = facts.verdict.state in _GONE
    if not gone:
        yield _proposed(facts, mine, wish)
    elif known := _open(mine):
        yield _withdrawn(known, facts)
    if gone and facts.built:
        yield _removal(facts, removals, wish)
    elif known := _open(removals):
        yield _closing(known, "there is nothing to remove", NOTHING_LEFT if gone else SPEC_BACK)


def _withdrawn(known: PullRequest, facts: Facts) -> Decision:
    kept = f"Every commit is kept under `refs/toolbuilder/log/{facts.verdict.tool}`."
    moved = f" `{facts.verdict.other}` says the same under its new name." if facts.verdict.other else ""
    return _closing(known, facts.verdict.why, f"{NO_SPEC}{moved} {kept}")


def _closing(known: PullRequest, why: str, comment: str) -> Decision:
    if LABEL in known.labels:
        return Decision(tool_of(known.branch), "close", why, known.branch, known, comment=comment)
    left = f"#{known.number} has no label `{LABEL}`: whoever opened it is to close it"
    return Decision(tool_of(known.branch), "leave", left, known.branch, known)


def _proposed(facts: Facts, mine: Sequence[PullRequest], wish: Wish) -> Decision:
    verdict, known = facts.verdict, _open(mine)
    finished = verdict.state in _FINISHED
    stopped = not finished and (facts.stopped or verdict.state == "waits for a person")
    nothing = Decision(verdict.tool, "leave", verdict.why, f"{BRANCHES}{verdict.tool}", known)
    if verdict.state in _LEFT:
        close = f"close #{known.number}, which would change nothing" if known and verdict.state == "merged" else ""
        return replace(nothing, why=": ".join(filter(None, (verdict.state, verdict.why, close))))
    if why := _too_early(verdict, known, mine, shown=finished or stopped):
        return replace(nothing, why=why)
    verified = _verified(facts, wish)
    unverified = wish.verified is not None and verified.commit != verdict.tip
    return replace(
        nothing,
        action="update" if known else "open",
        why=_why(verdict, unverified=unverified, stopped=stopped),
        draft=unverified or not finished,
        tip=verdict.tip,
        verified=verified.commit,
        run=verified.run,
        told=verified != facts.verified,
        labels=(LABEL, *([NEEDS_PERSON] if stopped else [])),
    )


def _too_early(verdict: Verdict, known: PullRequest | None, mine: Sequence[PullRequest], *, shown: bool) -> str:
    """Say why there is nothing to propose; empty where there is."""
    if not verdict.tip:
        return f"nothing is on its branch yet: {verdict.why}"
    if known:
        return ""
    if mine and mine[0].state == "merged" and mine[0].tip == verdict.tip:
        return f"merged as #{mine[0].number}"
    return "" if shown else f"not finished: {verdict.stage} is next"


def _verified(facts: Facts, wish: Wish) -> VerifiedAgain:
    """Give what was verified again: as git has it, or now, if what this publisher was told of is what stands there.

    The first run that verified a commit stays, so that telling it again changes nothing.
    """
    tip, kept = facts.verdict.tip, facts.verified
    now = (wish.verified or {}).get(facts.verdict.tool, "")
    if now != tip or (kept.commit == tip and kept.run):
        return kept
    return VerifiedAgain(commit=now, run=wish.run)


def _why(verdict: Verdict, *, unverified: bool, stopped: bool) -> str:
    if stopped:
        return f"stopped: {verdict.why}"
    if verdict.state not in _FINISHED:
        return f"not finished: {verdict.stage} is next"
    return "finished, not verified again" if unverified else "finished"


def _removal(facts: Facts, removals: Sequence[PullRequest], wish: Wish) -> Decision:
    tool, known = facts.verdict.tool, _open(removals)
    made = Decision(tool, "update" if known else "open", facts.verdict.why, f"{REMOVALS}{tool}", known)
    if known is None and removals and _closed_by_person(removals[0]) and facts.refused and not wish.asked:
        return replace(made, action="leave", why=f"a person closed its removal, #{removals[0].number}")
    return replace(made, labels=(LABEL, REMOVAL))


def _closed_by_person(one: PullRequest) -> bool:
    return one.state == "closed" and WITHDRAWN not in one.labels


def _open(mine: Sequence[PullRequest]) -> PullRequest | None:
    return next((one for one in mine if one.state == "open"), None)


def _capped(decisions: Sequence[Decision], most: int) -> list[Decision]:
    """Leave the openings beyond the cap to the next run: forges refuse many at once, and do not say how many."""
    seen = 0
    capped: list[Decision] = []
    for one in decisions:
        seen += one.action == "open"
        late = one.action == "open" and seen > most
        capped.append(replace(one, action="wait", why=f"{most} a run; it comes with the next") if late else one)
    return capped
