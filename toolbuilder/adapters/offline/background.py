"""Work in a thread that nobody waits for: an interrupt ends the program at once, and all that the thread started."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

Result = TypeVar("Result")


async def in_background(work: Callable[[], Result]) -> Result:
    """Give the result of the work, or raise its error, and hold up nothing else."""
    future: Future[Result] = Future()
    threading.Thread(target=_settle, args=(future, work), daemon=True).start()
    return await asyncio.wrap_future(future)


def _settle(future: Future[Result], work: Callable[[], Result]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        future.set_result(work())
    except Exception as error:  # noqa: BLE001  whoever waits raises it again
        future.set_exception(error)
