"""A provider in this process that knows the answers: the real SDK asks it, the embedded engine thinks for it.

It can be told to fail, by a seed, in the ways in which providers do, and keeps its own ledger of what it would bill.
"""

import asyncio
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import httpx2
from pydantic import SecretStr

from toolbuilder.adapters.anthropic.backend import AnthropicBackend
from toolbuilder.adapters.anthropic.client import Client, SharedClient, make_client
from toolbuilder.adapters.anthropic.endpoint import Endpoint
from toolbuilder.adapters.offline.backend import OfflineBackend
from toolbuilder.metacognition import DIAGNOSE
from toolbuilder.microtask import Microtask
from toolbuilder.ports import Question
from toolbuilder.pricing import Usage
from toolbuilder.schema import digest
from toolbuilder.stages import STAGES

KEY = "sk-ant-planted-Zm9vYmFy-0123456789"
MODEL = "claude-haiku-5-5"
MICROTASKS: Mapping[str, Microtask] = {  # type: ignore[type-arg]
    task.instruction.strip(): task for stage in STAGES for task in stage.microtasks
} | {DIAGNOSE.instruction.strip(): DIAGNOSE}
PER_TOKEN = Decimal("0.000001")


def price(_model: str, usage: Usage) -> Decimal:
    """A simple price: a millionth of a dollar an input token, five an output token."""
    return PER_TOKEN * (usage.input_tokens + 5 * usage.output_tokens)


REFUSED: Mapping[str, tuple[int, str]] = {
    "crowded": (429, "rate_limit_error"),
    "overloaded": (529, "overloaded_error"),
    "broken": (500, "api_error"),
}
BROKEN_OFF: Mapping[str, type[httpx2.TransportError]] = {
    "slow": httpx2.ReadTimeout,
    "dropped": httpx2.ReadError,
    "half": httpx2.RemoteProtocolError,
}
UNREADABLE: Mapping[str, tuple[str, str]] = {"html": ("text/html", "<html>no"), "garbage": ("application/json", '{"id')}
USELESS: Mapping[str, tuple[str, str | None]] = {  # what the model says, and why it stopped
    "cut": ('{"cut', "max_tokens"),
    "refused": ("", "refusal"),
    "overflow": ("", "model_context_window_exceeded"),
    "unfinished": ('{"and so', None),
    "misfit": ('{"wrong": "shape"}', "end_turn"),
}
TRANSIENT = (*REFUSED, *BROKEN_OFF, *UNREADABLE)
KINDS = (*TRANSIENT, *USELESS)


def error(status: int, kind: str, **headers: str) -> httpx2.Response:
    body = {"type": "error", "error": {"type": kind, "message": "no"}}
    return httpx2.Response(status, json=body, headers=headers)


