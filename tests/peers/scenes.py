"""A peer that answers a whole build, one question of which goes wrong once, and what it took down of the build."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx2

from tests.paid_provider import MICROTASKS
from tests.peers.failures import AIMOCK, LOST, MICROTASK, NOBODY_KNOWS, USAGE, Json, says
from tests.peers.servers import Aimock, Mountebank, Said, free_port
from toolbuilder.pricing import Usage

FIRST_LINES = {task.instruction.splitlines()[0]: task.name for task in MICROTASKS.values()}
LINE = next(line for line, name in FIRST_LINES.items() if name == MICROTASK)
OFTEN = 9  # a peer begins again with the failure only after so many answers


@dataclass(frozen=True)
class Told:
    """What a peer says of one request: which microtask it put, and what it billed, if its answer could be heard."""

    microtask: str
    usage: Usage | None
    structured: bool = True  # it asked for an answer of a schema


@dataclass(frozen=True)
class Scene:
    """A peer for one build."""

    url: str
    told: Callable[[], list[Told]]


@contextmanager
def mountebank_scene(peer: Mountebank, said: Said, failures: Mapping[str, Json | None]) -> Iterator[Scene]:
    """Give an imposter of its own that answers a whole build, first with failures by microtask."""
    admin, port = peer.books.rpartition("/")[0], free_port()
    stubs = [
        {
            "predicates": [{"contains": {"body": json.dumps(line)[1:-1]}}],
            "responses": [*filter(None, [failures.get(FIRST_LINES[line])]), *[says(text)] * OFTEN],
        }
        for line, text in said.items()
    ]
    about = {"port": port, "protocol": "http", "recordRequests": True, "defaultResponse": NOBODY_KNOWS}
    httpx2.post(admin, json={**about, "stubs": stubs}).raise_for_status()
    try:
        yield Scene(f"http://127.0.0.1:{port}", lambda: _mountebank_told(httpx2.get(f"{admin}/{port}").json()))
    finally:
        httpx2.delete(f"{admin}/{port}").raise_for_status()


def _mountebank_told(imposter: Mapping[str, Any]) -> list[Told]:
    """Put every request together with what was answered; mountebank keeps the answers with its stubs."""
    bills: dict[str, list[Usage]] = {}
    for stub in imposter["stubs"]:
        for match in stub.get("matches", []):
            bills.setdefault(_name_in(match["request"]["body"]), []).extend(_bill(match["response"].get("body", "")))
    requests = [json.loads(one["body"]) for one in imposter["requests"]]
    told = []
    for body in requests:
        name, config = _name_in(json.dumps(body)), body.get("output_config", {}).get("format", {})
        usage = bills[name].pop() if bills.get(name) else None
        told.append(Told(name, usage, structured=config.get("schema", {}).get("additionalProperties") is False))
    assert not any(bills.values())
    return told


def _bill(body: object) -> list[Usage]:
    try:
        message = json.loads(body) if isinstance(body, str) else {}
    except ValueError:
        return []
    if "usage" not in message or message["id"] == LOST:
        return []
    usage = message["usage"]
    read, written = usage["cache_read_input_tokens"], usage["cache_creation_input_tokens"]
    return [Usage(usage["input_tokens"] + read + written, usage["output_tokens"], read, written)]


@contextmanager
def aimock_scene(peer: Aimock, said: Said, name: str) -> Iterator[Scene]:
    """Have aimock begin anew with the fixtures of a failure."""
    failure = AIMOCK[name]
    fixtures = [one for line, text in said.items() for one in _fixtures(line, text, failure if line == LINE else None)]
    httpx2.post(f"{peer.url}/__aimock/reset", json={}).raise_for_status()
    httpx2.post(f"{peer.url}/__aimock/fixtures", json={"fixtures": fixtures}).raise_for_status()
    try:
        yield Scene(peer.url, lambda: [_aimock_told(one) for one in httpx2.get(f"{peer.url}/__aimock/journal").json()])
    finally:
        httpx2.post(f"{peer.url}/__aimock/reset", json={}).raise_for_status()
        httpx2.post(f"{peer.url}/__aimock/fixtures", json={"fixtures": peer.fixtures}).raise_for_status()


def _fixtures(line: str, text: str, failure: Json | None) -> list[Json]:
    fine = {"response": {"content": text, "usage": USAGE}}
    if failure is None:
        return [{"match": {"systemMessage": line}, **fine}]
    return [
        {"match": {"systemMessage": line, "sequenceIndex": 0}, **failure},
        {"match": {"systemMessage": line, "sequenceIndex": 1}, **fine},
    ]


def _aimock_told(entry: Mapping[str, Any]) -> Told:
    response, fixture = entry["response"], entry["response"]["fixture"] or {"response": {}}
    usage = fixture["response"].get("usage")
    heard = usage and "chaosAction" not in response
    name = _name_in(json.dumps(entry["body"]["messages"][0]["content"]))
    return Told(name, Usage(usage["input_tokens"], usage["output_tokens"]) if heard else None)


def _name_in(text: str) -> str:
    [name] = [name for line, name in FIRST_LINES.items() if json.dumps(line)[1:-1] in text]
    return name
