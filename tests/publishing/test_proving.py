from typing import Any

import pytest

from tests.sabotage import Protection, assert_guarded
from toolbuilder.marks import marked
from toolbuilder.planning.verdict import Verdict
from toolbuilder.ports import PullRequest
from toolbuilder.publishing import proving
from toolbuilder.publishing.deciding import decide
from toolbuilder.publishing.decision import Facts, Wish
from toolbuilder.publishing.proving import proof_text, run_address, shown_run

TIP = "a" * 40
RUN = "https://github.com/acme/tools/actions/runs/12"
ENVIRONMENT = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "acme/tools", "GITHUB_RUN_ID": "12"}


def test_a_run_has_an_address_in_actions_only() -> None:
    assert run_address(ENVIRONMENT) == RUN
    assert run_address({}) == run_address({**ENVIRONMENT, "GITHUB_RUN_ID": ""}) == ""
    assert run_address({**ENVIRONMENT, "GITHUB_REPOSITORY": "a/b) x ("}) == ""


def only_a_run_that_is_known_is_called_a_job(part: Any) -> None:
    assert part.proof_text(TIP, "") == "verified again at `aaaaaaaaaaaa` by `toolbuilder verify`"
    assert part.proof_text(TIP, RUN) == (
        f"verified again at `aaaaaaaaaaaa` (by [a separate job without secrets]({RUN}))"
    )


def a_shown_run_is_read_back_for_its_own_commit(part: Any) -> None:
    body = f"**19 of 19 tests · {proof_text(TIP, RUN)}**"
    assert part.shown_run(body, TIP) == RUN
    assert part.shown_run(body, "b" * 40) == part.shown_run(body, "") == part.shown_run("", TIP) == ""
    assert part.shown_run(proof_text(TIP, "https://evil.example/x"), TIP) == ""


@pytest.mark.parametrize(
    ("shown", "told", "wanted"),
    [(None, True, RUN), ("", True, RUN), (RUN[:-2] + "7", True, RUN[:-2] + "7"), (RUN, False, RUN), ("", False, "")],
)
def test_the_run_that_is_shown_stays_so_that_telling_it_again_changes_nothing(
    *, shown: str | None, told: bool, wanted: str
) -> None:
    body = marked(proof_text(TIP, shown or ""), TIP, verified=True)
    pull = PullRequest(
        7, "https://x/7", "toolbuilder/dedupe", "open", draft=False, tip=TIP, title="dedupe", body=body, labels=()
    )
    facts = [Facts(Verdict("dedupe", "up to date", tip=TIP))]
    wish = Wish({"dedupe": TIP} if told else {}, run=RUN)
    [decision] = decide(facts, [] if shown is None else [pull], wish)
    assert decision.run == wanted
    assert shown_run(proof_text(TIP, decision.run), TIP) == wanted


GUARDED: list[Protection] = [
    (only_a_run_that_is_known_is_called_a_job, "if run else", "if True else"),
    (a_shown_run_is_read_back_for_its_own_commit, "({_RUN.pattern})", "(.*)"),
]


@pytest.mark.parametrize("protection", GUARDED)
def test_proofs_say_no_more_than_is_known(protection: Protection) -> None:
    assert_guarded(proving, protection)
