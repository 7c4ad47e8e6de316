"""The client of the kill test: `python -m tests.batch_client REPOSITORY PROVIDER BATCH MOMENT [SABOTAGE]`.

Builds two tools by batch, and kills itself with SIGKILL at the given batch, counted from 1: while it waits for it
("waiting"), or when the provider has taken it and has not said so yet ("sending").
"""

import asyncio
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

import httpx2

from tests.batched_provider import BatchedProvider, BatchShop, run
from toolbuilder.adapters.batches.fetching import Rhythm
from toolbuilder.adapters.batches.record import Batch, OpenBatches


@dataclass
class Deadly(BatchedProvider):
    """A provider that takes a batch, and whose client does not live to hear of it."""

    fatal: int = 0

    async def handle(self, request: httpx2.Request) -> httpx2.Response:
        response = await super().handle(request)
        if request.method == "POST" and len(self.batches) == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        return response


@dataclass(frozen=True)
class UnannouncedBatches(OpenBatches):
    """Sabotaged: a batch is written down only once its id is known."""

    def open(self, batch: Batch) -> None:
        """Leave out what has no id."""
        if batch.id:
            super().open(batch)


@dataclass(frozen=True)
class LateBatches(OpenBatches):
    """Sabotaged: a batch is written down only once its answers are there."""

    def open(self, batch: Batch) -> None:
        """Leave it for later."""

    def close(self, batch: Batch) -> None:
        super().open(batch)
        super().close(batch)


RECORDS = {"": OpenBatches, "ignores": OpenBatches, "late": LateBatches, "unannounced": UnannouncedBatches}


def main(repository: str, folder: str, fatal: str, moment: str, sabotage: str = "") -> None:
    """Build until the fatal batch is sent, or waited for."""
    provider = Deadly(folder=Path(folder), fatal=int(fatal) if moment == "sending" else 0)

    async def sleep(_seconds: float) -> None:
        if moment == "waiting" and len(provider.batches) == int(fatal):
            os.kill(os.getpid(), signal.SIGKILL)
        await asyncio.sleep(0)

    shop = BatchShop(Path(repository), provider, rhythm=Rhythm(sleep=sleep), records=RECORDS[sabotage])
    run(shop, "dedupe-a", "dedupe-b")


if __name__ == "__main__":
    main(*sys.argv[1:])
