import importlib
import pkgutil
from collections.abc import Iterator, Mapping

import anthropic
import httpx2
import pytest
from anthropic._error_classes import ERROR_CLASSES
from anthropic._exceptions import AnthropicError, APIError, APIStatusError
from pydantic import SecretStr

from tests.adapters.anthropic.peer import KEY, MODEL, Peer, Reply, ask, breaks, end_of, fails, repeats, sends
from toolbuilder.adapters.anthropic.backend import AnthropicBackend
from toolbuilder.adapters.anthropic.endpoint import Endpoint
from toolbuilder.adapters.anthropic.failures import ADVICE, KINDS, Kind, failure_of, kind_of
from toolbuilder.adapters.anthropic.quoting import LONGEST
from toolbuilder.adapters.outcomes import ProviderRefuses, Transient
from toolbuilder.errors import AnswerRejected, BudgetReached, ToolbuilderError

ROOTS: frozenset[type[BaseException]] = frozenset({AnthropicError, APIError, APIStatusError, httpx2.HTTPError})
NEVER_SENT = {  # classes that the SDK raises before or beside a call: correcting what is set is the only way on
    "APIWebhookValidationError",
    "MutuallyExclusiveAuthError",
    "StreamAlreadyConsumed",
    "WorkloadIdentityError",
}


def all_below(root: type[BaseException]) -> Iterator[type[BaseException]]:
    for below in root.__subclasses__():
        yield below
        yield from all_below(below)


def sdk_classes() -> set[type[BaseException]]:
    """Every exception class of the SDK, wherever it is defined."""
    for found in pkgutil.walk_packages(anthropic.__path__, "anthropic."):
        if ".tools" not in found.name and ".types." not in found.name:  # `types` is loaded by the table of errors
            try:
                importlib.import_module(found.name)
            except ImportError:
                continue  # a cloud's library that is not installed
    return {one for one in all_below(AnthropicError) if not one.__module__.startswith("anthropic.lib.tools")}


def undecided(kinds: Mapping[type[Exception], Kind]) -> set[str]:
    """Name the classes whose kind nobody has thought of: only a root of the tree decides it."""

    def decided_by(one: type[BaseException]) -> type[BaseException]:
        return next(parent for parent in one.__mro__ if parent in kinds)

    classes = [one for one in sdk_classes() | {*all_below(httpx2.RequestError)} if one not in ROOTS]
    nobody = {one.__name__ for one in classes if one not in kinds and decided_by(one) in ROOTS - {httpx2.HTTPError}}
    return nobody - NEVER_SENT


def test_every_exception_class_of_the_sdk_has_its_kind() -> None:
    assert len(sdk_classes()) > 100
    assert not undecided(KINDS)


@pytest.mark.parametrize("forgotten", [one for one in KINDS if issubclass(one, APIStatusError) and one not in ROOTS])
def test_a_kind_that_is_forgotten_is_caught(forgotten: type[Exception]) -> None:
    fewer = {one: kind for one, kind in KINDS.items() if one is not forgotten}
    by_a_parent = forgotten.__base__ in KINDS and forgotten.__base__ not in ROOTS
    assert (forgotten.__name__ in undecided(fewer)) != by_a_parent


@pytest.mark.parametrize(("status", "code"), ERROR_CLASSES)
def test_every_coded_error_becomes_one_of_ours(status: int, code: str | None) -> None:
    end = end_of(fails(status, code=code))
    assert isinstance(end, Transient | AnswerRejected | BudgetReached | ProviderRefuses)
    assert MODEL in str(end)


