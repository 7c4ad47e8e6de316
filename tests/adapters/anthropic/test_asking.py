import asyncio
from dataclasses import dataclass
from typing import cast

import httpx2
import pytest
from pydantic import BaseModel

from tests.adapters.anthropic.peer import (
    MODEL,
    QUESTION,
    Peer,
    Reply,
    ask,
    breaks,
    cut,
    dribbles,
    end_of,
    fails,
    hangs,
    in_haste,
    says,
    sends,
)
from toolbuilder.adapters.anthropic.answers import answer_of
from toolbuilder.adapters.anthropic.backend import AnthropicBackend
from toolbuilder.adapters.anthropic.client import Client, SharedClient
from toolbuilder.adapters.anthropic.request import request_of
from toolbuilder.adapters.outcomes import RejectedAnswer, Transient
from toolbuilder.errors import AnswerRejected, ToolbuilderError
from toolbuilder.microtask import Microtask, Runner
from toolbuilder.ports import Answer, ModelBackend, Question


def test_a_question_is_one_call_and_its_text_the_answer() -> None:
    peer = Peer([says('{"name":"levels"}')])
    assert ask(peer.backend()) == Answer('{"name":"levels"}', "anthropic", "model-small-20261001", 10, 5)
    assert [request.url.path for request in peer.requests] == ["/v1/messages"]


def test_cached_tokens_are_part_of_the_input_and_told_apart() -> None:
    answer = ask(Peer([says(cache_creation_input_tokens=30, cache_read_input_tokens=400)]).backend())
    assert (answer.input_tokens, answer.cache_write_tokens, answer.cache_read_tokens) == (440, 30, 400)


def test_usage_without_word_of_a_cache_has_none() -> None:
    answer = ask(Peer([says(cache_creation_input_tokens=None, cache_read_input_tokens=None)]).backend())
    assert (answer.input_tokens, answer.cache_write_tokens, answer.cache_read_tokens) == (10, 0, 0)


def test_text_in_several_parts_is_put_together_and_thoughts_are_left_out() -> None:
    parts = b'[{"type":"thinking","thinking":"hm","signature":""},{"type":"text","text":"{\\"a\\""},{"type":"text","text":":1}"}]'
    body = b'{"model":"m","type":"message","role":"assistant","id":"1","stop_reason":"end_turn",'
    reply = sends(body + b'"usage":{"input_tokens":1,"output_tokens":2},"content":' + parts + b"}")
    assert ask(Peer([reply]).backend()).text == '{"a":1}'


@pytest.mark.parametrize(
    ("stop", "why"),
    [
        ("max_tokens", "cut off at its limit of 100 tokens"),
        ("model_context_window_exceeded", "context window"),
        ("refusal", "refuses to answer"),
        ("pause_turn", "paused"),
        ("tool_use", "tool"),
        ("stop_sequence", "stop sequence"),
        ("something_new", "unknown reason, something_new"),
        (None, "breaks off without a reason"),
    ],
)
def test_an_answer_that_did_not_end_by_itself_is_rejected_with_what_it_took(stop: str | None, why: str) -> None:
    end = end_of(says(stop=stop, cache_read_input_tokens=7))
    assert isinstance(end, RejectedAnswer)
    assert why in str(end)
    assert str(end).startswith("name_it: model-small-20261001: ")
    assert (end.answer.input_tokens, end.answer.output_tokens) == (17, 5)


def test_a_refusal_says_what_the_provider_says_of_it() -> None:
    details = b'"stop_details":{"type":"refusal","category":"cyber","explanation":"It looks\\nlike malware."}'
    body = b'{"model":"m","content":[],"stop_reason":"refusal","usage":{"input_tokens":1,"output_tokens":0},'
    assert "m: the model refuses to answer: cyber: It looks like malware." in str(end_of(sends(body + details + b"}")))


def test_an_empty_answer_is_rejected() -> None:
    assert "the answer is empty" in str(end_of(says(" \n")))


@pytest.mark.parametrize(
    "reply",
    [
        sends(b"<html>Welcome</html>", "text/html"),
        sends(b'{"name": "lev'),
        sends(b""),
        sends(b"\xff\xfe\xfa"),
        sends(b"[" * 100_000),
        sends(b"[]"),
        sends(b"null"),
        sends(b'"text"'),
        sends(b"{}"),
        sends(b'{"content":5}'),
        sends(b'{"content":[],"model":"m","usage":{"input_tokens":-1,"output_tokens":0}}'),
        cut(),
    ],
)
def test_an_answer_that_is_no_message_may_come_right_and_may_have_been_billed(reply: Reply) -> None:
    end = end_of(reply)
    assert isinstance(end, Transient)
    assert end.maybe_billed


