import asyncio
import json
from collections.abc import Awaitable
from decimal import Decimal
from typing import Any, TypeVar

import httpx2
import pytest

from tests.adapters.anthropic.peer import KEY, MODEL, QUESTION, Peer, Reply
from toolbuilder.adapters.anthropic.batches import AnthropicBatches
from toolbuilder.adapters.anthropic.client import SharedClient
from toolbuilder.adapters.anthropic.request import request_of
from toolbuilder.adapters.batches.record import Asked, Batch, Outcome, Sent
from toolbuilder.adapters.outcomes import ProviderRefuses, RejectedAnswer, Transient
from toolbuilder.errors import AnswerRejected, BudgetReached, ToolbuilderError
from toolbuilder.ports import Answer

T = TypeVar("T")
AT = "2026-11-22T10:00:00Z"
SENT = Sent(
    tool="tool", key=QUESTION.key, microtask="name_it", max_tokens=9, model=MODEL, build="brief", worst=Decimal(1)
)
BATCH = Batch(id="msgbatch_1", at=AT, sent={"0": SENT, "1": SENT})
USAGE = {"input_tokens": 10, "output_tokens": 5}
MESSAGE = {"id": "m", "type": "message", "role": "assistant", "model": MODEL, "usage": USAGE, "stop_sequence": None}
TEXT = {"type": "text", "text": "{}"}


def gives(body: object, status: int = 200) -> Reply:
    async def reply(_request: httpx2.Request) -> httpx2.Response:
        if isinstance(body, str):
            return httpx2.Response(status, text=body)
        return httpx2.Response(status, json=body)

    return reply


def state(name: object = "msgbatch_1", status: str = "ended") -> Reply:
    url = "https://api.anthropic.com/v1/messages/batches/msgbatch_1/results"
    times = {"created_at": AT, "expires_at": AT, "results_url": url, "request_counts": {}}
    return gives({"id": name, "type": "message_batch", "processing_status": status, **times})


def refusal(status: int, kind: str) -> Reply:
    return gives({"type": "error", "error": {"type": kind, "message": f"no, {KEY}"}}, status)


def lines(*results: Any) -> Reply:
    rows = [{"custom_id": str(place), "result": result} for place, result in enumerate(results)]
    return gives("\n".join(json.dumps(row) for row in reversed(rows)))


def batches(*replies: Reply) -> tuple[AnthropicBatches, Peer]:
    peer = Peer([*replies])
    return AnthropicBatches(SharedClient(peer.client)), peer


def end_of(call: Awaitable[T]) -> T | ToolbuilderError:
    async def run() -> T:
        return await call

    try:
        return asyncio.run(run())
    except ToolbuilderError as error:
        return error


def outcome_of(result: Any) -> Outcome:
    desk, _ = batches(state(), lines(result))
    found = end_of(desk.outcomes(BATCH))
    assert isinstance(found, dict)
    outcome: Outcome = found["0"]
    return outcome


def succeeded(**message: object) -> dict[str, object]:
    return {"type": "succeeded", "message": {**MESSAGE, "content": [TEXT], "stop_reason": "end_turn", **message}}


def errored(kind: str) -> dict[str, object]:
    return {"type": "errored", "error": {"type": "error", "error": {"type": kind, "message": f"no, {KEY}"}}}


def test_a_batch_holds_the_same_questions_that_single_calls_would() -> None:
    desk, peer = batches(state(status="in_progress"))
    assert end_of(desk.send({"0-a": Asked(QUESTION, MODEL), "1-b": Asked(QUESTION, "large")})) == "msgbatch_1"
    assert peer.bodies == [
        {
            "requests": [
                {"custom_id": "0-a", "params": request_of(QUESTION, MODEL)},
                {"custom_id": "1-b", "params": request_of(QUESTION, "large")},
            ]
        }
    ]


@pytest.mark.parametrize(("status", "ended"), [("in_progress", False), ("canceling", False), ("ended", True)])
def test_a_batch_has_ended_when_the_provider_says_so(status: str, *, ended: bool) -> None:
    desk, _ = batches(state(status=status))
    assert end_of(desk.ended("msgbatch_1")) is ended


def test_results_belong_to_questions_by_their_id_and_strangers_are_ignored() -> None:
    first, second = succeeded(), succeeded(content=[{"type": "text", "text": "[]"}])
    desk, _ = batches(state(), lines(first, second, succeeded()))
    found = end_of(desk.outcomes(BATCH))
    assert isinstance(found, dict)
    assert found == {
        "0": Answer("{}", "anthropic", MODEL, 10, 5),
        "1": Answer("[]", "anthropic", MODEL, 10, 5),
    }


def listed(name: str, at: str, questions: int) -> dict[str, object]:
    counts = {"processing": questions - 1, "succeeded": 1, "errored": 0, "canceled": 0, "expired": 0}
    batch = {"id": name, "type": "message_batch", "processing_status": "ended", "request_counts": counts}
    return {**batch, "created_at": at, "expires_at": at, "results_url": None}


