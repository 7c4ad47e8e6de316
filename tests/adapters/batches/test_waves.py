import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.sabotage import Protection, assert_guarded
from toolbuilder.adapters.batches import waves

Scene = Callable[["World"], Coroutine[Any, Any, None]]


@dataclass
class World:
    """Waves, and how many questions were held each time that they went."""

    part: Any
    held: list[asyncio.Future[None]] = field(default_factory=list)
    went: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.waves = self.part.Waves(self._go)

    def _go(self) -> None:
        if not self.held:  # it may be called again while all wait
            return
        held, self.held = self.held, []
        self.went.append(len(held))
        for one in held:
            one.set_result(None)

    async def ask(self, tool: str, key: str, after: int = 0) -> None:
        """Ask a question that is held once the loop has turned a few times."""
        with self.waves.asking(tool, key):
            for _ in range(after):
                await asyncio.sleep(0)
            answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self.held.append(answer)
            self.waves.hold(tool, key)
            await answer
            self.waves.release(tool, key)


def went(part: Any, scene: Scene) -> list[int]:
    async def play() -> list[int]:
        world = World(part)
        async with asyncio.timeout(2):
            await scene(world)
        return world.went

    return asyncio.run(play())


async def _two_builds(world: World) -> None:
    async def build(tool: str, after: int) -> None:
        with world.waves.underway(tool):
            for _ in range(after):
                await asyncio.sleep(0)
            await asyncio.gather(world.ask(tool, "a"), world.ask(tool, "b", after))

    await asyncio.gather(build("one", 3), build("two", 20))


async def _one_ends_early(world: World) -> None:
    async def build(tool: str, *, asks: bool) -> None:
        with world.waves.underway(tool):
            await asyncio.sleep(0)
            if asks:
                await world.ask(tool, "a")
            else:
                for _ in range(20):
                    await asyncio.sleep(0)

    await asyncio.gather(build("one", asks=True), build("two", asks=False))


async def _the_same_question_twice(world: World) -> None:
    lock = asyncio.Lock()

    async def wait_for_the_first() -> None:
        with world.waves.asking("one", "a"):
            async with lock:
                pass

    async def first() -> None:
        async with lock:
            await world.ask("one", "a")

    with world.waves.underway("one"):
        await asyncio.gather(first(), wait_for_the_first())


async def _an_asker_leaves(world: World) -> None:
    with world.waves.underway("one"):
        leaving = asyncio.create_task(world.ask("one", "a", 20))
        staying = asyncio.create_task(world.ask("one", "b"))
        await asyncio.sleep(0)
        leaving.cancel()
        await asyncio.gather(leaving, staying, return_exceptions=True)


def what_all_can_ask_goes_together(part: Any) -> None:
    assert went(part, _two_builds) == [4]


def a_build_that_has_ended_is_waited_for_no_more(part: Any) -> None:
    assert went(part, _one_ends_early) == [1]


def who_waits_for_the_same_question_holds_nobody_up(part: Any) -> None:
    assert went(part, _the_same_question_twice) == [1]


def a_question_that_nobody_asks_any_more_holds_nobody_up(part: Any) -> None:
    try:
        assert went(part, _an_asker_leaves) == [1]
    except TimeoutError:
        pytest.fail("the other question was never answered")


GUARDED: list[Protection] = [
    (what_all_can_ask_goes_together, "return bool(self.held) and self.held == self.asking.keys()", "return bool(self.held)"),
    (what_all_can_ask_goes_together, "if self._underway and all(", "if self._underway and any("),
    (what_all_can_ask_goes_together, "asyncio.get_running_loop().call_soon(self._look)", "self._look()"),
    (a_question_that_nobody_asks_any_more_holds_nobody_up, "            _less(asking, key)\n", ""),
]  # fmt: skip


@pytest.mark.parametrize("protection", GUARDED)
def test_a_wave_goes_when_nobody_can_go_on(protection: Protection) -> None:
    assert_guarded(waves, protection)


@pytest.mark.parametrize(
    "check", [a_build_that_has_ended_is_waited_for_no_more, who_waits_for_the_same_question_holds_nobody_up]
)
def test_nobody_waits_for_what_does_not_come(check: Callable[[Any], None]) -> None:
    check(waves)
