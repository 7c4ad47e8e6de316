"""Several tools built side by side; how one ends is nothing to the others."""

import asyncio
import os
from collections.abc import Sequence

from toolbuilder.build import Built, Order, Workshop
from toolbuilder.errors import DEBUG, ToolbuilderError, a_bug, explained
from toolbuilder.pipeline import build


async def build_all(orders: Sequence[Order], workshop: Workshop, jobs: int) -> list[Built | ToolbuilderError]:
    """Build tools, at most `jobs` at once; give how each ended, in the order of the orders.

    Raises RepositoryError when commits cannot be signed as they are to be, or when what others have cannot be brought
    here first.
    """
    await asyncio.to_thread(workshop.prove)
    await asyncio.to_thread(workshop.reconcile)
    places = asyncio.Semaphore(jobs)

    async def one(order: Order) -> Built | ToolbuilderError:
        async with places:
            return await _ended(order, workshop)

    return await asyncio.gather(*map(one, orders))


async def _ended(order: Order, workshop: Workshop) -> Built | ToolbuilderError:
    try:
        with workshop.underway(order.spec.name):
            return await build(order, workshop)
    except ToolbuilderError as error:
        return error
    except OSError as error:
        return ToolbuilderError(explained(error))
    except Exception as error:  # one tool's bug must not end the builds of the others
        if os.environ.get(DEBUG):
            raise
        return ToolbuilderError(a_bug(error))
