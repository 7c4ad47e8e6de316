import json
from dataclasses import replace

import pytest

from tests.synthesis.synthesis_tasks import LOG_LEVELS, SPECS, cli20, lines_task, shown, solved
from toolbuilder.synthesis import Accepted, Question, Refusal, Task, Verdict
from toolbuilder.synthesis.passing import task_from_json, task_to_json, verdict_from_json, verdict_to_json
from toolbuilder.synthesis.task import Json

OPEN = lines_task("Change the lines.", ("b\na\n", "a\nb\n"))
IMPOSSIBLE = lines_task("Change the lines.", ("b\na\n", "x\n"), ("c\n", "y\n"))


def carried(form: Json) -> Json:
    text: Json = json.loads(json.dumps(form))
    return text


@pytest.mark.parametrize("task", [*SPECS, cli20()[0][0], replace(LOG_LEVELS, constraints=("One.", "Two."))])
def test_a_task_survives_its_json_form(task: Task) -> None:
    assert task_from_json(carried(task_to_json(task))) == task


@pytest.mark.parametrize(
    ("task", "kind"), [(LOG_LEVELS, Accepted), (OPEN, Question), (IMPOSSIBLE, Refusal)], ids=["yes", "which", "no"]
)
def test_a_verdict_survives_its_json_form(task: Task, kind: type[Verdict]) -> None:
    verdict = solved(task)
    assert type(verdict) is kind
    assert verdict_from_json(carried(verdict_to_json(verdict))) == verdict


@pytest.mark.parametrize(
    "form",
    [
        None,
        {},
        {"Refusal": {}},
        {"Refusal": {"reason": 3, "example_id": None, "nearest": None, "evaluations": 0}},
        {"Refusal": {"reason": "no", "example_id": None, "nearest": None, "evaluations": 0, "more": 1}},
        {"Accepted": {"program": {}, "report": {}, "evaluations": 0}},
        {"Question": []},
        {"Path": "/"},
    ],
)
def test_what_is_no_verdict_is_not_believed(form: Json) -> None:
    with pytest.raises(ValueError, match="no"):
        verdict_from_json(form)


def test_an_option_of_an_unknown_type_is_no_task() -> None:
    form = task_to_json(replace(LOG_LEVELS, examples=(shown(1, "a\n", "a\n"),)))
    assert isinstance(form, dict)
    text = json.dumps(form).replace('"type": "int"', '"type": "path"')
    with pytest.raises(ValueError, match="path"):
        task_from_json(json.loads(text))
