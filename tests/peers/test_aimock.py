import pytest

from tests.peers.servers import Aimock, ask
from toolbuilder.adapters.outcomes import ProviderRefuses, ProviderUnavailable, RejectedAnswer
from toolbuilder.errors import AnswerRejected
from toolbuilder.ports import Answer

FINE = Answer('{"name":"levels"}', "anthropic", "model-small", 11, 7)


def test_a_question_is_answered(aimock: Aimock) -> None:
    assert ask(aimock.url, "plain").end == FINE


def test_bedrock_speaks_the_same(aimock: Aimock) -> None:
    answer = ask(aimock.url, "plain", provider="bedrock").end
    assert isinstance(answer, Answer)
    assert answer.text == FINE.text


@pytest.mark.parametrize(("case", "wait"), [("429", 7.25), ("500", 1.0), ("529", 1.0)])
def test_trouble_that_passes_is_waited_for(aimock: Aimock, case: str, wait: float) -> None:
    asked = ask(aimock.url, case)
    assert (asked.end, asked.waits) == (FINE, [wait])


@pytest.mark.parametrize(
    ("case", "why"),
    [("truncated", "cut off at its limit"), ("refusal", "refuses to answer"), ("context", "context window")],
)
def test_an_answer_without_its_end_is_rejected(aimock: Aimock, case: str, why: str) -> None:
    end = ask(aimock.url, case).end
    assert isinstance(end, RejectedAnswer)
    assert why in str(end)


@pytest.mark.parametrize("case", ["401", "404"])
def test_what_only_a_person_can_mend_is_said_at_once(aimock: Aimock, case: str) -> None:
    asked = ask(aimock.url, case)
    assert isinstance(asked.end, ProviderRefuses)
    assert (f"HTTP {case}" in str(asked.end), asked.waits) == (True, [])


def test_a_question_that_is_not_taken_goes_to_the_next_rung(aimock: Aimock) -> None:
    end = ask(aimock.url, "too long").end
    assert isinstance(end, AnswerRejected)
    assert not isinstance(end, RejectedAnswer)


@pytest.mark.parametrize("case", ["dropped", "garbage"])
def test_trouble_that_stays_is_named_after_six_attempts(aimock: Aimock, case: str) -> None:
    asked = ask(aimock.url, case)
    assert isinstance(asked.end, ProviderUnavailable)
    assert len(asked.waits) == 5


def test_a_slow_server_does_not_outlast_the_deadline(aimock: Aimock) -> None:
    end = ask(aimock.url, "slow", deadline=0.3).end
    assert isinstance(end, ProviderUnavailable)
    assert "no answer within" in str(end)
