"""The job summary of a verification: what each gate says of each tool, and what was found where one did not pass."""

from collections.abc import Sequence

from toolbuilder.scaffold.plain_text import plain
from toolbuilder.stages import STAGES
from toolbuilder.telling.examples import counted
from toolbuilder.telling.fitting import Part, page
from toolbuilder.telling.markdown import block, code, row, table_head
from toolbuilder.verifying import Verified

LIMIT = 300_000  # UTF-16 units: at most three bytes each
MOST_SHOWN = 50  # tools whose findings are shown
GATES = tuple(stage.name for stage in STAGES)
HEAD = table_head("Tool", "Commit", "Result", *GATES, "Measured")
NOT_ASKED = "not asked"


def verify_summary(results: Sequence[Verified]) -> str:
    """Give the summary of a verification, below GitHub's limit however many tools there are."""
    failed = [one for one in results if not one.passed]
    left = len(failed) - MOST_SHOWN
    return page(
        (
            Part(
                f"toolbuilder: {len(results) - len(failed)} of {len(results)} verified",
                "" if results else "No tool was named.",
                tuple(map(_row, results)),
                head=HEAD,
            ),
            *(Part(f"{one.tool}: not verified", block(_listed(one))) for one in failed[:MOST_SHOWN]),
            Part("", f"… and {left} more that are not verified; the log has them all" if left > 0 else ""),
        ),
        LIMIT,
    )


def _row(one: Verified) -> str:
    result = "verified" if one.passed else "**not verified**"
    measured = counted(one.record.examples) if one.record else ""
    return row(
        code(one.tool), code(one.tip[:12]) if one.tip else "", result, *(_verdict(one, g) for g in GATES), measured
    )


def _verdict(one: Verified, gate: str) -> str:
    if gate not in one.gates:
        return NOT_ASKED
    return f"**{one.gates[gate]} found**" if one.gates[gate] else "passed"


def _listed(one: Verified) -> str:
    return "\n".join(map(plain, one.findings))
