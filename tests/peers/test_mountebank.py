import asyncio
import json
from decimal import Decimal

import pytest
from pydantic import SecretStr

from tests.adapters.anthropic.peer import KEY, MODEL, QUESTION
from tests.peers.servers import Mountebank, ask
from toolbuilder.adapters.anthropic.batches import AnthropicBatches
from toolbuilder.adapters.anthropic.client import SharedClient, make_client
from toolbuilder.adapters.anthropic.endpoint import Endpoint
from toolbuilder.adapters.batches.record import Asked, Batch, Outcome, Sent
from toolbuilder.adapters.outcomes import ProviderUnavailable
from toolbuilder.errors import BudgetReached
from toolbuilder.ports import Answer


def test_tokens_of_the_cache_are_counted(mountebank: Mountebank) -> None:
    answer = ask(mountebank.url, "cached").end
    assert answer == Answer('{"name":"levels"}', "anthropic", "model-small-20261001", 1_243, 9, 0.0, 1_200, 40)


def test_the_key_is_sent_once_as_authorization_and_nowhere_else(mountebank: Mountebank) -> None:
    ask(mountebank.url, "cached")
    request = mountebank.requests()[-1]
    assert json.dumps(request).count(KEY) == 1
    headers = request["headers"]
    assert isinstance(headers, dict)
    assert headers["Authorization"] == f"Bearer {KEY}"


def test_a_spend_limit_is_asked_of_once(mountebank: Mountebank) -> None:
    before = len(mountebank.requests())
    assert isinstance(ask(mountebank.url, "spent").end, BudgetReached)
    assert len(mountebank.requests()) == before + 1


@pytest.mark.parametrize("case", ["page", "proxy", "reset", "noise"])
def test_trouble_that_stays_is_named_after_six_requests(mountebank: Mountebank, case: str) -> None:
    before = len(mountebank.requests())
    asked = ask(mountebank.url, case)
    assert isinstance(asked.end, ProviderUnavailable)
    assert (len(mountebank.requests()) - before, len(asked.waits)) == (6, 5)


def test_a_body_that_stalls_does_not_outlast_the_deadline(mountebank: Mountebank) -> None:
    end = ask(mountebank.stalling, "stalls", deadline=0.3).end
    assert isinstance(end, ProviderUnavailable)
    assert "no answer within" in str(end)


def test_a_batch_is_sent_polled_and_read_in_any_order(mountebank: Mountebank) -> None:
    sent = Sent(
        tool="tool", key=QUESTION.key, microtask="name_it", max_tokens=9, model=MODEL, build="brief", worst=Decimal(1)
    )

    async def run() -> tuple[str, list[str], list[bool], dict[str, Outcome]]:
        client = make_client(Endpoint("anthropic", SecretStr(KEY), mountebank.url))
        async with client:
            desk = AnthropicBatches(SharedClient(lambda: client))
            name = await desk.send({"first": Asked(QUESTION, MODEL), "second": Asked(QUESTION, MODEL)})
            ended = [await desk.ended(name), await desk.ended(name)]
            batch = Batch(id=name, at="2026-11-22T10:00:00Z", sent={"first": sent, "second": sent})
            return name, await desk.candidates(batch), ended, dict(await desk.outcomes(batch))

    name, found, ended, outcomes = asyncio.run(run())
    assert (name, found, ended) == ("msgbatch_1", ["msgbatch_1"], [False, True])
    assert {*outcomes} == {"first", "second"}
    assert all(isinstance(one, Answer) and one.text == '{"name":"levels"}' for one in outcomes.values())
