"""A provider of this process, served on a real socket: what the command asks comes from another process or thread."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx2

from tests.paid_provider import Provider


@contextmanager
def served(provider: Provider, latency: float = 0.0) -> Iterator[str]:
    """Give the address where a provider answers, each request after `latency` seconds."""

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            due = time.monotonic() + latency
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            request = httpx2.Request(self.command, f"http://{self.headers['host']}{self.path}", content=body)
            response = asyncio.run(provider.handle(request))
            time.sleep(max(0.0, due - time.monotonic()))
            self.send_response(response.status_code)
            self.send_header("content-type", response.headers["content-type"])
            self.send_header("content-length", str(len(response.content)))
            self.end_headers()
            self.wfile.write(response.content)

        do_GET = do_POST  # noqa: N815  (the server looks for this name)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        server.daemon_threads = True  # a connection that is kept open ends with the server
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
