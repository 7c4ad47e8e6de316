"""From what became of a question in a batch to what the journal keeps of it, its cost filled in."""

from dataclasses import replace
from typing import Literal

from toolbuilder.adapters.batches.record import Batch, Outcome, Sent
from toolbuilder.adapters.outcomes import RejectedAnswer, Transient
from toolbuilder.budget import NOTHING
from toolbuilder.errors import AnswerRejected
from toolbuilder.journal import Journal
from toolbuilder.ports import Answer, Purchase
from toolbuilder.pricing import Model, Price
from toolbuilder.schema import digest


def booked(outcome: Outcome, sent: Sent, batch: Batch, price: Price) -> Outcome:
    """Give the outcome with the cost of its answer, where it has one; a silence that may be billed gets the worst."""
    if isinstance(outcome, Answer):
        return _priced(outcome, sent, batch, price, answered=not outcome.withheld)
    if isinstance(outcome, RejectedAnswer):
        return RejectedAnswer(str(outcome), _priced(outcome.answer, sent, batch, price, answered=False))
    return outcome


async def record(outcome: Outcome, sent: Sent, batch: Batch, journal: Journal) -> Outcome:
    """Journal what was paid for; give the outcome, rejected if the journal cannot hold it. Raises RepositoryError."""
    if isinstance(outcome, Answer):
        try:
            await journal.record(sent.key, sent.microtask, outcome)
        except AnswerRejected as error:
            outcome = RejectedAnswer(str(error), _fruitless(outcome))
    lost = lost_by(outcome, sent, batch)
    kept = journal.get(sent.key)
    if isinstance(outcome, Answer) and kept and kept.purchase != outcome.purchase:
        lost = _fruitless(outcome)  # another run has bought one too, and was faster
    if lost:
        # The key says which purchase it was: whoever fetches the batch again books nothing twice.
        await journal.record(digest("no answer", sent.key, batch.id, batch.at), sent.microtask, replace(lost, text=""))
    return outcome


def lost_by(outcome: Outcome, sent: Sent, batch: Batch) -> Answer | None:
    """Give the purchase that brought nothing, or None."""
    if isinstance(outcome, RejectedAnswer):
        return outcome.answer
    if isinstance(outcome, Transient) and outcome.maybe_billed:
        return _unknown(Answer("", "anthropic", sent.model), sent, batch, answered=False)
    return None


def _priced(answer: Answer, sent: Sent, batch: Batch, price: Price, *, answered: bool) -> Answer:
    if (cost := Model(answer.engine, sent.model, price).cost(answer)) is None:
        return _unknown(answer, sent, batch, answered=answered)
    return replace(answer, cost_usd=float(cost), purchase=_purchase(sent, batch, "exact", answered=answered))


def _unknown(answer: Answer, sent: Sent, batch: Batch, *, answered: bool) -> Answer:
    cost: Literal["at most", "unknown"] = "at most" if sent.worst else "unknown"
    purchase = _purchase(sent, batch, cost, answered=answered)
    return replace(answer, cost_usd=float(sent.worst or NOTHING), purchase=purchase)


def _purchase(sent: Sent, batch: Batch, cost: Literal["exact", "at most", "unknown"], *, answered: bool) -> Purchase:
    return Purchase(batch.at, sent.build, cost, answered=answered, grant=sent.grant)


def _fruitless(answer: Answer) -> Answer:
    return replace(answer, purchase=answer.purchase and replace(answer.purchase, answered=False))
