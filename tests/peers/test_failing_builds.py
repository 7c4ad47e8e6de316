"""Whole builds against servers that others wrote, each with one failure at a question in the middle of it.

Both peers say: plain and structured answers, 429 with retry-after, 529, 500, slow (past the deadline, then answered),
dropped connections, garbage with status 200, max_tokens, refusal, context overflow, a wrong schema and then the right
one, a credential in an answer, a key that is refused. Only mountebank says: HTML with status 200, noise in the place of
HTTP, an answer without a stop reason, a spend limit, and tokens of the cache, which all its answers bill. Neither cuts
a body short of its length, or dribbles: a line of our own between the client and mountebank does that. Batches are
mountebank's (`test_whole_builds`).
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest

from tests.peers.builds import Build, wrong
from tests.peers.failures import AIMOCK, EXPECTED, MICROTASK, MOUNTEBANK, RELAYED
from tests.peers.scenes import aimock_scene, mountebank_scene
from tests.peers.servers import Aimock, Mountebank, Said
from tests.sabotage import sabotaged
from toolbuilder.adapters.anthropic import answers, backend
from toolbuilder.adapters.anthropic.backend import AnthropicBackend
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.spending import bought_by

NOT_RECORDED = {"slow": 1}  # aimock does not take down whose asker is gone


@pytest.mark.parametrize("name", AIMOCK)
def test_a_build_against_aimock_outlives(name: str, git_repo: Path, aimock: Aimock, said: Said) -> None:
    expected = replace(EXPECTED[name], asks=EXPECTED[name].asks - NOT_RECORDED.get(name, 0))
    with aimock_scene(aimock, said, name) as scene:
        assert wrong(Build(git_repo), scene, expected) == []


@pytest.mark.parametrize("name", MOUNTEBANK)
def test_a_build_against_mountebank_outlives(name: str, git_repo: Path, mountebank: Mountebank, said: Said) -> None:
    with mountebank_scene(mountebank, said, {MICROTASK: MOUNTEBANK[name]}) as scene:
        assert wrong(Build(git_repo), scene, EXPECTED[name], RELAYED.get(name)) == []
    exact = [one for one in bought_by(GitRepository(git_repo), ["dedupe"]) if one.purchase.cost == "exact"]
    assert {one.answer.cache_read_tokens for one in exact} == {1_200}


class Careless(httpx2.AsyncHTTPTransport):
    """A sabotaged way to a provider: it does not mind that a body is shorter than it was to be."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        response = await super().handle_async_request(request)
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        return httpx2.Response(response.status_code, headers=response.headers, stream=Whatever(response.stream))


class Whatever(httpx2.AsyncByteStream):
    """What came of a body."""

    def __init__(self, inner: httpx2.AsyncByteStream):
        self.inner = inner

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for part in self.inner:
                yield part
        except httpx2.RemoteProtocolError:
            return

    async def aclose(self) -> None:
        await self.inner.aclose()


def weaker(text: str, instead: str) -> type[AnthropicBackend]:
    """Give a client that reads answers with a piece of its judgement replaced."""
    copy = sabotaged(backend, '"""The Anthropic engine:', '"""A sabotaged engine:')
    copy.answer_of = sabotaged(answers, text, instead).answer_of
    model: type[AnthropicBackend] = copy.AnthropicBackend
    return model


GULLIBLE = ("if message.stop_reason != DONE:", "if message.stop_reason not in {DONE, None}:")
FRANK = ("return as_kept(answer)", "return answer")
SABOTAGE: list[tuple[str, Callable[[Path], Build], str]] = [
    ("short", lambda folder: Build(folder, transport=Careless), "the tool does not stand"),
    ("no reason", lambda folder: Build(folder, model=weaker(*GULLIBLE)), "the tool does not stand"),
    ("credential", lambda folder: Build(folder, model=weaker(*FRANK)), "a credential was kept"),
]


@pytest.mark.parametrize("sabotage", SABOTAGE, ids=lambda sabotage: sabotage[0])
def test_a_client_that_takes_what_it_should_not_would_be_noticed(
    sabotage: tuple[str, Callable[[Path], Build], str], git_repo: Path, mountebank: Mountebank, said: Said
) -> None:
    name, build, sign = sabotage
    with mountebank_scene(mountebank, said, {MICROTASK: MOUNTEBANK[name]}) as scene:
        assert any(sign in one for one in wrong(build(git_repo), scene, EXPECTED[name], RELAYED.get(name)))
