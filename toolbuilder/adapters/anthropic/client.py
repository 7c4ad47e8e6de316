"""Clients of the SDK: for Anthropic, Amazon Bedrock, Google Vertex AI, or servers that speak like them."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TypeAlias, TypedDict

import httpx2
from anthropic import (
    AnthropicError,
    AsyncAnthropic,
    AsyncAnthropicBedrock,
    AsyncAnthropicVertex,
    DefaultAsyncHttpxClient,
    not_given,
)

from toolbuilder.adapters.anthropic.endpoint import Endpoint, Provider
from toolbuilder.adapters.anthropic.quoting import quoted
from toolbuilder.adapters.outcomes import ProviderRefuses

Client: TypeAlias = AsyncAnthropic | AsyncAnthropicBedrock | AsyncAnthropicVertex
NO_KEY = "none"  # a server of one's own asks for no key, but the SDK sends one


class _Common(TypedDict):
    max_retries: int
    base_url: str | None
    http_client: httpx2.AsyncClient | None


def make_client(endpoint: Endpoint, transport: httpx2.AsyncBaseTransport | None = None) -> Client:
    """Make a client that never retries. Raises ProviderRefuses where the settings or credentials do not suffice."""
    try:
        return MAKERS[endpoint.provider](
            endpoint,
            _key(endpoint),
            {
                "max_retries": 0,  # the retrying decorator is the only place that waits
                "base_url": endpoint.base_url or None,
                "http_client": DefaultAsyncHttpxClient(transport=transport) if transport else None,
            },
        )
    except (AnthropicError, ValueError, TypeError) as error:
        reason = quoted(str(error))
    raise ProviderRefuses(f"{endpoint.provider}: {reason}; correct the provider's settings")


def _key(endpoint: Endpoint) -> str | None:
    key = endpoint.key.get_secret_value().strip() if endpoint.key else ""
    # Refused here because a key that fits into no header would be quoted whole by the error of whoever sends it.
    if not key.isascii() or not key.isprintable() or " " in key:
        raise ProviderRefuses("the key holds characters that no key has; copy it again")
    return key or None


def _anthropic(endpoint: Endpoint, key: str | None, common: _Common) -> Client:
    client = AsyncAnthropic(api_key=key or (NO_KEY if endpoint.base_url else None), **common)
    if not (client.api_key or client.auth_token or client.credentials):
        raise ProviderRefuses("there is no key: set ANTHROPIC_API_KEY, or build with --engine offline")
    return client


def _bedrock(endpoint: Endpoint, key: str | None, common: _Common) -> Client:
    return AsyncAnthropicBedrock(api_key=key, aws_region=endpoint.region or None, **common)


def _vertex(endpoint: Endpoint, key: str | None, common: _Common) -> Client:
    return AsyncAnthropicVertex(
        access_token=key,
        region=endpoint.region or not_given,
        project_id=endpoint.project or not_given,
        **common,
    )


MAKERS: Mapping[Provider, Callable[[Endpoint, str | None, _Common], Client]] = {
    "anthropic": _anthropic,
    "bedrock": _bedrock,
    "vertex": _vertex,
}


@dataclass(frozen=True)
class SharedClient:
    """One client for all questions: its connections are kept. An event loop cannot use those of another loop."""

    make: Callable[[], Client]
    _clients: dict[asyncio.AbstractEventLoop, Client] = field(default_factory=dict, repr=False)

    def __call__(self) -> Client:
        """Give the running event loop's client. Raises ProviderRefuses where none can be made."""
        loop = asyncio.get_running_loop()
        if loop not in self._clients:
            for closed in [known for known in self._clients if known.is_closed()]:
                del self._clients[closed]
            self._clients[loop] = self.make()
        return self._clients[loop]


@cache
def shared_client(endpoint: Endpoint) -> SharedClient:
    """Give the one client of this process for an endpoint."""
    return SharedClient(lambda: make_client(endpoint))
