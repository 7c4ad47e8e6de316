"""Asking GitHub: one request after the other, each within a total time, all waiting within one total deadline."""

import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

import httpx2
from pydantic import BaseModel

from toolbuilder.adapters.github.failures import misread, refused, unreachable
from toolbuilder.adapters.github.place import Place
from toolbuilder.adapters.github.requests import Reply, Request
from toolbuilder.adapters.github.waiting import Failed, Patience, Wait, wait_after
from toolbuilder.errors import ForgeBusy, ForgeError

T = TypeVar("T")

VERSION = "2022-11-28"  # of the API; every host that is still supported knows it
PAGE = 100
LARGEST = 64 << 20  # bytes of one answer
GRAPHQL = "/graphql"


class _GraphQLAnswer(BaseModel):
    errors: list[object] = []


@dataclass(frozen=True)
class Clock:
    """Time, as a client sees and spends it."""

    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    unix: Callable[[], float] = time.time
    chance: Callable[[], float] = random.random


class Client:
    """Speaks to one place, one request at a time.

    Raises ForgeBusy where GitHub asks for more time than there is, Refused for a plain no, ForgeError for silence.
    """

    def __init__(self, place: Place, patience: Patience | None = None, clock: Clock | None = None):
        self.place = place
        self._patience = patience or Patience()
        self._clock = clock or Clock()
        self._left = self._patience.waiting
        self._closed_until = float("-inf")  # GitHub asked to be left alone so long
        self._created = float("-inf")  # when something was last created
        self._http = httpx2.Client(
            headers={
                "accept": "application/vnd.github+json, application/json",
                "authorization": f"Bearer {place.token.get_secret_value()}",
                "user-agent": "toolbuilder",
                "x-github-api-version": VERSION,
            },
            timeout=httpx2.Timeout(30, connect=10),
            follow_redirects=False,  # the token goes nowhere else, and a POST would become a GET
        )

    def close(self) -> None:
        """Let the connections go."""
        self._http.close()

    def ask(self, request: Request) -> Reply:
        """Send a request until it is answered or refused for good."""
        return self._ask(request, f"{self.place.api}{request.path}")

    def pages(self, request: Request, kind: type[T]) -> Iterator[T]:
        """Give what a list holds, page by page."""
        for page in self.parts(request, list[kind]):  # type: ignore[valid-type]  # a type that is a value is what is meant
            yield from page

    def parts(self, request: Request, kind: type[T]) -> Iterator[T]:
        """Give the pages of what comes in pages."""
        reply = self.ask(replace(request, query={**request.query, "per_page": PAGE}))
        yield reply.read(kind)
        while reply.next:
            if not reply.next.startswith(f"{self.place.api}/"):
                raise misread(request.asked)  # the token goes nowhere else, and half a list is none
            reply = self._ask(replace(request, query={}), reply.next)
            yield reply.read(kind)

    def graphql(self, query: str, variables: Mapping[str, object]) -> Reply:
        """Send a GraphQL query or mutation; the errors in its answer are refusals too."""
        return self._ask(Request("POST", GRAPHQL, {"query": query, "variables": variables}), self.place.graphql)

    def _ask(self, request: Request, url: str) -> Reply:
        self._keep_distance(request)
        for attempt in range(self._patience.attempts):
            try:
                return self._send(request, url)
            except Failed as failed:
                backoff = self._patience.pause(attempt, self._clock.chance())
                wait = wait_after(request, failed, backoff, self._clock.unix())
                if wait is None or attempt + 1 == self._patience.attempts:
                    raise failed.error from None
                self._wait(request, failed.error, wait)
        raise AssertionError("the last attempt returns or raises")

    def _send(self, request: Request, url: str) -> Reply:
        due = self._clock.monotonic() + self._patience.request
        content = bytearray()
        try:
            query = dict(request.query) or None
            with self._http.stream(request.method, url, json=request.body, params=query) as response:
                for part in response.iter_bytes():
                    content += part
                    if self._clock.monotonic() > due or len(content) > LARGEST:
                        raise Failed(unreachable(request.asked, "its answer took too long, or does not end"))
                following = response.links.get("next", {}).get("url", "")
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:  # the address of a next page can be none
            # The text of such an error can hold the address or a header; its name cannot.
            raise Failed(unreachable(request.asked, type(error).__name__)) from None
        reply = Reply(request.asked, response.status_code, bytes(content), following)
        if reply.status >= 300 or (request.path == GRAPHQL and reply.read(_GraphQLAnswer).errors):
            raise Failed(refused(request.asked, reply.status, reply.content, self.place), response.headers)
        return reply

    def _keep_distance(self, request: Request) -> None:
        if self._clock.monotonic() < self._closed_until:
            raise ForgeBusy(f"GitHub asked to wait before {request.asked}; run again later, branches are safe")
        if not request.creates:
            return
        if (rest := self._created + self._patience.between - self._clock.monotonic()) > 0:
            self._clock.sleep(rest)
        self._created = self._clock.monotonic()

    def _wait(self, request: Request, error: ForgeError, wait: Wait) -> None:
        if wait.seconds <= self._left:
            self._left -= wait.seconds
            self._clock.sleep(wait.seconds)
            return
        if not wait.asked:
            raise error
        self._closed_until = self._clock.monotonic() + wait.seconds
        again = f"run again in {wait.seconds:.0f} s, branches are safe"
        raise ForgeBusy(f"GitHub asks to wait {wait.seconds:.0f} s before {request.asked}; {again}")
