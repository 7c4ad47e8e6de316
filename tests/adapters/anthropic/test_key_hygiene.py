"""A planted key, every failure, and a search of all that they leave behind."""

import asyncio
import logging
import pickle
import traceback
from collections.abc import Iterator

import httpx2
import pytest
from pydantic import SecretStr

from tests.adapters.anthropic.peer import (
    KEY,
    MODEL,
    QUESTION,
    Peer,
    Reply,
    breaks,
    cut,
    dribbles,
    fails,
    hangs,
    in_haste,
    repeats,
    says,
    sends,
)
from toolbuilder.adapters.anthropic.backend import AnthropicBackend
from toolbuilder.adapters.anthropic.client import Client, SharedClient, make_client
from toolbuilder.adapters.anthropic.endpoint import Endpoint
from toolbuilder.adapters.retrying_backend import Patience, RetryingBackend
from toolbuilder.ports import ModelBackend

EVERY_END: dict[str, Reply] = {
    "an answer": says(),
    "a refusal": says(stop="refusal"),
    "a page": sends(b"<html></html>", "text/html"),
    "garbage": sends(b'{"id'),
    "cut": cut(),
    "hangs": hangs(),
    "dribbles": dribbles(),
    "dropped": breaks(httpx2.ReadError),
    "refused": breaks(httpx2.ConnectError),
    "an illegal header": breaks(httpx2.LocalProtocolError, f"Illegal header value b'Bearer {KEY}'"),
    **{f"HTTP {status}": fails(status) for status in (400, 401, 402, 403, 404, 408, 409, 413, 422, 429, 500, 529)},
    **{f"HTTP {status}, with the key": repeats(status, "your key is") for status in (400, 401, 403, 429, 500)},
}


def left_behind(backend: ModelBackend) -> Iterator[str]:
    """Everything that a person, a log or a journal could be shown of one question."""
    yield repr(backend)
    try:
        yield repr(asyncio.run(backend.ask(in_haste(0.05))))
    except Exception as error:  # noqa: BLE001  (whatever it is, it is searched)
        yield from told_by(error)


def told_by(error: BaseException | None) -> Iterator[str]:
    while error is not None:
        yield "".join(traceback.format_exception(error))
        yield f"{error!r} {error} {vars(error)} {error.__reduce__()!r}"
        error = error.__cause__ or error.__context__


def leaks(backend: ModelBackend) -> list[str]:
    return [text for text in left_behind(backend) if KEY in text]


def waiting_for_nothing(inner: ModelBackend) -> ModelBackend:
    return RetryingBackend(inner, Patience(attempts=2, first=0.0))


@pytest.mark.parametrize("end", EVERY_END)
def test_no_end_of_a_call_shows_the_key(end: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        assert not leaks(Peer([EVERY_END[end]]).backend())
        assert not leaks(waiting_for_nothing(Peer([EVERY_END[end]]).backend()))
    assert KEY not in caplog.text


@pytest.mark.parametrize("end", ["an answer", "HTTP 401", "dropped", "garbage"])
def test_not_even_the_sdks_own_debugging_shows_the_key(end: str, caplog: pytest.LogCaptureFixture) -> None:
    reply = breaks(httpx2.ReadError, "lost") if end == "dropped" else EVERY_END[end]
    with caplog.at_level(logging.DEBUG):
        assert not leaks(Peer([reply]).backend())
    assert caplog.records
    assert KEY not in caplog.text


def test_an_endpoint_does_not_show_its_key() -> None:
    endpoint = Endpoint(key=SecretStr(KEY))
    assert KEY not in f"{endpoint!r} {endpoint} {SharedClient(lambda: make_client(endpoint))!r}"


def test_an_endpoint_that_is_wrong_does_not_show_its_key() -> None:
    for endpoint in (Endpoint(key=SecretStr(f"{KEY}\n{KEY}")), Endpoint("bedrock", key=SecretStr(KEY))):

        def make(endpoint: Endpoint = endpoint) -> Client:
            return make_client(endpoint)

        assert not leaks(AnthropicBackend(SharedClient(make), MODEL))


class RaisingWhatItCaught:
    """A sabotaged backend: it says what the SDK said."""

    def __init__(self, peer: Peer):
        self._peer = peer

    async def ask(self, question: object) -> object:
        del question
        message = {"role": "user", "content": "x"}
        try:
            return await self._peer.client().messages.create(model="m", max_tokens=1, messages=[message])  # type: ignore[list-item]
        except Exception as error:
            raise RuntimeError(str(error)) from error


@pytest.mark.parametrize("end", ["HTTP 401, with the key", "dropped", "an illegal header"])
def test_a_backend_that_passes_the_sdks_words_on_is_caught(end: str) -> None:
    assert leaks(RaisingWhatItCaught(Peer([EVERY_END[end]])))  # type: ignore[arg-type]


def test_an_error_can_be_copied_to_another_process() -> None:
    with pytest.raises(Exception, match="HTTP 404") as caught:
        asyncio.run(Peer([fails(404)]).backend().ask(QUESTION))
    assert KEY.encode() not in pickle.dumps(caught.value)
