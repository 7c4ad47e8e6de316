"""The post of one run: questions are held until nobody can go on, and then sent together as one batch."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from toolbuilder.adapters.batches.booking import record
from toolbuilder.adapters.batches.fetching import Fetcher, utc_now
from toolbuilder.adapters.batches.record import Asked, Batch, Outcome, Sent
from toolbuilder.adapters.batches.waves import Waves
from toolbuilder.adapters.budgeted_backend import is_free, price_unknown
from toolbuilder.adapters.outcomes import ProviderUnavailable, RejectedAnswer, Transient
from toolbuilder.adapters.reserving import reserved
from toolbuilder.budget import NOTHING, Ledger, Reservation
from toolbuilder.errors import BudgetReached, RepositoryError, ToolbuilderError
from toolbuilder.events import BatchSent, Listener
from toolbuilder.ports import Answer, Question
from toolbuilder.pricing import Model
from toolbuilder.schema import digest
from toolbuilder.tracing import span

MOST_TIMES = 3  # that a question is sent, when batches expire or the provider fails in them
MOST_QUESTIONS = 4_000  # in a batch: some 200 MB at most, where providers take 256


@dataclass(eq=False)
class Letter:
    """A question on its way, and who pays for it."""

    tool: str
    question: Question
    model: Model
    ledger: Ledger
    answer: asyncio.Future[Answer]
    times: int = 0
    reservation: Reservation | None = None

    async def reserve(self, at: datetime) -> None:
        """Set aside what the question can cost. Raises as `reserved` does, and FileIsWrong where no price is known."""
        if self.worst is None and self.ledger.caps:
            raise price_unknown(self.model.id, self.ledger)
        what = f"{self.question.microtask} of {self.model.id}"
        self.reservation = await reserved(self.ledger, self.worst or NOTHING, what, at)

    @property
    def worst(self) -> Decimal | None:
        """What the question can cost at most, in USD; None: no price is known."""
        return self.model.worst(self.question)

    @property
    def sent(self) -> Sent:
        """What is written down of it."""
        question = self.question
        return Sent(
            tool=self.tool,
            key=question.key,
            microtask=question.microtask,
            max_tokens=question.max_tokens,
            model=self.model.id,
            build=digest(question.context),
            worst=self.worst,
            grant=self.reservation.grant if self.reservation else "",
        )


@dataclass(eq=False)
class Post:
    """Holds letters, and sends them in waves; one wave at a time."""

    fetcher: Fetcher
    waves: Waves
    now: Callable[[], datetime] = utc_now
    tell: Listener = lambda _: None
    _held: list[Letter] = field(default_factory=list)
    _wave: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        self.waves.go = self._go

    async def ask(self, tool: str, question: Question, model: Model, ledger: Ledger) -> Answer:
        """Give the answer of the batch that the question goes with; it is journalled by then.

        Raises BudgetReached, FileIsWrong, AnswerRejected, ProviderRefuses, ProviderUnavailable or RepositoryError.
        """
        letter = Letter(tool, question, model, ledger, asyncio.get_running_loop().create_future())
        self._held.append(letter)
        self.waves.hold(tool, question.key)
        try:
            return await letter.answer
        finally:
            self._held = [one for one in self._held if one is not letter]
            self.waves.release(tool, question.key)

    def _go(self) -> None:
        if self._held and self._wave is None:
            self._wave = asyncio.create_task(self._send())

    async def _send(self) -> None:
        letters: list[Letter] = []
        outcomes: Sequence[Outcome | Exception] = []
        at = self.now()  # one time for all: the day that bears the costs
        try:
            await self._afford(letters, at)
            outcomes = await self._outcomes(letters, at) if letters else []
        except Exception as error:  # noqa: BLE001  (whatever it is, those who wait must hear of it)
            letters = letters or [*self._held]
            outcomes = [error] * len(letters)
        finally:
            self._wave = None
        for letter, outcome in zip(letters, outcomes, strict=True):
            settle(letter, outcome)
            self._deliver(letter, outcome)
        self.waves.look()

    async def _afford(self, chosen: list[Letter], at: datetime) -> None:
        """Choose the letters whose worst case can be reserved now; the others stay, or are told that it never can."""
        for letter in self._held[:MOST_QUESTIONS]:
            try:
                await letter.reserve(at)
            except RepositoryError:  # nothing more can be granted: what is chosen goes, the next wave tries again
                if not chosen:
                    raise
                return
            except ToolbuilderError as error:
                fits = isinstance(error, BudgetReached) and letter.ledger.fits_when_idle(letter.worst or NOTHING, at)
                if fits and chosen:
                    continue
                self._deliver(letter, error)
            else:
                letter.times += 1
                chosen.append(letter)
            self._held = [one for one in self._held if one is not letter]

    async def _outcomes(self, letters: Sequence[Letter], time: datetime) -> list[Outcome]:
        at = time.isoformat(timespec="microseconds")
        wave = digest(at)[:8]
        named = {f"{place}-{letter.question.key}-{wave}": letter for place, letter in enumerate(letters)}
        batch = Batch(id="", at=at, sent={custom_id: letter.sent for custom_id, letter in named.items()})
        await asyncio.to_thread(self.fetcher.open.open, batch)
        sent = await self._sent(batch, {i: Asked(one.question, one.model.id) for i, one in named.items()})
        if isinstance(sent, Transient):
            return await self._not_sent(batch, sent)
        self.tell(BatchSent(len(letters), sent.id))
        outcomes = await self.fetcher.fetch(sent)
        return [outcomes[custom_id] for custom_id in named]

    async def _sent(self, batch: Batch, asked: Mapping[str, Asked]) -> Batch | Transient:
        """Send a batch that is written down, and write its id down; what was heard without a word is looked for."""
        fetcher = self.fetcher
        try:
            name = await fetcher.patiently(lambda: fetcher.provider.send(asked), twice=False)
        except Transient as failure:
            return (await fetcher.adopted(batch) if failure.maybe_billed else None) or failure
        except ToolbuilderError:
            await asyncio.to_thread(fetcher.open.close, batch)
            raise
        sent = batch.model_copy(update={"id": name})
        await asyncio.to_thread(fetcher.open.open, sent)
        return sent

    async def _not_sent(self, batch: Batch, failure: Transient) -> list[Outcome]:
        """Journal what may be billed all the same: the next run has to know of it."""
        booking = (record(failure, sent, batch, self.fetcher.journal_of(sent.tool)) for sent in batch.sent.values())
        outcomes = await asyncio.gather(*booking)
        await asyncio.to_thread(self.fetcher.open.close, batch)
        return outcomes

    def _deliver(self, letter: Letter, outcome: Outcome | Exception) -> None:
        if letter.answer.done():  # its asker was stopped
            return
        if isinstance(outcome, Transient) and letter.times < MOST_TIMES:
            self._held.append(letter)
            return
        self.waves.release(letter.tool, letter.question.key)
        if isinstance(outcome, Answer):
            letter.answer.set_result(outcome)
        else:
            letter.answer.set_exception(_given_up(letter, outcome) if isinstance(outcome, Transient) else outcome)


@dataclass(frozen=True)
class BatchingBackend:
    """Asks one model, for one tool, by post."""

    post: Post
    tool: str
    model: Model
    ledger: Ledger

    async def ask(self, question: Question) -> Answer:
        """Give the answer once its batch has ended; the question's deadline does not count."""
        with span("microtask", microtask=question.microtask, rung=question.rung, key=question.key):
            return await self.post.ask(self.tool, question, self.model, self.ledger)


def settle(letter: Letter, outcome: Outcome | Exception) -> None:
    """Put what a question did cost in the place of its reservation; what nobody knows counts at its worst."""
    reservation, letter.reservation = letter.reservation, None
    answer = outcome.answer if isinstance(outcome, RejectedAnswer) else outcome
    if reservation is None:
        return
    if isinstance(answer, Answer) and answer.purchase and answer.purchase.cost == "exact":
        letter.ledger.settle(reservation, Decimal(str(answer.cost_usd)))
    elif isinstance(answer, Exception) and is_free(answer):
        letter.ledger.settle(reservation, NOTHING)
    else:
        letter.ledger.forfeit(reservation)


def _given_up(letter: Letter, last: Transient) -> ProviderUnavailable:
    told = f"{letter.question.microtask}: sent in {letter.times} batches without an answer; the last reason: {last}"
    return ProviderUnavailable(f"{told}; run again, everything paid for is kept")
