"""Waiting for several things at once, and for all of them to end: an answer that is on its way is paid for."""

import asyncio
from collections.abc import Awaitable, Iterable
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")


async def every(awaited: Iterable[Awaitable[A]]) -> list[A]:
    """Give the results in order. Raises what the first of them raised, but not before all have ended."""
    return [_good(end) for end in await asyncio.gather(*awaited, return_exceptions=True)]


async def both(one: Awaitable[A], other: Awaitable[B]) -> tuple[A, B]:
    """Give two results of different kinds, as `every` does."""
    first, second = await asyncio.gather(one, other, return_exceptions=True)
    return _good(first), _good(second)


def _good(end: A | BaseException) -> A:
    if isinstance(end, BaseException):
        raise end
    return end
