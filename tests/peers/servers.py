"""aimock and mountebank as child processes, and how a question is put to them through the real SDK."""

import asyncio
import json
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx2
from pydantic import SecretStr

from tests.adapters.anthropic.peer import KEY, MODEL, QUESTION
from toolbuilder.adapters.anthropic.backend import AnthropicBackend
from toolbuilder.adapters.anthropic.client import make_client
from toolbuilder.adapters.anthropic.endpoint import Endpoint, Provider
from toolbuilder.adapters.retrying_backend import RetryingBackend
from toolbuilder.errors import ToolbuilderError
from toolbuilder.ports import Answer, Question

Said = Mapping[str, str]  # the first line of an instruction -> the answer of a model that knows a whole tool
WRONG = '{"wrong": "shape"}'  # what it says first where the instruction names an analyst
READY = ("server listening", "Open for business")
BOOKS = {"input_tokens": 3, "output_tokens": 9, "cache_creation_input_tokens": 40, "cache_read_input_tokens": 1_200}


@dataclass(frozen=True)
class Aimock:
    """A running aimock, and the fixtures that it began with."""

    url: str
    fixtures: Sequence[Mapping[str, object]]


@dataclass(frozen=True)
class Mountebank:
    """A running mountebank: `url` speaks HTTP, `stalling` answers in the middle of a body and then says no more."""

    url: str
    stalling: str
    books: str  # where it tells what it was asked

    def requests(self) -> list[dict[str, object]]:
        """Give the requests that it has seen."""
        told = httpx2.get(self.books).json()["requests"]
        assert isinstance(told, list)
        return told


@dataclass
class Asked:
    """What became of a question, and the waits that its retries would have taken."""

    end: Answer | ToolbuilderError
    waits: list[float] = field(default_factory=list)


def ask(url: str, case: str, *, provider: Provider = "anthropic", deadline: float = 20.0) -> Asked:
    """Put a question about a case to a server; only the waiting is left out."""
    question = replace(QUESTION, input=json.dumps({"case": case}, separators=(",", ":")), deadline=deadline)
    return asyncio.run(_ask(Endpoint(provider, SecretStr(KEY), url, region="eu-west-1"), question))


async def _ask(endpoint: Endpoint, question: Question) -> Asked:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async with make_client(endpoint) as client:
        backend = RetryingBackend(AnthropicBackend(lambda: client, MODEL), sleep=sleep, chance=lambda: 1.0)
        try:
            return Asked(await backend.ask(question), waits)
        except ToolbuilderError as error:
            return Asked(error, waits)


@contextmanager
def aimock_at(folder: Path, scratch: Path, said: Said) -> Iterator[Aimock]:
    """Run the aimock that is installed in a folder."""
    port = free_port()
    whole = [one for line, text in said.items() for one in _aimock_steps(line, text)]
    fixtures = [*AIMOCK_FIXTURES, *whole]
    path = _written(scratch / "fixtures.json", {"fixtures": fixtures})
    options = ["--port", str(port), "--fixtures", str(path), "--validate-on-load", "--strict"]
    with _running([str(folder / "node_modules/.bin/llmock"), *options], 1):
        yield Aimock(f"http://127.0.0.1:{port}", fixtures)


@contextmanager
def mountebank_at(folder: Path, scratch: Path, said: Said) -> Iterator[Mountebank]:
    """Run the mountebank that is installed in a folder."""
    port, http, tcp = free_port(), free_port(), free_port()
    stubs = [*HTTP_STUBS, *batch_stubs(http), *(_mountebank_step(line, text) for line, text in said.items())]
    imposters = [
        {"port": http, "protocol": "http", "recordRequests": True, "stubs": stubs},
        {"port": tcp, "protocol": "tcp", "mode": "text", "stubs": [{"responses": [{"is": {"data": HALF_A_BODY}}]}]},
    ]
    config = _written(scratch / "imposters.json", {"imposters": imposters})
    options = ["--port", str(port), "--host", "127.0.0.1", "--configfile", str(config), "--nologfile"]
    more = ["--pidfile", str(scratch / "mb.pid"), "--debug", "--allowInjection"]  # debug: answers are recorded too
    with _running([str(folder / "node_modules/.bin/mb"), *options, *more], 2):
        here = "http://127.0.0.1"
        yield Mountebank(f"{here}:{http}", f"{here}:{tcp}", f"{here}:{port}/imposters/{http}")


@contextmanager
def _running(argv: Sequence[str], signs: int) -> Iterator[None]:
    """Run a server while the context lasts, from the moment that it has said as often as needed that it is ready."""
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            said = [""]
            while sum(sign in line for line in said for sign in READY) < signs:
                said.append(process.stdout.readline() if process.stdout else "")
                assert said[-1], f"{argv[0]} ended before it was ready:{'  '.join(said)}"
            yield
        finally:
            process.terminate()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert isinstance(port, int)
    return port


def _written(path: Path, value: object) -> Path:
    path.write_text(json.dumps(value))
    return path


def _case(name: str, response: Mapping[str, object], **more: object) -> dict[str, object]:
    match = {"userMessage": f'"case":"{name}"', **({"sequenceIndex": more.pop("nth")} if "nth" in more else {})}
    return {"match": match, "response": response, **more}


