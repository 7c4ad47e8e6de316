"""What stages have cost when they were last built: the cheapest guess at what they will cost again."""

import re
from collections.abc import Collection, Iterator

from toolbuilder.ports import Snapshot

MOST_COMMITS = 50  # of a branch, counted from its tip

_PARENT = re.compile(r"^parent ([0-9a-f]+)$", re.MULTILINE)
_STAGE = re.compile(r"^Toolbuilder-Stage: (\S+)$", re.MULTILINE)
_COST = re.compile(r"^Toolbuilder-Cost-USD: ([0-9.]+)$", re.MULTILINE)


def paid_for(snapshot: Snapshot, tip: str, stages: Collection[str]) -> float | None:
    """Add up what the newest commit of each stage says that it cost, in US dollars; None where one is not found."""
    costs: dict[str, float] = {}
    for message in _messages(snapshot, tip):
        stage, cost = _STAGE.search(message), _COST.search(message)
        if stage and cost:
            costs.setdefault(stage[1], float(cost[1]))
        if costs.keys() >= set(stages):
            return sum(costs[stage] for stage in stages)
    return None


def _messages(snapshot: Snapshot, tip: str) -> Iterator[str]:
    """Give what the commits of a branch say, newest first."""
    commit = tip
    for _ in range(MOST_COMMITS):
        head, _, message = snapshot.content(commit).decode(errors="replace").partition("\n\n")
        yield message
        parent = _PARENT.search(head)
        if parent is None:
            return
        commit = parent[1]
