"""The plan as outputs of a GitHub job: what to build side by side, and what to verify and publish afterwards."""

import json
from collections.abc import Mapping, Sequence

from toolbuilder.planning.holds import newest_by_tool
from toolbuilder.planning.verdict import Verdict
from toolbuilder.ports import PullRequest

MOST_JOBS = 256  # of one matrix
FINISHED = frozenset({"up to date", "outdated"})


def outputs(
    verdicts: Sequence[Verdict],
    pull_requests: Sequence[PullRequest] | None,
    verified: Mapping[str, str],
    shard: int = 0,
) -> list[str]:
    """Give `name=value` lines, each value JSON; `verified` are the commits that were verified again, by tool.

    Where more tools are to be built than a matrix may have jobs, a job builds several, their names in one line; or
    `shard` (counted from 1, 0: all) gives a slice of the tools with a job for each. Where none is to be built, `build`
    has an empty `include`, which GitHub refuses: look at `builds` first.
    """
    due = [verdict for verdict in verdicts if verdict.due]
    part = due[(shard - 1) * MOST_JOBS : shard * MOST_JOBS] if shard else due
    rest = _left(verdicts, pull_requests, verified) if shard <= 1 else []
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


def _left(
    verdicts: Sequence[Verdict], pull_requests: Sequence[PullRequest] | None, verified: Mapping[str, str]
) -> list[Verdict]:
    """Give what stands finished on branches and was not verified again, and what waits for a person unseen."""
    shown = {tool: one.tip for tool, one in newest_by_tool(pull_requests or ()).items() if one.state == "open"}
    seen = {"waits for a person": shown, **dict.fromkeys(FINISHED, verified)}
    standing = [one for one in verdicts if one.tip and not one.due and one.state in seen]
    return [one for one in standing if seen[one.state].get(one.tool) != one.tip]