def _error(kind: str, status: int, **more: object) -> dict[str, object]:
    return {"error": {"type": kind, "message": f"{kind} it is"}, "status": status, **more}


FINE = {"content": '{"name":"levels"}', "usage": {"input_tokens": 11, "output_tokens": 7}}
AIMOCK_FIXTURES = [
    _case("plain", FINE),
    *(
        one
        for name, error in {
            "429": _error("rate_limit_error", 429, retryAfter=7),
            "500": _error("api_error", 500),
            "529": _error("overloaded_error", 529),
        }.items()
        for one in (_case(name, error, nth=0), _case(name, FINE, nth=1))
    ),
    _case("401", _error("authentication_error", 401)),
    _case("404", _error("not_found_error", 404)),
    _case("too long", _error("invalid_request_error", 400)),
    _case("truncated", {"content": '{"na', "finishReason": "length"}),
    _case("refusal", {"content": "No.", "finishReason": "refusal"}),
    _case("context", {"content": "{", "finishReason": "model_context_window_exceeded"}),
    _case("slow", FINE, chaos={"latencyMs": 20_000}),
    _case("dropped", FINE, chaos={"disconnectRate": 1}),
    _case("garbage", FINE, chaos={"malformedRate": 1}),
]


def _stub(case: str, response: Mapping[str, object]) -> dict[str, object]:
    return {"predicates": [{"contains": {"body": f'\\"case\\":\\"{case}\\"'}}], "responses": [response]}


def _is(kind: str, body: object, status: int = 200) -> dict[str, object]:
    return {"is": {"statusCode": status, "headers": {"Content-Type": kind}, "body": body}}


MESSAGE = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "model-small-20261001",
    "content": [{"type": "text", "text": '{"name":"levels"}'}],
    "stop_reason": "end_turn",
    "stop_sequence": None,
    "usage": BOOKS,
}
SPENT = {"type": "rate_limit_error", "message": "spent", "details": {"error_code": "enforced_spend_limit_reached"}}
HTTP_STUBS = [
    _stub("cached", _is("application/json", MESSAGE)),
    _stub("page", _is("text/html", "<html>Sign in</html>")),
    _stub("proxy", _is("text/html", "<html>Bad gateway</html>", 502)),
    _stub("spent", _is("application/json", {"type": "error", "error": SPENT}, 429)),
    _stub("reset", {"fault": "CONNECTION_RESET_BY_PEER"}),
    _stub("noise", {"fault": "RANDOM_DATA_THEN_CLOSE"}),
]
RESULTS = "\n".join(
    json.dumps({"custom_id": name, "result": {"type": "succeeded", "message": {**MESSAGE, "id": f"msg_{name}"}}})
    for name in ("second", "first")  # in no order, as the provider says
)


def _aimock_steps(line: str, text: str) -> list[dict[str, object]]:
    """Give what answers one microtask: the analyst is wrong first, the architect overloaded."""
    match, fine = {"systemMessage": line}, {"response": {"content": text}}
    if "the analyst of" in line:
        first: dict[str, object] = {"response": {"content": WRONG}}
    elif "the architect of" in line:
        first = {"response": _error("overloaded_error", 529), "status": 529}
    else:
        return [{"match": match, **fine}]
    return [
        {"match": {**match, "sequenceIndex": 0}, **first},
        {"match": {**match, "sequenceIndex": 1}, **fine},
    ]


def _mountebank_step(line: str, text: str) -> dict[str, object]:
    def says(words: str) -> dict[str, object]:
        return _is("application/json", {**MESSAGE, "content": [{"type": "text", "text": words}]})

    busy = _is("application/json", {"type": "error", "error": {"type": "overloaded_error", "message": "busy"}}, 529)
    first = [says(WRONG)] if "the analyst of" in line else [busy] if "the architect of" in line else []
    predicate = {"contains": {"body": json.dumps(line)[1:-1]}}
    return {"predicates": [predicate], "responses": [*first, *[says(text)] * 5]}


def batch_stubs(port: int) -> list[dict[str, object]]:
    """Give what answers for one batch: it is accepted, in progress once, then ended with its results."""
    path = "/v1/messages/batches"
    times = {"created_at": "2026-11-22T10:00:00Z", "expires_at": "2026-11-23T10:00:00Z", "request_counts": {}}
    batch = {"id": "msgbatch_1", "type": "message_batch", "results_url": None, **times}
    waiting = _is("application/json", {**batch, "processing_status": "in_progress"})
    row = {**batch, "processing_status": "ended", "request_counts": {"processing": 0, "succeeded": 2}}
    listed = _is("application/json", {"data": [row], "has_more": False, "first_id": None, "last_id": None})
    where = f"http://127.0.0.1:{port}{path}/msgbatch_1/results"
    ended = _is("application/json", {**batch, "processing_status": "ended", "results_url": where})

    def at(method: str, path: str, *responses: dict[str, object]) -> dict[str, object]:
        return {"predicates": [{"equals": {"method": method, "path": path}}], "responses": [*responses]}

    return [
        at("POST", path, waiting),
        at("GET", path, listed),
        at("GET", f"{path}/msgbatch_1", waiting, *[ended] * 20),
        at("GET", f"{path}/msgbatch_1/results", _is("application/x-jsonl", RESULTS)),
    ]


HALF_A_BODY = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"id":"msg_1",'
