"""A backend that never asks twice: what the journal holds is answered from there, what is bought is stored first."""

import asyncio
from dataclasses import replace
from weakref import WeakValueDictionary

from toolbuilder.errors import AnswerMissing, AnswerRejected
from toolbuilder.journal import Journal
from toolbuilder.ports import Answer, ModelBackend, Question
from toolbuilder.schema import digest


class JournaledBackend:
    """Asks `inner` only for answers that the journal lacks; without an inner backend it replays the journal alone."""

    def __init__(self, inner: ModelBackend | None, journal: Journal):
        self._inner = inner
        self._journal = journal
        # One lock a key: whoever asks a question that is being asked waits, and then finds the answer in the journal.
        self._asking: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def ask(self, question: Question) -> Answer:
        """Give the journalled answer, or buy it and give it once it is stored.

        Raises AnswerMissing in a replay that meets a question nobody has answered, and what the inner backend raises.
        """
        key = question.key
        async with self._asking.setdefault(key, asyncio.Lock()):
            if known := self._journal.get(key):
                return known
            if self._inner is None:
                raise AnswerMissing(
                    f"{question.microtask}: {self._journal.ref} holds no answer under {key}; "
                    "run once with another engine than `replay`"
                )
            answer = await self._inner.ask(question)
            try:
                await self._journal.record(key, question.microtask, answer)
            except AnswerRejected:
                await self._remember(question, answer)
                raise
            kept = self._journal.get(key) or answer
            if kept.purchase != answer.purchase:  # another run has bought one too, and was faster
                await self._remember(question, answer)
            return kept

    async def _remember(self, question: Question, answer: Answer) -> None:
        """Journal what an answer cost that the journal does not hold, under a key that no question has."""
        if bought := answer.purchase:
            lost = replace(answer, text="", purchase=replace(bought, answered=False))
            await self._journal.record(digest("no answer", question.key, bought.at), question.microtask, lost)
