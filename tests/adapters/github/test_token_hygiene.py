"""A planted token, every failure, and a search of all that they leave behind."""

import logging
import traceback
from typing import Any

import pytest
from pydantic import SecretStr

from tests.forge.forges import PROPOSAL, TOKEN, github
from tests.sabotage import Protection, assert_guarded
from toolbuilder.adapters.github import failures
from toolbuilder.adapters.github.failures import Asked
from toolbuilder.adapters.github.place import Place
from toolbuilder.errors import ForgeError

PLACE = Place("o/r", SecretStr(TOKEN), "https://api.github.com")
ECHO = {"message": f"Bad token {TOKEN}", "errors": [f"Bearer {TOKEN}", {"message": TOKEN}]}
FAULTS: dict[str, dict[str, Any]] = {
    "dropped": {"times": 99},
    **{
        str(status): {"status": status, "times": 99, "body": ECHO}
        for status in (301, 400, 401, 403, 404, 422, 429, 500)
    },
    "not an answer": {"status": 200, "times": 99, "body": ECHO},
    "limited": {"status": 403, "times": 99, "headers": {"retry-after": "9999"}, "body": ECHO},
}


@pytest.mark.parametrize("fault", FAULTS)
def test_no_failure_shows_the_token(fault: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with github() as peer:
        made = peer.forge()
        peer.world.control({"faults": [FAULTS[fault]]})
        with pytest.raises(ForgeError) as caught:
            made.propose(PROPOSAL, None)
        left = [repr(made), repr(peer.clients), repr(PLACE), str(caught.value), *map(str, peer.notes), caplog.text]
        left += traceback.format_exception(caught.value)
    assert TOKEN not in "\n".join(left)


def what_a_server_repeats_is_hidden(part: Any) -> None:
    other = "github_pat_11ABCDEFG_0123456789"
    content = f'{{"message": "no {TOKEN} and {other}\\u001b[2J\\n::error::"}}'.encode()
    told = str(part.refused(Asked("GET", "/x"), 422, content, PLACE))
    assert TOKEN not in told
    assert other not in told
    assert "\n" not in told


GUARDED: list[Protection] = [
    (what_a_server_repeats_is_hidden, "_TOKENS.sub(HIDDEN, text)", "text"),
    (what_a_server_repeats_is_hidden, "shown = hidden(said, place)", "shown = said"),
]


@pytest.mark.parametrize("protection", GUARDED)
def test_words_of_a_server_are_cleaned(protection: Protection) -> None:
    assert_guarded(failures, protection)


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (401, '{"message": "Bad credentials"}', "401, Bad credentials; the token is wrong or has expired"),
        (403, '{"message": "Resource not accessible by integration"}', "`pull-requests: write` and `contents: write`"),
        (403, '{"message": "Repository was archived so is read-only."}', "unarchive o/r"),
        (403, '{"message": "Resource protected by organization SAML enforcement."}', "single sign-on of o"),
        (403, '{"message": "Forbidden"}', "`toolbuilder doctor` tells what is turned off there"),
        (404, "<html>", "404; it is not there, or the token may not see it: compare https://github.com/o/r"),
        (422, '{"message": "Validation Failed", "errors": [{"message": "No commits between main and x"}]}', "holds nothing"),
        (422, '{"message": "Validation Failed", "errors": [{"resource": "PullRequest", "field": "head", "code": "invalid"}]}', "PullRequest head invalid; the branch is not on GitHub"),
        (422, '{"message": "Workflow does not have \'workflow_dispatch\' trigger"}', "toolbuilder init --update"),
        (422, '{"message": "Cannot trigger a \'workflow_dispatch\' on a disabled workflow"}', "turn it on at https://github.com/o/r/actions"),
        (422, '{"message": "Validation Failed", "errors": [{"resource": "PullRequest", "field": "base", "code": "invalid"}]}', "PullRequest base invalid; the default branch"),
        (410, '{"message": "Issues are disabled for this repo"}', "turn that on at https://github.com/o/r/settings"),
        (403, '{"message": "The `o` organization has an IP allow list enabled, and your IP address is not permitted."}', "https://github.com/organizations/o/settings/security"),
        (301, '{"message": "Moved Permanently"}', "o/r has another name now"),
        (502, "[" * 200_000, "GitHub refused POST /x: 502"),
        (422, "[1]", "GitHub refused POST /x: 422"),
        (422, '{"errors": "alone"}', "422, alone"),
    ],
)  # fmt: skip
def test_a_refusal_says_what_to_change(status: int, body: str, told: str) -> None:
    assert told in str(failures.refused(Asked("POST", "/x"), status, body.encode(), PLACE))
