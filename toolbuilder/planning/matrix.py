"""The plan as outputs of a GitHub job: what to build side by side, and what to verify and publish afterwards."""

import json
from collections.abc import Sequence

from toolbuilder.marks import verified_tip
from toolbuilder.planning.holds import newest_by_tool
from toolbuilder.planning.verdict import Verdict
from toolbuilder.ports import PullRequest

MOST_JOBS = 256  # of one matrix
FINISHED = frozenset({"up to date", "outdated"})


def outputs(verdicts: Sequence[Verdict], pull_requests: Sequence[PullRequest] | None, shard: int = 0) -> list[str]:
    """Give `name=value` lines, each value JSON.

    Where more tools are to be built than a matrix may have jobs, a job builds several, their names in one line; or
    `shard` (counted from 1, 0: all) gives a slice of the tools with a job for each. Where none is to be built, `build`
    has an empty `include`, which GitHub refuses: look at `builds` first.
    """
    due = [verdict for verdict in verdicts if verdict.due]
    part = due[(shard - 1) * MOST_JOBS : shard * MOST_JOBS] if shard else due
    rest = _unshown(verdicts, pull_requests) if shard <= 1 else []
    values = {
        "build": {"include": _jobs(part)},
        "builds": len(part),
        "finish": sorted({one.tool for one in (*part, *rest)}),
        "shards": list(range(1, -(-len(due) // MOST_JOBS) + 1)),
    }
    return [f"{name}={json.dumps(value, separators=(',', ':'))}" for name, value in values.items()]


def _jobs(due: Sequence[Verdict]) -> list[dict[str, str]]:
    """Deal tools out to jobs, as evenly as can be; all of them were asked for from the same stage, or none was."""
    count = min(len(due), MOST_JOBS)
    return [{"tool": " ".join(one.tool for one in due[job::count]), "from": due[job].again} for job in range(count)]


def _unshown(verdicts: Sequence[Verdict], pull_requests: Sequence[PullRequest] | None) -> list[Verdict]:
    """Give what stands on branches, and what no open pull request shows as it is."""
    opened = {tool: one for tool, one in newest_by_tool(pull_requests or ()).items() if one.state == "open"}
    return [one for one in verdicts if one.tip and not one.due and not _is_shown(one, opened.get(one.tool))]


def _is_shown(verdict: Verdict, opened: PullRequest | None) -> bool:
    """Say whether nothing is left to tell: what is finished is to be seen as verified, what waits just to be seen."""
    if verdict.state in FINISHED:
        return opened is not None and opened.tip == verified_tip(opened.body) == verdict.tip
    return verdict.state != "waits for a person" or (opened is not None and opened.tip == verdict.tip)
