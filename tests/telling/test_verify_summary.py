from typing import Any

import pytest

from tests.sabotage import Protection, assert_guarded
from tests.telling.rendered import harms
from tests.telling.views import TIP
from toolbuilder.telling import verify_summary
from toolbuilder.verifying import Verified

GATES = dict.fromkeys(("requirements", "architecture", "generation", "verification", "packaging"), 0)
FINE = Verified("fine", TIP, gates=GATES)
WRONG = Verified("wrong", TIP, ("verification: examples: E4: \nno",), {**GATES, "verification": 1})
UNREAD = Verified("unread", "", ("specs/unread.yaml:1:1: @octocat fixes #12 | ```\n</details>",))


def every_gate_has_a_verdict_for_every_tool(part: Any) -> None:
    text = part.verify_summary([FINE, WRONG, UNREAD])
    assert text.startswith("## toolbuilder: 1 of 3 verified\n")
    fine = " | ".join(["passed"] * 5)
    assert f"| `fine` | `{TIP[:12]}` | verified | {fine} |  |" in text
    assert f"| `wrong` | `{TIP[:12]}` | **not verified** | passed | passed | passed | **1 found** | passed |  |" in text
    assert f"| `unread` |  | **not verified** | {' | '.join(['not asked'] * 5)} |  |" in text


def what_was_found_is_shown_and_does_no_harm(part: Any) -> None:
    text = part.verify_summary([FINE, WRONG, UNREAD])
    assert "## wrong: not verified\n\n```text\nverification: examples: E4: no\n```" in text
    assert "## fine" not in text
    assert harms(text) == []


def however_many_there_are_it_stays_below_the_limit(part: Any) -> None:
    many = [Verified(f"tool-{number:05}" * 6, TIP, ("語" * 2_000,), GATES) for number in range(8_000)]
    text = part.verify_summary(many)
    assert len(text.encode()) < 1 << 20
    assert "… and 7950 more that are not verified" in text
    assert part.verify_summary([]) == "## toolbuilder: 0 of 0 verified\n\nNo tool was named.\n"


GUARDED: list[Protection] = [
    (every_gate_has_a_verdict_for_every_tool, 'NOT_ASKED = "not asked"', 'NOT_ASKED = "passed"'),
    (every_gate_has_a_verdict_for_every_tool, 'found**" if one.gates[gate] else "passed"', 'found**" if False else "passed"'),
    (what_was_found_is_shown_and_does_no_harm, "block(_listed(one))", "_listed(one)"),
    (what_was_found_is_shown_and_does_no_harm, "if not one.passed]", "]"),
    (however_many_there_are_it_stays_below_the_limit, "in failed[:MOST_SHOWN])", "in failed)"),
    (however_many_there_are_it_stays_below_the_limit, "LIMIT = 300_000", "LIMIT = 30_000_000"),
]  # fmt: skip


@pytest.mark.parametrize("protection", GUARDED)
def test_a_verification_is_summed_up(protection: Protection) -> None:
    assert_guarded(verify_summary, protection)
