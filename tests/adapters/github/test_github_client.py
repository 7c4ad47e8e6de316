from dataclasses import replace
from typing import Any

import pytest
from pydantic import SecretStr

from tests.forge.forges import PROPOSAL, TOKEN, Peer, Time, github
from tests.forge.github_server import serving
from tests.forge.github_world import World
from tests.sabotage import Protection, assert_guarded
from toolbuilder.adapters.github import client, waiting
from toolbuilder.adapters.github.failures import refused
from toolbuilder.adapters.github.place import Place
from toolbuilder.adapters.github.requests import Request
from toolbuilder.adapters.github.waiting import Failed, Patience
from toolbuilder.errors import ForgeBusy, ForgeError

READ = Request("GET", "/repos/o/r")
WRITE = Request("POST", "/repos/o/r/issues/1/comments", {"body": "x"}, repeatable=False)
VIEWER = "query { viewer { login } }"
LIMIT = {"message": "You have exceeded a secondary rate limit and have been temporarily blocked from content creation."}


def limited(status: int = 403, **headers: str) -> dict[str, Any]:
    return {
        "status": status,
        "headers": {name.replace("_", "-"): value for name, value in headers.items()},
        "body": LIMIT,
    }


def asked(peer: Peer, request: Request = READ, *faults: dict[str, Any], part: Any = client) -> list[float]:
    """Send a request while faults last; give the pauses."""
    peer.world.control({"faults": list(faults)})
    made = part.Client(Place("o/r", SecretStr(TOKEN), peer.served.url), peer.patience, peer.time.clock())
    peer.clients.append(made)
    made.ask(request)
    return peer.time.waits


@pytest.mark.parametrize(
    ("fault", "wait"),
    [
        (limited(retry_after="7"), 7),
        (limited(429, retry_after="8"), 8),
        (limited(x_ratelimit_remaining="0", x_ratelimit_reset="1030"), 31),
        (limited(), 60),
        ({"status": 429}, 60),
        ({"status": 422, "body": {"message": "Validation Failed", "errors": [{"message": "was submitted too quickly"}]}}, 60),
        ({"status": 502}, 1),
        ({"status": 503, "headers": {"retry-after": "5"}}, 5),
        ({}, 1),
    ],
)  # fmt: skip
def test_it_is_waited_as_long_as_github_says(fault: dict[str, Any], wait: float) -> None:
    with github() as peer:
        assert asked(peer, READ, fault) == [wait]


def test_pauses_double_and_attempts_end() -> None:
    with github() as peer:
        with pytest.raises(ForgeError, match="GitHub refused GET /repos/o/r: 502"):
            asked(peer, READ, {"status": 502, "times": 9})
        assert peer.time.waits == [1, 2, 4, 8]
        assert len(peer.served.requests) == 5


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422])
def test_a_plain_no_is_not_asked_again(status: int) -> None:
    with github() as peer:
        with pytest.raises(ForgeError, match=f": {status}, Never"):
            asked(peer, READ, {"status": status, "body": {"message": "Never"}})
        assert peer.time.waits == []


def what_may_have_been_done_is_not_done_twice(part: Any) -> None:
    for fault in ({"status": 502}, {}):
        with github() as peer:
            peer.forge().propose(PROPOSAL, None)
            with pytest.raises(ForgeError):
                send(part, peer, WRITE, {**fault, "done": True, "method": "POST"})
            assert len(peer.world.comments) == 1


def send(part: Any, peer: Peer, request: Request, fault: dict[str, Any]) -> None:
    """Send a request with another way of waiting."""
    made = client.Client(Place("o/r", SecretStr(TOKEN), peer.served.url), peer.patience, peer.time.clock())
    peer.clients.append(made)
    peer.world.control({"faults": [fault]})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(client, "wait_after", part.wait_after)
        if request.path == client.GRAPHQL:
            made.graphql(VIEWER, {})
        else:
            made.ask(request)


def github_s_own_time_is_kept(part: Any) -> None:
    with github() as peer:
        send(part, peer, READ, limited(retry_after="9"))
        assert peer.time.waits == [9]


