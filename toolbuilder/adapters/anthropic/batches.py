"""Message batches of the Messages API: sending one, asking after it, and reading what became of its questions."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from anthropic.types.messages import MessageBatch, MessageBatchIndividualResponse
from anthropic.types.messages.batch_create_params import Request

from toolbuilder.adapters.anthropic.answers import answer_of
from toolbuilder.adapters.anthropic.client import Client, shared_client
from toolbuilder.adapters.anthropic.endpoint import Endpoint
from toolbuilder.adapters.anthropic.failures import ADVICE, Kind, failure_of
from toolbuilder.adapters.anthropic.quoting import quoted
from toolbuilder.adapters.anthropic.request import request_of
from toolbuilder.adapters.batches.record import REF, Asked, Batch, Outcome, Sent
from toolbuilder.adapters.outcomes import ProviderRefuses, Transient
from toolbuilder.errors import AnswerRejected, BudgetReached, ToolbuilderError
from toolbuilder.ports import Question

T = TypeVar("T")

SECONDS = 300  # for one call: a batch of many questions is a large upload
NAME = "message batches"
FORGET = f"forget what was sent and not yet fetched with `git update-ref -d {REF}`"
MOST_LISTED = 100  # at once
CLOCKS = timedelta(hours=1)  # by which the provider's clock may differ from ours, and a batch may be late
FAMILIES: Mapping[str, Kind] = {  # an errored question's type -> what it means; any other one may pass
    "invalid_request_error": "rejected",
    "authentication_error": "key",
    "permission_error": "permission",
    "not_found_error": "missing",
    "billing_error": "spent",
}


@dataclass(frozen=True)
class AnthropicBatches:
    """The batches of one account; `enforced` as in AnthropicBackend."""

    client: Callable[[], Client]
    engine: str = "anthropic"
    enforced: bool = True

    async def send(self, asked: Mapping[str, Asked]) -> str:
        """Send questions by custom id; give the batch's id. Raises Transient, ProviderRefuses or BudgetReached."""
        requests = [
            Request(custom_id=custom_id, params=request_of(one.question, one.model, enforced=self.enforced))
            for custom_id, one in asked.items()
        ]
        made = await _called(self.client().messages.batches.create(requests=requests, timeout=SECONDS))
        return _batch(made).id

    async def candidates(self, batch: Batch) -> list[str]:
        """Give the ids of batches of a size and about a time. Raises Transient, ProviderRefuses or BudgetReached."""
        try:
            return await _called(self._of_size(len(batch.sent), datetime.fromisoformat(batch.at)))
        except ProviderRefuses as error:
            raise ProviderRefuses(f"{error}; if what was sent cannot be found for good, {FORGET}") from None

    async def _of_size(self, size: int, at: datetime) -> list[str]:
        found = []
        async for one in self.client().messages.batches.list(limit=MOST_LISTED, timeout=SECONDS):
            if one.created_at < at - CLOCKS:
                break  # the newest come first
            if one.created_at <= at + CLOCKS and _size(one) == size:
                found.append(one.id)
        return found

    async def ended(self, batch: str) -> bool:
        """Say whether a batch has ended. Raises Transient, ProviderRefuses or BudgetReached."""
        try:
            found = await _called(self.client().messages.batches.retrieve(batch, timeout=SECONDS))
        except ProviderRefuses as error:
            raise ProviderRefuses(f"batch {quoted(batch)}: {error}; if it is gone for good, {FORGET}") from None
        return _batch(found).processing_status == "ended"

    async def outcomes(self, batch: Batch) -> Mapping[str, Outcome]:
        """Give what became of each question, by custom id. Raises Transient, ProviderRefuses or BudgetReached."""
        lines = await _called(self._lines(batch.id))
        named = [(str(getattr(line, "custom_id", "")), line) for line in lines]  # the SDK checks nothing
        return {i: self._outcome(line, batch.sent[i]) for i, line in named if i in batch.sent}

    async def _lines(self, batch: str) -> list[MessageBatchIndividualResponse]:
        return [line async for line in await self.client().messages.batches.results(batch, timeout=SECONDS)]

    def _outcome(self, line: MessageBatchIndividualResponse, sent: Sent) -> Outcome:
        try:
            return self._read(line, sent)
        except AttributeError:
            return Transient(f"{sent.model}: what became of this question cannot be read", maybe_billed=True)

    def _read(self, line: MessageBatchIndividualResponse, sent: Sent) -> Outcome:
        result = line.result
        if result.type == "succeeded":
            return answer_of(result.message, _question(sent), sent.model, self.engine)
        if result.type == "errored":
            return _failure(result.error.error.type, result.error.error.message, sent)
        if result.type == "expired":
            return Transient(f"{sent.model}: the batch expired before this question's turn")
        return ProviderRefuses(f"{sent.microtask}: the batch was {result.type}; run again to send the question again")


def connect(endpoint: Endpoint) -> AnthropicBatches:
    """Give the batches of an endpoint; nothing is opened before the first one."""
    return AnthropicBatches(shared_client(endpoint), endpoint.provider, endpoint.enforced)


async def _called(call: Awaitable[T]) -> T:
    try:
        async with asyncio.timeout(SECONDS):
            return await call
    except TimeoutError:
        failure: ToolbuilderError = Transient(f"{NAME}: no answer within {SECONDS} s", maybe_billed=True)
    except Exception as error:  # noqa: BLE001  (as in AnthropicBackend)
        failure = failure_of(error, NAME)
    raise failure  # not where the SDK's error was caught: that one holds the request, and the key with it


def _size(batch: MessageBatch) -> int:
    return sum(count for count in batch.request_counts.model_dump().values() if isinstance(count, int))


def _batch(response: object) -> MessageBatch:
    if isinstance(response, MessageBatch) and getattr(response, "id", None):  # the SDK checks nothing
        return response
    wrong = "the server answered with something that is no batch: is the base URL right?"
    raise Transient(f"{NAME}: {wrong}", maybe_billed=True)


def _question(sent: Sent) -> Question:
    """Give what is known of a question: enough to judge its answer."""
    return Question(sent.microtask, "", "", "", "", 0, sent.max_tokens)


def _failure(kind_of_error: str, message: str, sent: Sent) -> ToolbuilderError:
    reason = f"{sent.model}: {quoted(kind_of_error)}: {quoted(message)}"
    kind = FAMILIES.get(kind_of_error, "transient")
    if kind == "transient":
        return Transient(reason)
    if kind == "rejected":
        return AnswerRejected(f"the provider takes no such question: {reason}")
    family = BudgetReached if kind == "spent" else ProviderRefuses
    return family(f"{reason}; {ADVICE[kind]}")
