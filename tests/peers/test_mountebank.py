import json

import pytest

from tests.adapters.anthropic.peer import KEY
from tests.peers.servers import Mountebank, ask
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
