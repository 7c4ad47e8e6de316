"""A backend that pays for no answer that another tool's journal holds: a renamed tool, a branch begun anew."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from toolbuilder.journal import Journal
from toolbuilder.ports import Answer, ModelBackend, Question

OFFLINE = "offline"  # who asks a model does not want what the embedded engine said to somebody else


@dataclass(frozen=True)
class SharedBackend:
    """Asks `inner`, who is paid, only for what no journal of `others` answers; they are opened when it is asked."""

    inner: ModelBackend
    others: Callable[[], Iterable[Journal]]

    async def ask(self, question: Question) -> Answer:
        """Give another tool's answer, as one that was not bought, or the inner backend's."""
        if known := await asyncio.to_thread(self._known, question.key):
            return replace(known, cost_usd=0.0, purchase=None)
        return await self.inner.ask(question)

    def _known(self, key: str) -> Answer | None:
        found = (journal.get(key) for journal in self.others())
        return next((answer for answer in found if answer and answer.engine != OFFLINE), None)
