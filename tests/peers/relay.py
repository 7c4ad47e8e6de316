"""A line between a client and a server that does to one answer what lines do: neither peer can do it to its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

Mode = Literal["cut", "short", "dribble"]
END_OF_HEAD = b"\r\n\r\n"
PAUSE = 0.05  # seconds between two bytes that dribble
SPARE = 64  # white space at the end of a body, some of which `short` takes away


@dataclass
class Relay:
    """Passes everything on, but for the first answer to a request that holds some words.

    cut: the body ends in its middle, and the connection with it; short: it lacks white space at its end; dribble: it
    comes byte by byte, and no pause is long enough for a read timeout.
    """

    port: int
    words: bytes
    mode: Mode
    done: bool = False
    serving: set[asyncio.Task[None]] = field(default_factory=set)

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection: one request, one answer."""
        self.serving.add(task := asyncio.create_task(self._serve(reader, writer)))
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await task
        finally:
            await _close(writer)

    async def stop(self) -> None:
        """Leave off, whatever is under way."""
        for task in self.serving:
            task.cancel()
        await asyncio.gather(*self.serving, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await _message(reader)
        there, here = await asyncio.open_connection("127.0.0.1", self.port)
        here.write(request)
        answer = await _message(there)
        await _close(here)
        if self.done or self.words not in request:
            writer.write(answer)
        else:
            self.done = True
            await self._maim(answer, writer)
        await writer.drain()

    async def _maim(self, answer: bytes, writer: asyncio.StreamWriter) -> None:
        if self.mode == "dribble":
            for place in range(len(answer)):
                writer.write(answer[place : place + 1])
                await writer.drain()
                await asyncio.sleep(PAUSE)
        else:
            head, _, body = answer.partition(END_OF_HEAD)
            kept = len(body) // 2 if self.mode == "cut" else len(body) - SPARE // 2
            writer.write(head + END_OF_HEAD + body[:kept])


@asynccontextmanager
async def relayed(url: str, words: str, mode: Mode | None) -> AsyncIterator[str]:
    """Give the address of a line to a server while the context lasts, or the server's own without a mode."""
    if mode is None:
        yield url
        return
    relay = Relay(urlsplit(url).port or 0, words.encode(), mode)
    server = await asyncio.start_server(relay, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        await relay.stop()
        await asyncio.sleep(0)


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


async def _message(reader: asyncio.StreamReader) -> bytes:
    """Read a message whose head says how long its body is."""
    head = await reader.readuntil(END_OF_HEAD)
    lines = [line.partition(b":") for line in head.lower().split(b"\r\n")]
    [length] = [int(value) for name, _, value in lines if name == b"content-length"]
    return head + await reader.readexactly(length)
