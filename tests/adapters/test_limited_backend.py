import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from tests.adapters.anthropic.peer import QUESTION, Peer, fails, says
from toolbuilder.adapters.limited_backend import CallLimit, LimitedBackend
from toolbuilder.adapters.outcomes import ProviderUnavailable, Transient
from toolbuilder.adapters.retrying_backend import RetryingBackend
from toolbuilder.ports import Answer, ModelBackend, Question

ANSWER = Answer("{}", "shop", "shop-1")
CROWD = Transient("HTTP 429", crowded=True)


@dataclass
class Shop:
    """A backend that answers when it is told to, and counts who is inside; a lock, for several loops ask it."""

    opens_at: int
    inside: int = 0
    most_inside: int = 0
    begun: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    async def ask(self, question: Question) -> Answer:
        with self.lock:
            self.begun.append(question.input)
            self.inside += 1
            self.most_inside = max(self.most_inside, self.inside)
        for _ in range(self.opens_at):  # rounds of the loop, so that whoever may enter has entered
            await asyncio.sleep(0)
        with self.lock:
            self.inside -= 1
        return ANSWER


def questions(count: int) -> list[Question]:
    return [replace(QUESTION, input=str(number)) for number in range(count)]


def most_at_once(wrap: Callable[[ModelBackend, CallLimit], ModelBackend], most: int, asked: int) -> int:
    """Give how many of many questions were in flight together."""
    shop, limit = Shop(opens_at=20), CallLimit(most)

    async def run() -> None:
        backend = wrap(shop, limit)
        await asyncio.gather(*map(backend.ask, questions(asked)))

    asyncio.run(run())
    return shop.most_inside


@pytest.mark.parametrize(("most", "asked", "expected"), [(1, 5, 1), (3, 12, 3), (8, 5, 5)])
def test_as_many_calls_as_allowed_are_in_flight_and_no_more(most: int, asked: int, expected: int) -> None:
    assert most_at_once(LimitedBackend, most, asked) == expected


def test_a_limit_of_each_own_is_caught() -> None:
    def own(inner: ModelBackend, _limit: CallLimit) -> ModelBackend:
        @dataclass
        class EachItsOwn:
            async def ask(self, question: Question) -> Answer:
                return await LimitedBackend(inner, CallLimit(1)).ask(question)

        return EachItsOwn()

    assert most_at_once(own, 3, 12) != 3


def test_the_limit_holds_over_threads_and_event_loops() -> None:
    shop, limit = Shop(opens_at=50), CallLimit(3)

    async def run() -> None:
        await asyncio.gather(*map(LimitedBackend(shop, limit).ask, questions(8)))

    threads = [threading.Thread(target=asyncio.run, args=(run(),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(shop.begun) == 32
    assert shop.most_inside <= 3
    assert limit.in_flight == 0


def test_questions_are_served_in_the_order_in_which_they_came() -> None:
    shop = Shop(opens_at=2)

    async def run() -> None:
        await asyncio.gather(*map(LimitedBackend(shop, CallLimit(2)).ask, questions(9)))

    asyncio.run(run())
    assert shop.begun == [str(number) for number in range(9)]


def test_the_time_spent_in_the_queue_is_not_taken_from_the_deadline() -> None:
    seen: list[float] = []

    @dataclass
    class Slow:
        async def ask(self, question: Question) -> Answer:
            seen.append(question.deadline)
            return ANSWER

    async def run() -> None:
        await asyncio.gather(*map(LimitedBackend(Slow(), CallLimit(1)).ask, questions(3)))

    asyncio.run(run())
    assert seen == [QUESTION.deadline] * 3


def test_a_failure_gives_its_place_back_and_does_not_raise_the_limit() -> None:
    @dataclass
    class Closed:
        async def ask(self, question: Question) -> Answer:
            raise ProviderUnavailable(question.microtask)

    limit = CallLimit(4)
    limit.heed(CROWD)
    for _ in range(5):
        with pytest.raises(ProviderUnavailable):
            asyncio.run(LimitedBackend(Closed(), limit).ask(QUESTION))
    assert (limit.in_flight, limit.allowed) == (0, 2)


@pytest.mark.parametrize("rounds", [0, 1, 2, 3])
def test_who_is_cancelled_in_the_queue_or_on_the_threshold_leaves_no_place_taken(rounds: int) -> None:
    shop, limit = Shop(opens_at=1), CallLimit(1)

    async def run() -> None:
        first, second, third = (asyncio.create_task(LimitedBackend(shop, limit).ask(one)) for one in questions(3))
        for _ in range(rounds):
            await asyncio.sleep(0)
        second.cancel()
        await asyncio.gather(first, second, third, return_exceptions=True)
        assert third.result() == ANSWER

    asyncio.run(asyncio.wait_for(run(), 30))
    assert limit.in_flight == 0


# --- adaptation -------------------------------------------------------------------------------------------------------


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_crowd_halves_the_limit_once_a_second_and_never_below_one() -> None:
    clock = Clock()
    limit = CallLimit(8, clock=clock)
    seen = []
    for second in range(5):
        clock.now = float(second)
        for _ in range(8):  # all that were in flight complain of the same crowd
            limit.heed(CROWD)
        seen.append(limit.allowed)
    assert seen == [4, 2, 1, 1, 1]


def test_a_failure_that_says_nothing_of_a_crowd_changes_nothing() -> None:
    limit = CallLimit(8)
    limit.heed(Transient("HTTP 500"))
    assert limit.allowed == 8


def test_the_limit_recovers_by_one_a_round_of_answers_up_to_what_it_was() -> None:
    limit = CallLimit(4)
    limit.heed(CROWD)
    seen = []
    for _ in range(12):
        limit.answered()
        seen.append(limit.allowed)
    assert seen == sorted(seen)
    assert seen[0] == 2  # one answer is not a round
    assert seen[-1] == 4


def test_a_lowered_limit_holds_for_those_who_wait() -> None:
    limit = CallLimit(8)
    limit.heed(CROWD)
    limit.heed(CROWD)
    shop = Shop(opens_at=20)

    async def run() -> None:
        await asyncio.gather(*map(LimitedBackend(shop, limit).ask, questions(4)))

    asyncio.run(run())
    assert shop.most_inside == 4


def test_a_crowd_that_the_retries_meet_lowers_the_limit() -> None:
    limit, peer = CallLimit(8), Peer([fails(429, retry_after="2"), says("{}")])

    async def do_not_wait(_seconds: float) -> None:
        return

    backend = LimitedBackend(RetryingBackend(peer.backend(), heed=limit.heed, sleep=do_not_wait), limit)
    assert asyncio.run(backend.ask(QUESTION)).text == "{}"
    assert (limit.allowed, len(peer.requests)) == (4, 2)


def test_an_answer_lets_more_in() -> None:
    limit = CallLimit(2)
    limit.heed(CROWD)
    asyncio.run(LimitedBackend(Shop(opens_at=1), limit).ask(QUESTION))
    assert limit.allowed == 2