@pytest.mark.parametrize(
    ("status", "code", "family"),
    [
        (400, None, AnswerRejected),
        (400, "organization_on_hold", ProviderRefuses),
        (401, None, ProviderRefuses),
        (402, None, BudgetReached),
        (402, "linked_organization_spend_limit_reached", BudgetReached),
        (403, None, ProviderRefuses),
        (404, None, ProviderRefuses),
        (405, None, ProviderRefuses),
        (408, None, Transient),
        (409, None, Transient),
        (413, None, AnswerRejected),
        (422, None, AnswerRejected),
        (429, None, Transient),
        (429, "a_code_of_tomorrow", Transient),
        (429, "ramp_limit_exceeded", Transient),
        (429, "enforced_spend_limit_reached", BudgetReached),
        (429, "contract_spend_limit_reached", BudgetReached),
        (500, None, Transient),
        (502, None, Transient),
        (503, None, Transient),
        (504, None, Transient),
        (520, None, Transient),
        (529, None, Transient),
    ],
)
def test_the_status_decides_what_happens_next(status: int, code: str | None, family: type[ToolbuilderError]) -> None:
    assert type(end_of(fails(status, code=code))) is family


@pytest.mark.parametrize("kind", [*ADVICE])
def test_what_only_a_person_can_mend_says_how(kind: Kind) -> None:
    error_class = next(one for one in KINDS if kind_of(one) == kind)
    error = error_class.__new__(error_class)
    error.args = ("why",)
    if isinstance(error, APIStatusError):
        request = httpx2.Request("POST", "https://provider.test/v1/messages")
        error = error_class("why", response=httpx2.Response(400, request=request), body=None)  # type: ignore[call-arg]
    assert str(failure_of(error, MODEL)).endswith(ADVICE[kind])


@pytest.mark.parametrize(
    ("reply", "crowded", "maybe_billed", "wait"),
    [
        (fails(429, retry_after="7"), True, False, 7.0),
        (fails(429, retry_after="7", retry_after_ms="1500"), True, False, 1.5),
        (fails(529), True, False, None),
        (fails(500), False, False, None),
        (fails(504), False, True, None),
        (fails(408), False, True, None),
        (breaks(httpx2.ConnectError), False, False, None),
        (breaks(httpx2.ReadError), False, True, None),
        (breaks(httpx2.RemoteProtocolError), False, True, None),
        (breaks(httpx2.ReadTimeout), False, True, None),
    ],
)
def test_a_transient_failure_says_all_that_its_readers_need(
    reply: Reply,
    crowded: bool,  # noqa: FBT001
    maybe_billed: bool,  # noqa: FBT001
    wait: float | None,
) -> None:
    end = end_of(reply)
    assert isinstance(end, Transient)
    assert (end.crowded, end.maybe_billed, end.retry_after) == (crowded, maybe_billed, wait)


def test_a_provider_that_forbids_to_ask_again_is_believed_unless_the_call_may_have_been_billed() -> None:
    assert isinstance(end_of(fails(429, x_should_retry="false")), ProviderRefuses)
    assert isinstance(end_of(fails(504, x_should_retry="false")), Transient)


def test_the_providers_words_are_quoted_on_one_line_and_cut() -> None:
    end = str(end_of(fails(400, "invalid_request_error", "too\n  long: " + "x" * 5_000)))
    assert "HTTP 400: invalid_request_error: too long: xxx" in end
    assert len(end) < LONGEST + 150
    assert "\n" not in end


def test_the_page_of_a_proxy_is_not_quoted() -> None:
    assert str(end_of(sends(b"<html>Bad gateway</html>", "text/html", 502))) == f"{MODEL}: HTTP 502"


def test_a_server_that_repeats_the_key_is_not_quoted_with_it() -> None:
    end = str(end_of(repeats(400, "you sent")))
    assert "you sent [hidden] [hidden]" in end
    assert KEY not in end


def test_a_key_of_no_known_form_is_hidden_for_being_the_one_that_was_sent() -> None:
    peer = Peer([repeats(400, "you sent")])
    own = Endpoint(base_url="http://127.0.0.1:9", key=SecretStr("of-no-known-form"))
    with pytest.raises(AnswerRejected, match=r"you sent \[hidden\] \[hidden\]$"):
        ask(AnthropicBackend(lambda: peer.client(own), MODEL))


def test_the_table_names_classes_that_exist_once() -> None:
    assert all(issubclass(one, Exception) for one in KINDS)
    assert len(KINDS) == len(set(KINDS))
