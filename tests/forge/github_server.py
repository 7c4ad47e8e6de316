"""The world of `github_world` as a real HTTP server on this machine: in a thread, or as a process of its own.

    python -m tests.forge.github_server --repository OWNER/NAME --git BARE [--port 0] [--log REQUESTS.jsonl]

It prints its address in one line, and serves until it is ended. `GET /_control` shows everything, `POST /_control`
changes what people and settings of GitHub's would (see `World.control`).
"""

import argparse
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from tests.forge.github_rules import answer
from tests.forge.github_world import World

CONTROL = "/_control"
MOST = {"variables": 30}  # of a kind on one page, whatever is asked for; of everything else 100
BAD_CREDENTIALS = {"message": "Bad credentials", "documentation_url": "https://docs.github.com/rest", "status": "401"}


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    encoded: str
    query: dict[str, str]
    body: dict[str, Any]


@dataclass(frozen=True)
class Told:
    """An answer."""

    status: int
    body: object
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Served:
    """A running server; `requests` holds what was asked, and what came of it."""

    world: World
    url: str = ""
    token: str = ""  # the only one that is let in; empty: any
    log: Path | None = None
    requests: list[dict[str, Any]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def sent(self, method: str = "", part: str = "") -> list[dict[str, Any]]:
        """Give the requests of a method whose path holds a part."""
        return [one for one in self.requests if method in {"", one["method"]} and part in one["path"]]

    def answer(self, asked: Asked, authorization: str | None) -> Told | None:
        """Obey, fail or refuse a request; None: the connection breaks."""
        if asked.path == CONTROL:
            if asked.method == "POST":
                self.world.control(asked.body)
            return Told(200, {**self.world.dump(), "requests": self.requests})
        if not authorization or (self.token and authorization != f"Bearer {self.token}"):
            return self._recorded(asked, Told(401, BAD_CREDENTIALS))
        fault = self.world.fault(asked.method, asked.path)
        told = Told(0, None)
        if fault is None or fault.done:
            told = Told(*answer(self.world, asked.method, asked.encoded, asked.query, asked.body))
        if fault:
            told = Told(fault.status, fault.body, fault.headers)
        return self._recorded(asked, self._page(asked, told)) if told.status else self._recorded(asked, None)

    def _recorded(self, asked: Asked, told: Told | None) -> Told | None:
        request = {
            **vars(asked),
            "path": asked.encoded,
            "body": asked.body or None,
            "status": told.status if told else 0,
        }
        request.pop("encoded")
        self.requests.append(request)
        if self.log:
            with self.log.open("a") as file:
                file.write(json.dumps(request) + "\n")
        return told

    def _page(self, asked: Asked, told: Told) -> Told:
        """Give one page of a list, and the way to the next."""
        found = _list_in(told.body)
        if found is None or asked.method != "GET" or told.headers:
            return told
        name, whole = found
        size = min(int(asked.query.get("per_page", 30)), MOST.get(name, 100))
        page = int(asked.query.get("page", 1))
        more = urlencode({**asked.query, "page": page + 1})
        link = {"link": f'<{self.url}{asked.encoded}?{more}>; rel="next"'} if len(whole) > size * page else {}
        part = whole[size * (page - 1) : size * page]
        return Told(told.status, {**told.body, name: part} if isinstance(told.body, dict) else part, link)


def _list_in(body: object) -> tuple[str, list[Any]] | None:
    """Give the list that comes in pages, and its name where it stands beside the total count."""
    if isinstance(body, list):
        return "", body
    if not isinstance(body, dict) or "total_count" not in body:
        return None
    return next((name, value) for name, value in body.items() if isinstance(value, list))


def door(served: Served) -> type[BaseHTTPRequestHandler]:
    """Give the class that answers for a world."""

    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # else each answer on a kept connection waits 40 ms for the client's word

        def do_GET(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            body = json.loads(self.rfile.read(length) or "{}")
            parts = urlsplit(self.path)
            asked = Asked(self.command, unquote(parts.path), parts.path, dict(parse_qsl(parts.query)), body)
            with served.lock:
                told = served.answer(asked, self.headers.get("authorization"))
            if told is None:
                self.close_connection = True
            else:
                self._send(told)

        do_POST = do_PATCH = do_PUT = do_DELETE = do_GET  # noqa: N815  (the server looks for these names)

        def _send(self, told: Told) -> None:
            content = b"" if told.body is None else json.dumps(told.body).encode()
            self.send_response(told.status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.send_header("content-type", "application/json; charset=utf-8")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    return Door


@contextmanager
def serving(world: World, port: int = 0, log: Path | None = None) -> Iterator[Served]:
    """Serve a world while the context lasts."""
    served = Served(world, log=log)
    with ThreadingHTTPServer(("127.0.0.1", port), door(served)) as server:
        server.daemon_threads = True  # a connection that is kept open ends with the server
        served.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield served
        finally:
            server.shutdown()
            thread.join()


def main() -> None:
    """Serve until the process is ended."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--repository", default="o/r")
    parser.add_argument("--default", default="main")
    parser.add_argument("--git", type=Path)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", type=Path)
    given = parser.parse_args()
    with serving(World(given.repository, given.default, given.git), given.port, given.log) as served:
        print(served.url, flush=True)  # noqa: T201
        threading.Event().wait()


if __name__ == "__main__":
    main()
