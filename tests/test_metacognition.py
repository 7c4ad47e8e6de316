import asyncio
import json
from collections.abc import Sequence

import pytest

from toolbuilder.errors import NeedsPerson
from toolbuilder.metacognition import MOST_ATTEMPTS, another_attempt, shown
from toolbuilder.microtask import Runner
from toolbuilder.stage import Attempt, Finding
from toolbuilder.testing import ScriptedBackend


def attempt(*messages: str, advice: str = "") -> Attempt:
    return Attempt(tuple(Finding("tests", "", message) for message in messages), {}, advice)


def advised(attempts: Sequence[Attempt], **diagnosis: object) -> tuple[str, ScriptedBackend]:
    said = {"cause": "generation", "evidence": "E1", "advice": "Look again.", "retry": True, **diagnosis}
    backend = ScriptedBackend({"diagnose": json.dumps(said)})
    return asyncio.run(another_attempt(Runner(backend), "verification", attempts)), backend


def test_the_diagnosis_advises_the_next_attempt() -> None:
    advice, backend = advised([attempt("a")])
    assert advice == "Look again."
    assert len(backend.asked) == 1


def test_the_diagnosis_sees_the_last_three_attempts() -> None:
    _, backend = advised([attempt("a"), attempt("b", advice="One."), attempt("c")])
    seen = json.loads(backend.asked[0].input)["attempts"]
    assert [one["findings"] for one in seen] == [["tests: a"], ["tests: b"], ["tests: c"]]
    assert seen[1]["advice"] == "One."


@pytest.mark.parametrize(
    ("cause", "advice"), [("transient", ""), ("contract", "Look again."), ("generation", "Look again.")]
)
def test_another_attempt_is_made_for_every_cause_but_the_spec(cause: str, advice: str) -> None:
    assert advised([attempt("a")], cause=cause)[0] == advice


def test_a_wrong_spec_needs_a_person_and_says_what_to_change() -> None:
    with pytest.raises(NeedsPerson, match="cause: spec") as raised:
        advised([attempt("a")], cause="spec", advice="E1 and E2 contradict each other.")
    assert raised.value.advice == "E1 and E2 contradict each other."


def test_a_diagnosis_that_advises_to_stop_is_followed() -> None:
    with pytest.raises(NeedsPerson, match="cause: contract"):
        advised([attempt("a")], cause="contract", retry=False)


@pytest.mark.parametrize(
    "attempts",
    [
        [attempt("a"), attempt("a", advice="Once more.")],
        [attempt("a"), attempt("b"), attempt("a")],
        [attempt("a", "b"), attempt("c"), attempt("b", "a")],
    ],
    ids=["repeat", "oscillate", "in another order"],
)
def test_findings_that_were_there_before_stop_it_and_cost_nothing(attempts: list[Attempt]) -> None:
    backend = ScriptedBackend({})
    with pytest.raises(NeedsPerson, match="the same findings came back"):
        asyncio.run(another_attempt(Runner(backend), "verification", attempts))
    assert backend.asked == []


def test_the_number_of_attempts_is_bounded() -> None:
    with pytest.raises(NeedsPerson, match=f"{MOST_ATTEMPTS} attempts were made"):
        advised([attempt(str(number)) for number in range(MOST_ATTEMPTS)])


def test_an_escalation_shows_the_best_attempt_and_what_was_tried() -> None:
    attempts = [attempt("a", "b"), attempt("c", advice="Rename it."), attempt("d", "e", advice="Undo it.")]
    with pytest.raises(NeedsPerson) as raised:
        advised(attempts, cause="spec")
    assert raised.value.findings == ("tests: c", "tried: Rename it.", "tried: Undo it.")


def test_many_findings_are_cut_and_counted() -> None:
    findings = [Finding("lint", "", str(number)) for number in range(30)]
    assert shown(findings)[-1] == "… and 10 more"
