"""The Anthropic engine: one question, one call, one answer. It neither waits nor asks twice."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from toolbuilder.adapters.anthropic.answers import answer_of
from toolbuilder.adapters.anthropic.client import Client, shared_client
from toolbuilder.adapters.anthropic.endpoint import Endpoint
from toolbuilder.adapters.anthropic.failures import failure_of
from toolbuilder.adapters.anthropic.request import request_of
from toolbuilder.adapters.outcomes import Transient
from toolbuilder.errors import ToolbuilderError
from toolbuilder.ports import Answer, Question


@dataclass(frozen=True)
class AnthropicBackend:
    """Asks one model.

    `engine` is the name that its answers carry; `enforced` is False for a server that knows no structured output.
    """

    client: Callable[[], Client]
    model: str
    engine: str = "anthropic"
    enforced: bool = True

    async def ask(self, question: Question) -> Answer:
        """Give the model's answer within the question's deadline, its price left open.

        Raises Transient where asking again may help, AnswerRejected (RejectedAnswer if it was billed) where another
        model may help, and ProviderRefuses or BudgetReached where only a person can.
        """
        outcome = await self._outcome(question)
        if isinstance(outcome, ToolbuilderError):
            # Raised here, and not where the SDK's error was caught: that one holds the request, and the key with it.
            raise outcome
        return outcome

    async def _outcome(self, question: Question) -> Answer | ToolbuilderError:
        arguments = request_of(question, self.model, enforced=self.enforced)
        create = self.client().messages.create
        try:
            async with asyncio.timeout(question.deadline):
                response: object = await create(**arguments, timeout=question.deadline)
        except TimeoutError:
            return Transient(f"{self.model}: no answer within {question.deadline:.3g} s", maybe_billed=True)
        except Exception as error:  # noqa: BLE001  (the credential libraries of clouds have error trees of their own)
            return failure_of(error, self.model)
        return answer_of(response, question, self.model, self.engine)


def connect(endpoint: Endpoint, model: str) -> AnthropicBackend:
    """Give the backend that asks a model at an endpoint; nothing is opened before the first question."""
    return AnthropicBackend(shared_client(endpoint), model, endpoint.provider, endpoint.enforced)
