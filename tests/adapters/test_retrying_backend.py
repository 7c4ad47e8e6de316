import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import pairwise

import httpx2
import pytest

from tests.adapters.anthropic.peer import QUESTION, Peer, Reply, breaks, cut, fails, says, sends
from toolbuilder.adapters.outcomes import ProviderRefuses, ProviderUnavailable, Transient
from toolbuilder.adapters.retrying_backend import Patience, RetryingBackend
from toolbuilder.errors import AnswerRejected, BudgetReached, ToolbuilderError
from toolbuilder.ports import Answer, ModelBackend, Question

ANSWER = Answer("{}", "shop", "shop-1")
MINUTE = replace(QUESTION, deadline=60.0)


@dataclass
class Clock:
    """A clock that only waiting, and working, moves."""

    now: float = 1_000.0
    waits: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


@dataclass
class Shop:
    """A backend that fails in the given ways, each taking some seconds, and then answers."""

    clock: Clock
    failures: list[Exception]
    takes: float = 0.0
    asked: list[Question] = field(default_factory=list)

    async def ask(self, question: Question) -> Answer:
        self.asked.append(question)
        self.clock.now += min(self.takes, question.deadline)
        if self.takes >= question.deadline:
            raise Transient("no answer in time", maybe_billed=True)
        if len(self.asked) <= len(self.failures):
            raise self.failures[len(self.asked) - 1]
        return ANSWER


@dataclass(frozen=True)
class Run:
    """What became of a question."""

    end: Answer | ToolbuilderError
    shop: Shop
    clock: Clock
    heeded: list[Transient]

    @property
    def seconds(self) -> float:
        return self.clock.now - 1_000.0


Wrap = Callable[[ModelBackend, Clock, Callable[[Transient], None]], ModelBackend]


def retrying(inner: ModelBackend, clock: Clock, heed: Callable[[Transient], None] = lambda _: None) -> ModelBackend:
    return RetryingBackend(inner, heed=heed, clock=clock, sleep=clock.sleep, chance=lambda: 1.0)


def run(*failures: Exception, takes: float = 0.0, question: Question = MINUTE, wrap: Wrap = retrying) -> Run:
    clock, heeded = Clock(), list[Transient]()
    shop = Shop(clock, list(failures), takes)
    try:
        end: Answer | ToolbuilderError = asyncio.run(wrap(shop, clock, heeded.append).ask(question))
    except ToolbuilderError as error:
        end = error
    return Run(end, shop, clock, heeded)


def test_an_answer_is_given_as_it_is() -> None:
    one = run()
    assert (one.end, one.clock.waits) == (ANSWER, [])


def test_the_same_question_is_asked_again_after_pauses_that_double() -> None:
    one = run(*[Transient("busy")] * 4)
    assert one.end == ANSWER
    assert one.clock.waits == [1.0, 2.0, 4.0, 8.0]
    assert {asked.key for asked in one.shop.asked} == {MINUTE.key}


def test_chance_shortens_a_pause_by_half_at_most() -> None:
    pauses = [Patience().pause(attempt, Transient(""), chance) for attempt in (1, 3, 9) for chance in (0.0, 1.0)]
    assert pauses == [0.5, 1.0, 2.0, 4.0, 15.0, 30.0]


def test_the_provider_says_how_long_to_wait_and_nobody_comes_back_earlier_or_together() -> None:
    waits = [Patience().pause(1, Transient("", retry_after=45.0), chance) for chance in (0.0, 0.5, 1.0)]
    assert min(waits) == 45.0
    assert len(set(waits)) == 3


@pytest.mark.parametrize("error", [AnswerRejected("no"), BudgetReached("no"), ProviderRefuses("no")])
def test_what_waiting_does_not_mend_is_passed_on_at_once(error: ToolbuilderError) -> None:
    one = run(error)
    assert (one.end, len(one.shop.asked), one.clock.waits) == (error, 1, [])


def test_attempts_are_counted_out() -> None:
    one = run(*[Transient("HTTP 529: overloaded")] * 99, question=replace(QUESTION, deadline=1_000.0))
    assert isinstance(one.end, ProviderUnavailable)
    assert one.end.exit_code == 1
    assert str(one.end) == (
        "name_it: the provider did not answer: 6 attempts in 31 s; the last reason: HTTP 529: overloaded; "
        "run again, everything paid for is kept"
    )


def test_a_wait_that_the_deadline_does_not_allow_is_not_begun() -> None:
    one = run(Transient("HTTP 429", retry_after=300.0, crowded=True))
    assert "1 attempt in 0 s, and its deadline of 60 s leaves no time for another" in str(one.end)
    assert one.clock.waits == []


def test_every_failure_is_heeded() -> None:
    failures = [Transient("one"), Transient("two", crowded=True)]
    assert run(*failures).heeded == failures