def what_was_just_made_is_asked_about_again(part: Any) -> None:
    words = "Could not resolve to a node with the global id of 'PR_1'"
    unknown = [
        {"status": 422, "body": {"message": f"Validation Failed: {words}"}},
        {"status": 200, "body": {"data": None, "errors": [{"type": "NOT_FOUND", "message": words}]}},
        {"status": 404, "body": {"message": "Not Found"}},
    ]
    requests = [READ, Request("POST", client.GRAPHQL), replace(READ, fresh=True)]
    for request, fault in zip(requests, unknown, strict=True):
        with github() as peer:
            send(part, peer, request, fault)
            with pytest.raises(ForgeError):
                send(part, peer, READ, {**unknown[2], "times": 9})
            assert peer.time.waits == [1], "what is not new is asked about once"


def what_github_failed_to_execute_is_asked_again(part: Any) -> None:
    words = "Something went wrong while executing your query. Please include `0401:6C25` when reporting this issue."
    failed = {"status": 200, "body": {"errors": [{"message": words}]}}
    with github() as peer:
        send(part, peer, Request("POST", client.GRAPHQL), failed)
        assert peer.time.waits == [1]


def a_team_that_the_token_may_not_see_is_not_waited_for(part: Any) -> None:
    for node in ("T_kwDOA1234M4AAbCd", "MDQ6VGVhbTI0MQ=="):
        words = f"Could not resolve to a node with the global id of '{node}'."
        hidden = {"status": 422, "body": {"message": "Validation Failed", "errors": [words]}}
        with github() as peer:
            with pytest.raises(ForgeError, match="Could not resolve"):
                send(part, peer, replace(READ, fresh=True), hidden)
            assert peer.time.waits == []


def a_time_that_is_none_is_not_taken_for_one(part: Any) -> None:
    for odd in ("9" * 20, "\u00b2", "-5", "Sun, 22 Nov 2026 10:00:00 GMT"):
        for name in ("retry-after", "x-ratelimit-reset"):
            headers = {"x-ratelimit-remaining": "0", name: odd}
            refusal = refused(READ.asked, 503, b"", Place("o/r", SecretStr(TOKEN)))
            wait = part.wait_after(READ, Failed(refusal, headers), 1.0, 0.0)
            assert (wait.seconds, wait.asked) == (1.0, False)


WAITING: list[Protection] = [
    (what_was_just_made_is_asked_about_again, "if NOT_YET in said or", "if"),
    (what_was_just_made_is_asked_about_again, "(request.fresh and status == 404)", "False"),
    (what_was_just_made_is_asked_about_again, "(request.fresh and status == 404)", "status == 404"),
    (what_may_have_been_done_is_not_done_twice, "return Wait(backoff) if request.repeatable else None\n    status", "return Wait(backoff)\n    status"),
    (what_github_failed_to_execute_is_asked_again, " or FAILED in said", ""),
    (a_team_that_the_token_may_not_see_is_not_waited_for, "if _TEAM.search(said):", "if False:"),
    (a_time_that_is_none_is_not_taken_for_one, 'if _SECONDS.fullmatch(after := headers.get("retry-after", "")):', 'if (after := headers.get("retry-after", "")).isdigit():'),
    (a_time_that_is_none_is_not_taken_for_one, "and _SECONDS.fullmatch(reset):", "and reset.isdigit():"),
    (what_may_have_been_done_is_not_done_twice, "(status >= 500 or FAILED in said) and request.repeatable else", "status >= 500 else"),
    (github_s_own_time_is_kept, 'headers.get("retry-after", "")', '""'),
]  # fmt: skip


@pytest.mark.parametrize("protection", WAITING)
def test_it_is_waited_as_it_should(protection: Protection) -> None:
    assert_guarded(waiting, protection)


