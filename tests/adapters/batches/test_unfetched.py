"""What an earlier run was about to send when it was killed."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.adapters.batches.office import Desk, Office
from tests.adapters.batches.test_open_batches import batch, opened
from toolbuilder.adapters.batches.fetching import Unfetched

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)


def left_after(folder: Path, minutes: int) -> int:
    """Look for a batch that never arrived, so many minutes after it was written down; give how many stay so."""
    office = Office(folder, Desk())
    opened(folder).open(batch("").model_copy(update={"at": AT.isoformat()}))
    unfetched = Unfetched(lambda: office.fetcher, office.open, lambda: AT + timedelta(minutes=minutes))
    asyncio.run(unfetched.fetch())
    assert "look" in office.desk.calls
    assert "fetch" not in office.desk.calls
    return len(opened(folder).all())


@pytest.mark.parametrize(("minutes", "left"), [(1, 1), (59, 1), (61, 0)])
def test_a_batch_that_never_arrived_is_forgotten_once_nobody_can_be_sending_it(
    git_repo: Path, minutes: int, left: int
) -> None:
    assert left_after(git_repo, minutes) == left
