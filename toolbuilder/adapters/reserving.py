"""Setting money aside for a call: out of what is granted to this run, and where that is not enough, out of more."""

import asyncio
from datetime import datetime
from decimal import Decimal

from toolbuilder.budget import Ledger, NotGranted, Reservation


async def reserved(ledger: Ledger, usd: Decimal, what: str, at: datetime) -> Reservation:
    """Set an amount aside; more is granted in a thread, because it takes seconds.

    Raises BudgetReached where a cap has no room for it, RepositoryError where nothing can be granted.
    """
    while True:
        try:
            return ledger.reserve(usd, what, at)
        except NotGranted:  # once more after that: another call may have been faster
            await asyncio.to_thread(ledger.draw, usd, what, at)