@dataclass
class Provider:
    """Answers requests as the embedded engine would; a share of them fails."""

    failing: float = 0.0
    seed: int = 0
    kinds: tuple[str, ...] = ()  # of failures; all of them when none is named
    bodies: list[dict[str, Any]] = field(default_factory=list)
    together: int = 1  # the first calls wait until so many are in flight
    verbose: bool = False  # every answer is as long as it may be
    billed: Decimal = Decimal(0)
    lost: Decimal = Decimal(0)  # of it: for answers that never arrived
    unheard: int = 0  # calls of which the client cannot know whether they are billed
    failures: int = 0  # calls that a client would try again
    log: list[tuple[str, str]] = field(default_factory=list)  # what was paid: ("paid", identity of the question)
    in_flight: int = 0
    crowd: int = 0  # the most calls that were in flight at once
    cached: set[str] = field(default_factory=set)
    shared: dict[str, int] = field(default_factory=lambda: {"read": 0, "written": 0})  # tokens of the first block

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)  # noqa: S311  (a storm that can be repeated)
        self.met = asyncio.Event()

    def backend(self, model: str = MODEL) -> AnthropicBackend:
        """Give the real backend, whose transport ends here."""
        return AnthropicBackend(SharedClient(self.client), model)

    def client(self) -> Client:
        return make_client(Endpoint(key=SecretStr(KEY)), httpx2.MockTransport(self.handle))

    async def handle(self, request: httpx2.Request) -> httpx2.Response:
        self.in_flight += 1
        self.crowd = max(self.crowd, self.in_flight)
        try:
            if self.in_flight >= self.together:
                self.met.set()
            await self.met.wait()
            await asyncio.sleep(0)  # others get their turn, as over a network
            return await self._reply(json.loads(request.content))
        finally:
            self.in_flight -= 1

    async def _reply(self, body: dict[str, Any]) -> httpx2.Response:
        self.bodies.append(body)
        if self.chance.random() < self.failing:
            kind = self.chance.choice(self.kinds or KINDS)
            self.failures += kind in TRANSIENT
            return self._failure(kind, body)
        answer = self._billed(body, await self._think(body), "end_turn")
        self.log.append(("paid", identity_of(body)))
        return answer

    def _failure(self, kind: str, body: dict[str, Any]) -> httpx2.Response:
        if kind in REFUSED:
            return error(*REFUSED[kind])
        if kind in BROKEN_OFF:
            self._lost(body)
            raise BROKEN_OFF[kind](kind)
        if kind in USELESS:
            return self._billed(body, *USELESS[kind])
        self._lost(body)
        content_type, text = UNREADABLE[kind]
        return httpx2.Response(200, text=text, headers={"content-type": content_type})

    def _lost(self, body: dict[str, Any]) -> None:
        """Bill an answer that nobody hears."""
        before = self.billed
        self._billed(body, "{}", "end_turn")
        self.lost += self.billed - before
        self.unheard += 1

    async def _think(self, body: dict[str, Any]) -> str:
        return (await OfflineBackend().ask(question_of(body))).text

    def _billed(self, body: dict[str, Any], text: str, stop: str | None) -> httpx2.Response:
        usage = self._usage(body, text)
        total = sum(usage[name] for name in usage if name != "output_tokens")
        self.billed += price(MODEL, Usage(total, usage["output_tokens"]))
        content = [{"type": "text", "text": text}] if text else []
        answer = {"id": "msg", "type": "message", "role": "assistant", "model": body["model"], "content": content}
        return httpx2.Response(200, json={**answer, "stop_reason": stop, "stop_sequence": None, "usage": usage})

    def _usage(self, body: dict[str, Any], text: str) -> dict[str, int]:
        """Count four characters a token; a prefix that was seen before is read from the cache."""
        blocks = [block["text"] for block in body["system"]]
        read = written = 0
        for number in range(1, len(blocks) + 1):
            prefix = "\0".join(blocks[:number])
            size = len(blocks[number - 1]) // 4
            if number == 1:
                self.shared["read" if prefix in self.cached else "written"] += size
            read, written = (read + size, written) if prefix in self.cached else (read, written + size)
            self.cached.add(prefix)
        plain = len(body["messages"][0]["content"]) // 4
        return {
            "input_tokens": plain,
            "output_tokens": body["max_tokens"] if self.verbose else len(text) // 4 + 1,
            "cache_read_input_tokens": read,
            "cache_creation_input_tokens": written,
        }


def question_of(body: Mapping[str, Any]) -> Question:
    """Read a question back from a request of the Messages API."""
    (brief, instruction), [message] = body["system"], body["messages"]
    task = MICROTASKS[instruction["text"].strip()]
    context = brief["text"].split("<brief>\n")[1].removesuffix("\n</brief>").replace(r"<\/", "</")
    value = message["content"].split("<input>\n")[1].split("\n</input>")[0].replace(r"<\/", "</")
    return Question(task.name, task.instruction, context, value, task.schema, 60, 1000)


def identity_of(body: Mapping[str, Any]) -> str:
    """Name a question by all that is sent of it, whoever is asked."""
    return digest(json.dumps({name: value for name, value in body.items() if name != "model"}, sort_keys=True))
