"""The client of the kill test: `python -m tests.batch_client REPOSITORY PROVIDER BATCH [SABOTAGE]`.

Builds two tools by batch, and kills itself with SIGKILL while it waits for the given batch, counted from 1.
"""

import asyncio
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.batched_provider import BatchedProvider, BatchShop, run
from toolbuilder.adapters.batches.fetching import Rhythm
from toolbuilder.adapters.batches.record import Batch, OpenBatches


@dataclass(frozen=True)
class LateBatches(OpenBatches):
    """Sabotaged: a batch is written down only once its answers are there."""

    def open(self, batch: Batch) -> None:
        """Leave it for later."""

    def close(self, batch: Batch) -> None:
        super().open(batch)
        super().close(batch)


def main(repository: str, folder: str, fatal: str, sabotage: str = "") -> None:
    """Build until the fatal batch is waited for."""
    provider = BatchedProvider(folder=Path(folder))

    async def sleep(_seconds: float) -> None:
        if len(provider.batches) == int(fatal):
            os.kill(os.getpid(), signal.SIGKILL)
        await asyncio.sleep(0)

    records = LateBatches if sabotage == "late" else OpenBatches
    run(BatchShop(Path(repository), provider, rhythm=Rhythm(sleep=sleep), records=records), "dedupe-a", "dedupe-b")


if __name__ == "__main__":
    main(*sys.argv[1:])
