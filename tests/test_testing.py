import asyncio
import json
from pathlib import Path

import pytest

from tests.pipeline_world import World
from toolbuilder.adapters.offline.backend import OfflineBackend
from toolbuilder.errors import AnswerMissing, NeedsPerson
from toolbuilder.microtask import Runner
from toolbuilder.ports import Answer, Question
from toolbuilder.stages.requirements import MAP_DATA_FLOWS, StatedProblem
from toolbuilder.testing import CountingBackend, ScriptedBackend

STATED = StatedProblem(problem="p", obligations=())


def question(microtask: str) -> Question:
    return Question(microtask, "", "", "{}", "{}", 1, 1)


def test_a_script_answers_by_microtask_and_keeps_what_it_was_asked() -> None:
    backend = ScriptedBackend({"one": "1", "two": lambda asked: asked.microtask.upper()})
    answers = [asyncio.run(backend.ask(question(name))) for name in ("one", "two", "one")]
    assert [answer.text for answer in answers] == ["1", "TWO", "1"]
    assert [asked.microtask for asked in backend.asked] == ["one", "two", "one"]
    assert {answer.cost_usd for answer in answers} == {0.01}


def test_a_script_guesses_nothing() -> None:
    backend = ScriptedBackend({})
    with pytest.raises(AnswerMissing, match="the script has no answer for one"):
        asyncio.run(backend.ask(question("one")))
    assert len(backend.asked) == 1


def test_a_counting_backend_passes_everything_on() -> None:
    inner = ScriptedBackend({"one": "1"})
    outer = CountingBackend(inner)
    assert asyncio.run(outer.ask(question("one"))).text == "1"
    assert outer.asked == inner.asked == [question("one")]


def test_a_stage_takes_scripted_answers_for_real_ones() -> None:
    backend = ScriptedBackend({"map_data_flows": json.dumps({"flows": [{"source": "input", "target": "output", "carries": "lines"}]})})  # fmt: skip
    flows = asyncio.run(Runner(backend).ask(MAP_DATA_FLOWS, STATED))
    assert [flow.carries for flow in flows.flows] == ["lines"]


class Astray:
    """The embedded engine, but for flows that come from nowhere."""

    async def ask(self, asked: Question) -> Answer:
        astray = {"flows": [{"source": "nowhere", "target": "output", "carries": "lines"}]}
        scripted = ScriptedBackend({"map_data_flows": json.dumps(astray)})
        return await (scripted if asked.microtask in scripted.script else OfflineBackend()).ask(asked)


def test_a_gate_finds_what_a_script_says_wrong(git_repo: Path) -> None:
    with pytest.raises(NeedsPerson, match="no flow starts there"):
        World(git_repo, engine=Astray()).build(until="requirements")
