from typing import Any

import pytest

from tests.sabotage import Protection, assert_guarded
from toolbuilder.planning.verdict import Verdict
from toolbuilder.publishing import proving
from toolbuilder.publishing.deciding import decide
from toolbuilder.publishing.decision import Facts, Wish
from toolbuilder.publishing.proving import run_address
from toolbuilder.verified import VerifiedAgain

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


@pytest.mark.parametrize(
    ("kept", "told", "wanted", "news"),
    [
        (None, True, RUN, True),
        ("", True, RUN, True),
        (RUN[:-2] + "7", True, RUN[:-2] + "7", False),
        (RUN, False, RUN, False),
        ("", False, "", False),
    ],
)
def test_the_run_that_git_knows_stays_so_that_telling_it_again_changes_nothing(
    *, kept: str | None, told: bool, wanted: str, news: bool
) -> None:
    known = VerifiedAgain() if kept is None else VerifiedAgain(commit=TIP, run=kept)
    facts = [Facts(Verdict("dedupe", "up to date", tip=TIP), verified=known)]
    [decision] = decide(facts, [], Wish({"dedupe": TIP} if told else {}, run=RUN))
    assert (decision.verified, decision.run, decision.told) == (TIP, wanted, news)


GUARDED: list[Protection] = [
    (only_a_run_that_is_known_is_called_a_job, "if run else", "if True else"),
]


@pytest.mark.parametrize("protection", GUARDED)
def test_proofs_say_no_more_than_is_known(protection: Protection) -> None:
    assert_guarded(proving, protection)