def who_asks_for_more_time_than_there_is_is_left_alone(part: Any) -> None:
    with github() as peer:
        made = part.Client(Place("o/r", SecretStr(TOKEN), peer.served.url), Patience(waiting=20), peer.time.clock())
        peer.clients.append(made)
        peer.world.control({"faults": [limited(retry_after="15"), limited(retry_after="3600")]})
        with pytest.raises(ForgeBusy, match="asks to wait 3600 s before GET /repos/o/r; run again in 3600 s"):
            made.ask(READ)
        with pytest.raises(ForgeBusy, match="run again later"):
            made.ask(READ)
        assert len(peer.served.requests) == 2
        assert peer.time.waits == [15]
        peer.time.now += 3600
        made.ask(READ)


def what_people_are_told_of_is_a_second_apart(part: Any) -> None:
    with github() as peer:
        made = part.Client(Place("o/r", SecretStr(TOKEN), peer.served.url), Patience(between=1), peer.time.clock())
        peer.clients.append(made)
        peer.forge().propose(PROPOSAL, None)
        for _ in range(3):
            made.ask(Request("POST", WRITE.path, WRITE.body, creates=True))
        assert peer.time.waits == [1, 1]


def the_token_goes_to_no_other_place(part: Any) -> None:
    with github() as peer, serving(World()) as other:
        made = part.Client(Place("o/r", SecretStr(TOKEN), peer.served.url), peer.patience, peer.time.clock())
        peer.clients.append(made)
        links = {"link": f'<{other.url}/repos/o/r/pulls?page=2>; rel="next"'}
        peer.world.control({"faults": [{"status": 200, "headers": links, "body": []}]})
        with pytest.raises(ForgeError, match="is not GitHub's"):
            list(made.pages(Request("GET", "/repos/o/r/pulls"), dict))
        peer.world.control({"faults": [{"status": 307, "headers": {"location": f"{other.url}/repos/o/r"}}]})
        with pytest.raises(ForgeError, match="o/r has another name now"):
            made.ask(READ)
        assert other.requests == []


def an_answer_ends_in_time(part: Any) -> None:
    with github() as peer:
        made = part.Client(Place("o/r", SecretStr(TOKEN), peer.served.url), Patience(attempts=1), late(peer.time))
        peer.clients.append(made)
        with pytest.raises(ForgeError, match="took too long"):
            made.ask(READ)


def late(time: Time) -> Any:
    """Give a clock on which two minutes pass between any two looks at it."""

    def monotonic() -> float:
        time.now += 120
        return time.now

    return client.Clock(time.sleep, monotonic, monotonic, lambda: 1.0)


def an_answer_that_is_too_large_is_not_kept(part: Any) -> None:
    with github() as peer, pytest.MonkeyPatch.context() as patch:
        patch.setattr(part, "LARGEST", 1_000)
        made = part.Client(Place("o/r", SecretStr(TOKEN), peer.served.url), Patience(attempts=1), peer.time.clock())
        peer.clients.append(made)
        for length, ends in ((900, True), (5_000, False)):
            peer.world.fixed["/repos/o/r"] = {"description": "x" * length}
            if ends:
                made.ask(READ)
                continue
            with pytest.raises(ForgeError, match="does not end"):
                made.ask(READ)


CLIENT: list[Protection] = [
    (who_asks_for_more_time_than_there_is_is_left_alone, "if wait.seconds <= self._left:", "if True:"),
    (who_asks_for_more_time_than_there_is_is_left_alone, "            self._left -= wait.seconds\n", "            self._left += wait.seconds * 1000\n"),
    (who_asks_for_more_time_than_there_is_is_left_alone, "if self._clock.monotonic() < self._closed_until:", "if False:"),
    (what_people_are_told_of_is_a_second_apart, "            self._clock.sleep(rest)\n", "            pass\n"),
    (the_token_goes_to_no_other_place, 'if not reply.next.startswith(f"{self.place.api}/"):', "if False:"),
    (the_token_goes_to_no_other_place, "follow_redirects=False", "follow_redirects=True"),
    (an_answer_ends_in_time, "self._clock.monotonic() > due or", ""),
    (an_answer_that_is_too_large_is_not_kept, " or len(content) > LARGEST", ""),
]  # fmt: skip


@pytest.mark.parametrize("protection", CLIENT)
def test_the_client_keeps_its_promises(protection: Protection) -> None:
    assert_guarded(client, protection)