def test_a_batch_whose_id_is_not_known_is_looked_for_by_its_time_and_its_size() -> None:
    new = [listed("too-late", "2026-11-22T11:00:01Z", 2), listed("b", "2026-11-22T10:00:05Z", 2)]
    old = [
        listed("three", AT, 3),
        listed("a", "2026-11-22T09:00:00Z", 2),
        listed("too-early", "2026-11-22T08:59:59Z", 2),
    ]
    page = {"has_more": True, "first_id": "", "last_id": "b", "data": new}
    desk, peer = batches(gives(page), gives({**page, "has_more": False, "data": old}))
    assert end_of(desk.candidates(BATCH.model_copy(update={"id": "", "at": "2026-11-22T10:00:00+00:00"}))) == ["b", "a"]
    assert [dict(request.url.params) for request in peer.requests] == [
        {"limit": "100"},
        {"limit": "100", "after_id": "b"},
    ]


def test_a_server_that_lists_no_batches_says_how_they_are_forgotten() -> None:
    desk, _ = batches(refusal(404, "not_found_error"))
    end = end_of(desk.candidates(BATCH.model_copy(update={"at": "2026-11-22T10:00:00+00:00"})))
    assert isinstance(end, ProviderRefuses)
    assert "git update-ref -d refs/toolbuilder/batches" in str(end)


OUTCOMES: list[tuple[Any, type[ToolbuilderError], str]] = [
    (succeeded(stop_reason="max_tokens"), RejectedAnswer, "cut off at its limit of 9 tokens"),
    (succeeded(stop_reason="refusal"), RejectedAnswer, "refuses to answer"),
    (succeeded(usage=None), Transient, "no message"),
    (errored("invalid_request_error"), AnswerRejected, "takes no such question"),
    (errored("overloaded_error"), Transient, "overloaded_error"),
    (errored("rate_limit_error"), Transient, "rate_limit_error"),
    (errored("api_error"), Transient, "api_error"),
    (errored("some_new_error"), Transient, "some_new_error"),
    (errored("authentication_error"), ProviderRefuses, "set a valid key"),
    (errored("permission_error"), ProviderRefuses, "the right to use this model"),
    (errored("not_found_error"), ProviderRefuses, "correct the model's name"),
    (errored("billing_error"), BudgetReached, "raise the limit at the provider"),
    ({"type": "expired"}, Transient, "expired"),
    ({"type": "canceled"}, ProviderRefuses, "the batch was canceled; run again"),
    ({"type": "vanished"}, ProviderRefuses, "the batch was vanished"),
    ({"type": "errored"}, Transient, "cannot be read"),
    ("nonsense", Transient, "cannot be read"),
    (None, Transient, "cannot be read"),
]


@pytest.mark.parametrize(("result", "family", "words"), OUTCOMES)
def test_every_end_of_a_question_has_its_consequence(result: Any, family: type[ToolbuilderError], words: str) -> None:
    outcome = outcome_of(result)
    assert type(outcome) is family
    assert words in str(outcome)
    assert KEY not in str(outcome)


@pytest.mark.parametrize("result", [{"type": "expired"}, errored("overloaded_error")])
def test_a_question_that_had_no_turn_is_free(result: Any) -> None:
    outcome = outcome_of(result)
    assert isinstance(outcome, Transient)
    assert not outcome.maybe_billed


@pytest.mark.parametrize("reply", [gives("<html>no</html>"), gives({}), state(name=""), state(name=None)])
def test_an_answer_that_is_no_batch_may_have_been_billed(reply: Reply) -> None:
    desk, _ = batches(reply)
    end = end_of(desk.send({"0": Asked(QUESTION, MODEL)}))
    assert isinstance(end, Transient)
    assert end.maybe_billed
    assert "is the base URL right?" in str(end)


@pytest.mark.parametrize(
    ("reply", "family"),
    [
        (refusal(401, "authentication_error"), ProviderRefuses),
        (refusal(402, "billing_error"), BudgetReached),
        (refusal(529, "overloaded_error"), Transient),
    ],
)
def test_a_call_fails_as_any_other_call_does(reply: Reply, family: type[ToolbuilderError]) -> None:
    for call in ("send", "outcomes"):
        desk, _ = batches(reply)
        end = end_of(desk.send({"0": Asked(QUESTION, MODEL)}) if call == "send" else desk.outcomes(BATCH))
        assert type(end) is family
        assert KEY not in f"{end!r} {end} {end.__cause__!r} {end.__context__!r}"


def test_a_batch_that_is_gone_says_how_it_is_forgotten() -> None:
    desk, _ = batches(refusal(404, "not_found_error"))
    end = end_of(desk.ended("msgbatch_1"))
    assert isinstance(end, ProviderRefuses)
    assert "batch msgbatch_1: " in str(end)
    assert "git update-ref -d refs/toolbuilder/batches" in str(end)


def test_results_that_break_off_are_asked_for_again() -> None:
    desk, _ = batches(state(), gives('{"custom_id": "0", "resu'))
    assert isinstance(end_of(desk.outcomes(BATCH)), Transient)
