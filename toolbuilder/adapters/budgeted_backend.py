"""A backend that never overspends: it reserves what a call can cost, makes the call, and books what it did cost."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from toolbuilder.adapters.outcomes import ProviderRefuses, RejectedAnswer, Transient
from toolbuilder.adapters.reserving import reserved
from toolbuilder.budget import NOTHING, Ledger, Reservation, dollars
from toolbuilder.errors import AnswerRejected, BudgetReached, FileIsWrong, Problem, ToolbuilderError
from toolbuilder.ports import Answer, ModelBackend, Purchase, Question
from toolbuilder.pricing import Model
from toolbuilder.schema import digest

Record = Callable[[str, str, Answer], Awaitable[None]]  # key, microtask, answer: what `Journal.record` takes
Clock = Callable[[], datetime]


def _utc_now() -> datetime:
    return datetime.now(UTC)


class BudgetedBackend:
    """Asks `inner`, the model itself, as long as the ledger has room for the worst case.

    What was paid without a usable answer is put on `record`, so that the next run knows of it.
    """

    def __init__(self, inner: ModelBackend, ledger: Ledger, model: Model, record: Record, now: Clock = _utc_now):
        self._inner = inner
        self._ledger = ledger
        self._model = model
        self._record = record
        self._now = now

    async def ask(self, question: Question) -> Answer:
        """Answer one question, its cost filled in.

        Raises BudgetReached when a cap has no room for it, FileIsWrong when a cap is set and no price is known, and
        what the inner backend raises.
        """
        reservation = await self._reserve(question)
        at = reservation.at.isoformat(timespec="microseconds")
        bought = Purchase(at, digest(question.context), grant=reservation.grant)
        try:
            answer = await self._inner.ask(question)
        except BaseException as error:
            await self._without_answer(question, replace(bought, answered=False), reservation, error)
            raise
        return self._settled(answer, replace(bought, answered=not answer.withheld), reservation)

    async def _reserve(self, question: Question) -> Reservation:
        """Set the worst case aside; where only calls in flight stand in the way, wait for them within the deadline."""
        worst = self._model.worst(question)
        if worst is None and self._ledger.caps:
            raise price_unknown(self._model.id, self._ledger)
        usd, what = worst or NOTHING, f"{question.microtask} of {self._model.id}"
        clock = asyncio.get_running_loop().time
        latest = clock() + question.deadline
        while True:
            ended, at = self._ledger.next_end(), self._now()
            try:
                return await reserved(self._ledger, usd, what, at)
            except BudgetReached:
                if clock() >= latest or not self._ledger.fits_when_idle(usd, at):
                    raise
            await asyncio.wait([asyncio.wrap_future(ended)], timeout=latest - clock())

    def _settled(self, answer: Answer, bought: Purchase, reservation: Reservation) -> Answer:
        if (cost := self._model.cost(answer)) is None:
            return self._forfeited(answer, bought, reservation)
        self._ledger.settle(reservation, cost)
        return replace(answer, cost_usd=float(cost), purchase=bought)

    def _forfeited(self, answer: Answer, bought: Purchase, reservation: Reservation) -> Answer:
        """Let the reservation stand for a cost that cannot be known."""
        self._ledger.forfeit(reservation)
        known = replace(bought, cost="at most" if reservation.usd else "unknown")
        return replace(answer, cost_usd=float(reservation.usd), purchase=known)

    async def _without_answer(
        self, question: Question, bought: Purchase, reservation: Reservation, error: BaseException
    ) -> None:
        if is_free(error):
            self._ledger.settle(reservation, NOTHING)
        elif isinstance(error, RejectedAnswer):
            await self._remember(question, self._settled(error.answer, bought, reservation), error)
        else:
            silence = Answer("", self._model.engine, self._model.id)
            await self._remember(question, self._forfeited(silence, bought, reservation), error)

    async def _remember(self, question: Question, lost: Answer, error: BaseException) -> None:
        """Journal a call that brought nothing, under a key that no question has; `error` stays what is raised."""
        key = digest("no answer", question.key, lost.purchase and lost.purchase.at, id(error))
        try:
            await self._record(key, question.microtask, replace(lost, text=""))
        except ToolbuilderError as failure:
            error.add_note(f"{dollars(Decimal(str(lost.cost_usd)))} could not be journalled: {failure}")


def is_free(error: BaseException) -> bool:
    """Say whether a call that ended so was certainly not billed; nothing else is ever taken for free."""
    if isinstance(error, Transient):
        return not error.maybe_billed
    return isinstance(error, ProviderRefuses | BudgetReached | AnswerRejected) and not isinstance(error, RejectedAnswer)


def price_unknown(model: str, ledger: Ledger) -> FileIsWrong:
    """Say that a cap cannot be kept, because nobody knows what a model costs."""
    caps = ", ".join(ledger.caps)
    message = (
        f"no price is known for the model {model!r}, and a cap is set on the {caps}: name a model of the price list, "
        f'say what it costs with `prices = {{"{model}" = {{input = 1.0, output = 5.0}}}}` (USD per million tokens), '
        "or take the cap away"
    )
    return FileIsWrong([Problem("toolbuilder.toml", 0, 0, message)])
