"""The SDK's exceptions by consequence: wait and ask again, ask somebody else, or tell a person what to change.

A class that the table does not name counts as the nearest of its parents that it does name.
"""

import json
from collections.abc import Mapping
from typing import Literal, TypeAlias

import anthropic
import httpx2
from anthropic import _exceptions as sdk  # some of the classes have no public name
from anthropic.lib._extras._common import MissingDependencyError
from anthropic.types import shared

from toolbuilder.adapters.anthropic.quoting import quoted
from toolbuilder.adapters.anthropic.waiting import retry_after
from toolbuilder.adapters.outcomes import ProviderRefuses, Transient
from toolbuilder.errors import AnswerRejected, BudgetReached, ToolbuilderError

Kind: TypeAlias = Literal[
    "transient", "rejected", "spent", "key", "permission", "missing", "account", "library", "setup"
]

UNREADABLE = (json.JSONDecodeError, UnicodeDecodeError, RecursionError)
KINDS: Mapping[type[Exception], Kind] = {
    # the way to the provider
    sdk.APIConnectionError: "transient",
    sdk.APIResponseValidationError: "transient",
    sdk.RetryableError: "transient",
    httpx2.HTTPError: "transient",
    httpx2.StreamError: "transient",
    **dict.fromkeys(UNREADABLE, "transient"),
    # what the provider says of the moment
    sdk.RequestTimeoutError: "transient",
    sdk.ConflictError: "transient",
    sdk.RateLimitError: "transient",
    sdk.ClientClosedRequestError: "transient",  # a proxy on the way gave up, we did not
    sdk.InternalServerError: "transient",
    # what it says of the question: another model may take it
    sdk.BadRequestError: "rejected",
    sdk.PreconditionFailedError: "rejected",
    sdk.ContentTooLargeError: "rejected",
    sdk.UnprocessableEntityError: "rejected",
    sdk.RequestHeaderFieldsTooLargeError: "rejected",
    # what it says of money
    sdk.PaymentRequiredError: "spent",
    shared.EnforcedSpendLimitReachedError: "spent",
    shared.ContractSpendLimitReachedError: "spent",
    # what it says of us
    sdk.AuthenticationError: "key",
    sdk.CredentialsError: "key",
    sdk.PermissionDeniedError: "permission",
    sdk.NotFoundError: "missing",
    shared.OrganizationOnHoldError: "account",
    shared.OrganizationTypeNotSupportedError: "account",
    shared.ParentOrganizationRequiredError: "account",
    shared.CMEKKeyDisabledError: "account",
    shared.CMEKKeyNetworkBlockedError: "account",
    # what was never sent
    ImportError: "library",
    MissingDependencyError: "library",
    sdk.APIStatusError: "setup",
    sdk.APIError: "setup",
    sdk.AnthropicError: "setup",
    httpx2.InvalidURL: "setup",
    httpx2.UnsupportedProtocol: "setup",
}
NOT_BILLED = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)
NEVER_LEFT = (httpx2.UnsupportedProtocol, httpx2.LocalProtocolError, httpx2.InvalidURL)  # an address that is none
MAYBE_BILLED = frozenset({408, 499, 504})  # somebody on the way stopped waiting; the model may have answered
SHORTEST_SECRET = 8  # characters: hiding `none` or `Bearer` would hide words
CROWDED = frozenset({429, 529})
ADVICE: Mapping[Kind, str] = {
    "spent": "raise the limit at the provider, then run again: everything paid for is kept",
    "key": "set a valid key, in ANTHROPIC_API_KEY or as the provider asks for it",
    "permission": "give the key the right to use this model, or set another model or key",
    "missing": "correct the model's name or the base URL in the settings",
    "account": "settle this with the provider, then run again: everything paid for is kept",
    "library": "the cloud's library is not installed: pip install 'anthropic[bedrock]' or 'anthropic[vertex]'",
    "setup": "correct the provider's settings",
}


def failure_of(error: Exception, model: str) -> ToolbuilderError:
    """Give what to raise instead of an exception of the SDK; it quotes no key, no header and no long body."""
    kind = "setup" if isinstance(error.__cause__, NEVER_LEFT) else kind_of(type(error))
    reason = f"{model}: {_reason(error)}"
    if kind == "transient":
        return _transient(error, reason)
    if kind == "rejected":
        return AnswerRejected(f"the provider takes no such question: {reason}")
    family = BudgetReached if kind == "spent" else ProviderRefuses
    return family(f"{reason}; {ADVICE[kind]}")


def kind_of(error: type[BaseException]) -> Kind:
    """Give the kind of an exception class: that of the nearest class in its ancestry that the table names."""
    return next((KINDS[one] for one in error.__mro__ if one in KINDS), "setup")


def _transient(error: Exception, reason: str) -> Transient | ProviderRefuses:
    if not isinstance(error, anthropic.APIStatusError):
        cause = error.__cause__ or error
        return Transient(reason, maybe_billed=not isinstance(cause, NOT_BILLED))
    headers, status = error.response.headers, error.status_code
    if headers.get("x-should-retry") == "false" and status not in MAYBE_BILLED:
        return ProviderRefuses(f"{reason}; the provider says that asking again will not help")
    wait = retry_after(headers)
    return Transient(reason, retry_after=wait, crowded=status in CROWDED, maybe_billed=status in MAYBE_BILLED)


def _reason(error: Exception) -> str:
    secrets = _secrets(error)
    if isinstance(error, anthropic.APIStatusError):
        words = [f"HTTP {error.status_code}", error.error_code or error.type, error.api_message]
        return ": ".join(quoted(str(word), secrets) for word in words if word)
    if isinstance(error, UNREADABLE):
        return "the server answered with something that cannot be read"
    shown = (error.__cause__ or error) if isinstance(error, anthropic.APIConnectionError) else error
    return ": ".join(part for part in (type(shown).__name__, quoted(str(shown), secrets)) if part)


def _secrets(error: Exception) -> list[str]:
    """Give what the request carried to prove who asks: a server may repeat it."""
    if not isinstance(error, anthropic.APIError):
        return []
    names = ("authorization", "x-api-key", "x-amz-security-token", "proxy-authorization", "cookie")
    parts = [part for name in names for part in error.request.headers.get(name, "").split()]
    return [part for part in parts if len(part) >= SHORTEST_SECRET]
