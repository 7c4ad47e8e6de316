"""A bare repository behind HTTP, as GitHub serves it: git's own server, behind a token."""

import base64
import os
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

USER = "x-access-token"


@dataclass
class GitHost:
    """One served repository; `landed` is called with the refs that a push has moved, before the push is answered."""

    bare: Path
    name: str  # "owner/name"
    token: str
    url: str = ""
    landed: Callable[[frozenset[str]], None] = lambda _: None
    refused: list[str] = field(default_factory=list)  # paths that were asked for without the token

    def tips(self) -> Mapping[str, str]:
        """Give the commit id of every ref, by full name."""
        listed = ["git", "-C", str(self.bare), "for-each-ref", "--format=%(refname) %(objectname)"]
        lines = subprocess.run(listed, capture_output=True, text=True, check=True).stdout.splitlines()
        return dict(line.split(maxsplit=1) for line in lines)


@contextmanager
def serving(host: GitHost) -> Iterator[GitHost]:
    """Serve a repository while the context lasts."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _door(host)) as server:
        server.daemon_threads = True
        host.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield host
        finally:
            server.shutdown()
            thread.join()


def _door(host: GitHost) -> type[BaseHTTPRequestHandler]:
    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, content = _answer(host, self)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET  # noqa: N815  (the server looks for this name)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    return Door


def _answer(host: GitHost, asked: BaseHTTPRequestHandler) -> tuple[int, dict[str, str], bytes]:
    scheme, _, given = asked.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic" or given != base64.b64encode(f"{USER}:{host.token}".encode()).decode():
        host.refused.append(asked.path)
        return 401, {"WWW-Authenticate": 'Basic realm="git"'}, b""
    before = host.tips()
    head, _, content = _git(host, asked).partition(b"\r\n\r\n")
    if moved := {ref for ref, commit in host.tips().items() if before.get(ref) != commit}:
        host.landed(frozenset(moved))
    headers = dict(line.split(": ", 1) for line in head.decode().splitlines())
    return int(headers.pop("Status", "200").split()[0]), headers, content


def _git(host: GitHost, asked: BaseHTTPRequestHandler) -> bytes:
    """Let git's own server answer; what it gives is headers, an empty line and a body."""
    path, _, query = asked.path.partition("?")
    says = {
        "GIT_PROJECT_ROOT": str(host.bare),
        "GIT_HTTP_EXPORT_ALL": "1",
        "PATH_INFO": path.removeprefix(f"/{host.name}").removeprefix(".git"),
        "QUERY_STRING": query,
        "REQUEST_METHOD": asked.command,
        "REMOTE_USER": USER,
        "CONTENT_TYPE": asked.headers.get("content-type", ""),
        "HTTP_CONTENT_ENCODING": asked.headers.get("content-encoding", ""),
        "GIT_PROTOCOL": asked.headers.get("git-protocol", ""),
        "PATH": os.environ["PATH"],
    }
    command = ["git", "http-backend"]
    return subprocess.run(command, input=_body(asked), env=says, stdout=subprocess.PIPE, check=True).stdout


def _body(asked: BaseHTTPRequestHandler) -> bytes:
    if asked.headers.get("transfer-encoding", "") != "chunked":
        return asked.rfile.read(int(asked.headers.get("content-length") or 0))
    chunks = []
    while size := int(asked.rfile.readline(), 16):
        chunks.append(asked.rfile.read(size))
        asked.rfile.readline()
    asked.rfile.readline()
    return b"".join(chunks)
