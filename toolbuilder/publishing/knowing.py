"""What git says of each tool, as far as publishing has to know it."""

from collections.abc import Iterable, Sequence

from toolbuilder.commits import folder_of
from toolbuilder.history import MANIFEST
from toolbuilder.planning.verdict import Verdict
from toolbuilder.ports import PullRequest, Snapshot
from toolbuilder.publishing.codeowners import PLACES, owners_of
from toolbuilder.publishing.decision import REMOVALS, Facts
from toolbuilder.publishing.removal import is_refused
from toolbuilder.runs import record_of
from toolbuilder.verified import verified_of


def facts_of(snapshot: Snapshot, verdicts: Iterable[Verdict], pull_requests: Sequence[PullRequest]) -> list[Facts]:
    """Give the facts of each tool that the plan knows; pull requests come newest first."""
    head = snapshot.resolve("HEAD") or ""
    removals = {one.branch: one for one in reversed(pull_requests) if one.branch.startswith(REMOVALS)}
    return [
        Facts(
            verdict,
            stopped=record_of(snapshot, verdict.tool).stopped is not None,
            built=snapshot.id_of(head, f"{folder_of(verdict.tool)}{MANIFEST}") is not None,
            refused=_refused(snapshot, removals.get(f"{REMOVALS}{verdict.tool}"), verdict.tool),
            verified=verified_of(snapshot, verdict.tool),
        )
        for verdict in verdicts
    ]


def reviewers_of(snapshot: Snapshot, tool: str, tip: str) -> tuple[str, ...]:
    """Give who owns a tool's files at a commit, as CODEOWNERS of the default branch says."""
    head = snapshot.resolve("HEAD") or ""
    place = next((found for path in PLACES if (found := snapshot.id_of(head, path))), None)
    if place is None:
        return ()
    folder = folder_of(tool)
    return owners_of(snapshot.content(place), [f"{folder}{path}" for path in snapshot.ids(tip or head, folder)])


def _refused(snapshot: Snapshot, removal: PullRequest | None, tool: str) -> bool:
    return removal is not None and removal.state == "closed" and is_refused(snapshot, removal.tip, tool)
