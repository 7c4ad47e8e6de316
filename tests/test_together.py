import asyncio
from typing import Any

import pytest

from tests.sabotage import Protection, assert_guarded
from toolbuilder import together
from toolbuilder.errors import AnswerRejected


def ends(part: Any, name: str) -> list[str]:
    """Let one thing fail at once while another takes its time; give what came to its end by then."""
    ended: list[str] = []

    async def fail() -> None:
        raise AnswerRejected("no")

    async def pay() -> None:
        for _ in range(5):
            await asyncio.sleep(0)
        ended.append("paid")

    async def run() -> None:
        with pytest.raises(AnswerRejected, match="no"):
            await (part.every([fail(), pay()]) if name == "every" else part.both(fail(), pay()))

    asyncio.run(run())
    return ended


def what_is_on_its_way_is_waited_for(part: Any) -> None:
    assert ends(part, "every") == ends(part, "both") == ["paid"]


GUARDED: list[Protection] = [
    (what_is_on_its_way_is_waited_for, "(*awaited, return_exceptions=True)", "(*awaited)"),
    (what_is_on_its_way_is_waited_for, "(one, other, return_exceptions=True)", "(one, other)"),
]


@pytest.mark.parametrize("protection", GUARDED)
def test_a_failure_does_not_drop_what_is_paid_for(protection: Protection) -> None:
    assert_guarded(together, protection)


def test_results_come_in_order() -> None:
    async def give(value: int, turns: int) -> int:
        for _ in range(turns):
            await asyncio.sleep(0)
        return value

    async def run() -> tuple[list[int], tuple[int, int]]:
        return await together.every([give(1, 3), give(2, 0)]), await together.both(give(1, 3), give(2, 0))

    assert asyncio.run(run()) == ([1, 2], (1, 2))