@pytest.mark.parametrize("reply", [hangs(), dribbles()])
def test_the_deadline_is_total(reply: Reply) -> None:
    assert keeps_its_deadline(Peer([reply]).backend(), patience=30)


def keeps_its_deadline(backend: ModelBackend, patience: float) -> bool:
    """Tell whether a call that never ends is given up by itself, as a failure whose cost is unknown."""

    async def run() -> Answer:
        async with asyncio.timeout(patience):
            return await backend.ask(in_haste())

    try:
        asyncio.run(run())
    except Transient as failure:
        return failure.maybe_billed
    except TimeoutError:
        return False
    return False


@dataclass(frozen=True)
class WithoutTotalDeadline:
    """A sabotaged backend: it leaves the deadline to the SDK, whose timeout counts from byte to byte."""

    peer: Peer

    async def ask(self, question: Question) -> Answer:
        arguments = request_of(question, MODEL)
        response = await self.peer.client().messages.create(**arguments, timeout=question.deadline)
        return cast("Answer", answer_of(response, question, MODEL, "anthropic"))


def test_a_backend_that_leaves_the_deadline_to_the_sdk_is_caught() -> None:
    assert not keeps_its_deadline(WithoutTotalDeadline(Peer([dribbles()])), patience=0.5)


@pytest.mark.parametrize("reply", [fails(429, retry_after="0"), fails(529), fails(500), breaks(httpx2.ReadError)])
def test_the_backend_itself_never_asks_twice(reply: Reply) -> None:
    peer = Peer([reply, says()])
    with pytest.raises(Transient):
        ask(peer.backend())
    assert len(peer.requests) == 1


def test_a_cancelled_question_is_cancelled_and_not_a_failure_of_the_provider() -> None:
    async def run() -> None:
        reached = asyncio.Event()

        async def hang(_request: httpx2.Request) -> httpx2.Response:
            reached.set()
            await asyncio.Event().wait()
            raise AssertionError

        task = asyncio.create_task(Peer([hang]).backend().ask(QUESTION))
        await reached.wait()
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(run())


def test_one_client_serves_all_questions_of_a_loop_and_each_loop_has_its_own() -> None:
    peer = Peer([says()])
    made: list[Client] = []

    def make() -> Client:
        made.append(peer.client())
        return made[-1]

    backend = AnthropicBackend(SharedClient(make), MODEL)

    async def run() -> None:
        await asyncio.gather(*(backend.ask(QUESTION) for _ in range(5)))

    asyncio.run(run())
    assert len(made) == 1
    asyncio.run(run())
    assert len(made) == 2


def test_an_answer_of_the_wrong_shape_is_passed_on_for_the_runner_to_judge() -> None:
    assert ask(Peer([says('{"title":1}')]).backend()).text == '{"title":1}'


@pytest.mark.parametrize("text", ['```json\n{"a":1}\n```', '\n```\n{"a":1}\n```\n', '{"a":1}'])
def test_a_fence_of_code_around_the_answer_is_taken_away(text: str) -> None:
    assert ask(Peer([says(text)]).backend()).text == '{"a":1}'


@pytest.mark.parametrize("text", ['{"a":"```json\\n1\\n```"}', "```json\n{}", 'Here: ```json\n{"a":1}\n```'])
def test_other_fences_are_the_answers_own(text: str) -> None:
    assert ask(Peer([says(text)]).backend()).text == text


def test_the_next_rung_is_told_what_was_wrong_with_an_answer() -> None:
    class Name(BaseModel):
        name: str

    peer = Peer([says('{"title":1}'), says('{"name":"levels"}')])
    runner = Runner(peer.backend(), "{}", ladder=("small", "large"))
    task = Microtask("identify_problem", Name, Name)
    assert asyncio.run(runner.ask(task, Name(name="log"))) == Name(name="levels")
    first, second = (str(body["messages"]) for body in peer.bodies)
    assert "<feedback>" not in first
    assert "<feedback>" in second
    assert "name: Field required" in second
    assert peer.bodies[0]["system"] == peer.bodies[1]["system"]


def test_a_rejected_question_is_not_a_rejected_answer() -> None:
    end = end_of(fails(400, "invalid_request_error", "prompt is too long: 250000 tokens > 200000 maximum"))
    assert isinstance(end, AnswerRejected)
    assert not isinstance(end, RejectedAnswer)
    assert "prompt is too long" in str(end)


def test_errors_carry_no_trace_of_the_sdks_own() -> None:
    end = end_of(breaks(httpx2.ReadError))
    assert isinstance(end, ToolbuilderError)
    assert (end.__cause__, end.__context__) == (None, None)