# --- the total deadline -----------------------------------------------------------------------------------------------


def keeps_the_total_deadline(wrap: Wrap) -> bool:
    """Tell whether attempts and pauses together fit into the deadline, and each attempt is told what is left."""
    one = run(*[Transient("busy")] * 99, takes=13.0, wrap=wrap)
    left = [asked.deadline for asked in one.shop.asked]
    falls = all(later < earlier for earlier, later in pairwise(left))
    return one.seconds <= MINUTE.deadline and falls and len(left) > 1


def test_the_deadline_covers_all_attempts_and_pauses() -> None:
    assert keeps_the_total_deadline(retrying)


@dataclass(frozen=True)
class DeadlinePerAttempt:
    """A sabotaged backend: every attempt has the whole deadline."""

    inner: ModelBackend
    clock: Clock

    async def ask(self, question: Question) -> Answer:
        for attempt in range(1, 7):
            try:
                return await self.inner.ask(question)
            except Transient as failure:
                await self.clock.sleep(Patience().pause(attempt, failure, 1.0))
        raise ProviderUnavailable("never")


def test_a_deadline_that_begins_anew_with_every_attempt_is_caught() -> None:
    assert not keeps_the_total_deadline(lambda inner, clock, _: DeadlinePerAttempt(inner, clock))


# --- one place that retries -------------------------------------------------------------------------------------------


def asks_at_most_as_often_as_it_says(wrap: Wrap) -> bool:
    """Tell whether a provider that never answers is asked no more than six times."""
    one = run(*[Transient("busy")] * 999, question=replace(QUESTION, deadline=10_000.0), wrap=wrap)
    return len(one.shop.asked) == Patience().attempts


def test_a_provider_that_never_answers_is_asked_six_times() -> None:
    assert asks_at_most_as_often_as_it_says(retrying)


@dataclass(frozen=True)
class RetryingAnything:
    """A sabotaged backend: it asks again whatever went wrong, retries that were given up included."""

    inner: ModelBackend

    async def ask(self, question: Question) -> Answer:
        for _ in range(2):
            try:
                return await self.inner.ask(question)
            except ToolbuilderError:
                continue
        raise ProviderUnavailable("never")


def test_a_retry_around_a_retry_is_caught() -> None:
    assert not asks_at_most_as_often_as_it_says(lambda inner, clock, _: RetryingAnything(retrying(inner, clock)))
    assert not asks_at_most_as_often_as_it_says(lambda inner, clock, _: retrying(RetryingAnything(inner), clock))


# --- with the real SDK ------------------------------------------------------------------------------------------------

TROUBLE: dict[str, Reply] = {
    "429 with retry-after": fails(429, "rate_limit_error", "slow down", retry_after="3"),
    "529": fails(529, "overloaded_error", "overloaded"),
    "500": fails(500),
    "409": fails(409),
    "408": fails(408),
    "502 of a proxy": sends(b"<html>Bad gateway</html>", "text/html", 502),
    "200 of a proxy": sends(b"<html>Sign in</html>", "text/html"),
    "garbage": sends(b'{"id": "msg_'),
    "refused": breaks(httpx2.ConnectError),
    "dropped": breaks(httpx2.RemoteProtocolError),
    "timed out": breaks(httpx2.ReadTimeout),
    "cut": cut(),
}


@pytest.mark.parametrize("trouble", TROUBLE)
def test_trouble_that_passes_costs_one_wait_and_two_requests(trouble: str) -> None:
    clock, peer = Clock(), Peer([TROUBLE[trouble], says("{}")])
    answer = asyncio.run(retrying(peer.backend(), clock).ask(MINUTE))
    assert answer.text == "{}"
    assert len(peer.requests) == 2
    assert clock.waits == [3.25 if "retry-after" in trouble else 1.0]


@pytest.mark.parametrize("trouble", TROUBLE)
def test_trouble_that_stays_is_named(trouble: str) -> None:
    clock, peer = Clock(), Peer([TROUBLE[trouble]])
    with pytest.raises(
        ProviderUnavailable, match=r"^name_it: the provider did not answer: 6 attempts in .*model-small"
    ):
        asyncio.run(retrying(peer.backend(), clock).ask(MINUTE))
    assert len(peer.requests) == 6


def test_a_spend_limit_is_never_asked_again() -> None:
    clock, peer = (
        Clock(),
        Peer([fails(429, "rate_limit_error", "spent", "enforced_spend_limit_reached", retry_after="1")]),
    )
    with pytest.raises(BudgetReached, match="raise the limit at the provider"):
        asyncio.run(retrying(peer.backend(), clock).ask(MINUTE))
    assert (len(peer.requests), clock.waits) == (1, [])
