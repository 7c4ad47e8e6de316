"""A provider in this process that knows the answers: the real SDK asks it, the embedded engine thinks for it.

It can be told to fail, by a seed, in the ways in which providers do, and keeps its own ledger of what it would bill.
"""

import asyncio
import json
import random
from collections.abc import Callable, Mapping
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
    billed: Decimal = Decimal(0)
    in_flight: int = 0
    crowd: int = 0  # the most calls that were in flight at once
    cached: set[str] = field(default_factory=set)
    shared: dict[str, int] = field(default_factory=lambda: {"read": 0, "written": 0})  # tokens of the first block

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)  # noqa: S311  (a storm that can be repeated)

    def backend(self, model: str = MODEL) -> AnthropicBackend:
        """Give the real backend, whose transport ends here."""
        return AnthropicBackend(SharedClient(self.client), model)

    def client(self) -> Client:
        return make_client(Endpoint(key=SecretStr(KEY)), httpx2.MockTransport(self.handle))

    async def handle(self, request: httpx2.Request) -> httpx2.Response:
        self.in_flight += 1
        self.crowd = max(self.crowd, self.in_flight)
        try:
            await asyncio.sleep(0)  # others get their turn, as over a network
            return await self._reply(json.loads(request.content))
        finally:
            self.in_flight -= 1

    async def _reply(self, body: dict[str, Any]) -> httpx2.Response:
        self.bodies.append(body)
        failures: dict[str, Callable[[], httpx2.Response]] = {
            "crowded": lambda: error(429, "rate_limit_error", **{"retry-after": "0"}),
            "overloaded": lambda: error(529, "overloaded_error"),
            "broken": lambda: error(500, "api_error"),
            "html": lambda: httpx2.Response(200, text="<html>no</html>", headers={"content-type": "text/html"}),
            "cut": lambda: self._billed(body, '{"cut', "max_tokens"),
            "refused": lambda: self._billed(body, "", "refusal"),
            "misfit": lambda: self._billed(body, '{"wrong": "shape"}', "end_turn"),
        }
        if self.chance.random() < self.failing:
            return failures[self.chance.choice(self.kinds or tuple(failures))]()
        return self._billed(body, await self._think(body), "end_turn")

    async def _think(self, body: dict[str, Any]) -> str:
        (brief, instruction), [message] = body["system"], body["messages"]
        task = MICROTASKS[instruction["text"].strip()]
        context = brief["text"].split("<brief>\n")[1].removesuffix("\n</brief>").replace(r"<\/", "</")
        value = message["content"].split("<input>\n")[1].split("\n</input>")[0].replace(r"<\/", "</")
        question = Question(task.name, task.instruction, context, value, task.schema, 60, 1000)
        return (await OfflineBackend().ask(question)).text

    def _billed(self, body: dict[str, Any], text: str, stop: str) -> httpx2.Response:
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
            "output_tokens": len(text) // 4 + 1,
            "cache_read_input_tokens": read,
            "cache_creation_input_tokens": written,
        }
