"""A provider inside this process: the real SDK speaks to it over a transport that the test answers."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace

import httpx2
from pydantic import SecretStr

from toolbuilder.adapters.anthropic.backend import AnthropicBackend
from toolbuilder.adapters.anthropic.client import Client, SharedClient, make_client
from toolbuilder.adapters.anthropic.endpoint import Endpoint
from toolbuilder.errors import ToolbuilderError
from toolbuilder.ports import Answer, ModelBackend, Question

Reply = Callable[[httpx2.Request], Awaitable[httpx2.Response]]
MODEL = "model-small"
KEY = "sk-ant-planted-Zm9vYmFy-0123456789"
SCHEMA = '{"type":"object","properties":{"name":{"type":"string"}},"required":["name"],"additionalProperties":false}'
QUESTION = Question(
    microtask="name_it",
    instruction="Name the tool.",
    context='{"description":"Count the lines of a log."}',
    input='{"words":["log","level"]}',
    schema=SCHEMA,
    deadline=20.0,
    max_tokens=100,
    rules="Do one step.",
)


def in_haste(seconds: float = 0.1) -> Question:
    """A question with a tiny deadline."""
    return replace(QUESTION, deadline=seconds)


@dataclass
class Peer:
    """Gives one reply after the other, the last one again and again; keeps the requests."""

    replies: list[Reply]
    requests: list[httpx2.Request] = field(default_factory=list)

    async def reply(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        return await self.replies[min(len(self.requests), len(self.replies)) - 1](request)

    @property
    def bodies(self) -> list[dict[str, object]]:
        return [json.loads(request.content) for request in self.requests]

    def client(self, endpoint: Endpoint | None = None) -> Client:
        async def handle(request: httpx2.Request) -> httpx2.Response:
            return await self.reply(request)

        known = endpoint or Endpoint(key=SecretStr(KEY))
        return make_client(known, httpx2.MockTransport(handle))

    def backend(self, *, enforced: bool = True) -> AnthropicBackend:
        return AnthropicBackend(SharedClient(self.client), MODEL, enforced=enforced)


def ask(backend: ModelBackend, question: Question = QUESTION) -> Answer:
    """Ask, and never wait long, whatever the backend does with its deadline."""

    async def run() -> Answer:
        async with asyncio.timeout(30):
            return await backend.ask(question)

    return asyncio.run(run())


def end_of(*replies: Reply, question: Question = QUESTION) -> Answer | ToolbuilderError:
    """Give what a call comes to: its answer, or the error that a decorator would see."""
    try:
        return ask(Peer(list(replies)).backend(), question)
    except ToolbuilderError as error:
        return error


def message(text: str = '{"name":"levels"}', stop: str | None = "end_turn", **usage: int | None) -> dict[str, object]:
    """The body of a response."""
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "model-small-20261001",
        "content": [{"type": "text", "text": text}],
        "stop_reason": stop,
        "stop_sequence": None,
        "usage": {"input_tokens": 10, "output_tokens": 5, **usage},
    }


def says(text: str = '{"name":"levels"}', stop: str | None = "end_turn", **usage: int | None) -> Reply:
    return sends(json.dumps(message(text, stop, **usage)).encode())


def sends(body: bytes, kind: str = "application/json", status: int = 200, **headers: str) -> Reply:
    async def reply(_request: httpx2.Request) -> httpx2.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx2.Response(status, content=body, headers={"content-type": kind, **named})

    return reply


def fails(status: int, kind: str = "api_error", text: str = "no", code: str | None = None, **headers: str) -> Reply:
    """An error as the Messages API words it."""
    details = {"details": {"error_code": code}} if code else {}
    error = {"type": "error", "error": {"type": kind, "message": text, **details}}
    return sends(json.dumps(error).encode(), status=status, **headers)


def repeats(status: int, text: str) -> Reply:
    """An error whose message repeats what the request said of its sender."""

    async def reply(request: httpx2.Request) -> httpx2.Response:
        sender = request.headers.get("authorization", "") or request.headers.get("x-api-key", "")
        return await fails(status, text=f"{text} {sender} {sender.rpartition(' ')[2]}")(request)

    return reply


def breaks(error: type[httpx2.TransportError], text: str = "") -> Reply:
    async def reply(request: httpx2.Request) -> httpx2.Response:
        raise error(text or f"lost, said {request.headers.get('authorization')}", request=request)

    return reply


def cut() -> Reply:
    """A body that breaks off with its connection."""

    async def body() -> AsyncIterator[bytes]:
        yield b'{"id": "msg_1", "type": "mess'
        raise httpx2.RemoteProtocolError("peer closed connection without sending complete message body")

    return _streams(body)


def dribbles() -> Reply:
    """A body that comes byte by byte and never ends: no pause is long enough for a read timeout."""

    async def body() -> AsyncIterator[bytes]:
        while True:
            yield b" "
            await asyncio.sleep(0)

    return _streams(body)


def _streams(body: Callable[[], AsyncIterator[bytes]]) -> Reply:
    async def reply(_request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, content=body(), headers={"content-type": "application/json"})

    return reply


def hangs() -> Reply:
    async def reply(_request: httpx2.Request) -> httpx2.Response:
        await asyncio.Event().wait()
        raise AssertionError

    return reply
