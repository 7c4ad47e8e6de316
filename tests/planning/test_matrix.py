import json
from dataclasses import replace
from typing import Any

import pytest

from tests.planning.conftest import pull_request
from tests.sabotage import Protection, assert_guarded
from toolbuilder.marks import marked
from toolbuilder.planning import matrix
from toolbuilder.planning.verdict import Verdict
from toolbuilder.ports import PullRequest

TIP = "a" * 40


def due(count: int) -> list[Verdict]:
    return [Verdict(f"tool-{number:03}", "build", due=True) for number in range(count)]


def read(part: Any, verdicts: list[Verdict], pull_requests: list[PullRequest] | None = None, shard: int = 0) -> Any:
    lines = part.outputs(verdicts, pull_requests, shard)
    assert all("\n" not in line for line in lines)
    return {name: json.loads(value) for name, _, value in (line.partition("=") for line in lines)}


def every_tool_to_build_is_a_job_of_its_own(part: Any) -> None:
    verdicts = [*due(2), Verdict("asked", "build", due=True, again="generation"), Verdict("done", "merged")]
    assert read(part, verdicts) == {
        "build": {
            "include": [
                {"tool": "tool-000", "from": ""},
                {"tool": "tool-001", "from": ""},
                {"tool": "asked", "from": "generation"},
            ]
        },
        "builds": 3,
        "finish": ["asked", "tool-000", "tool-001"],
        "shards": [1],
    }


def nothing_to_build_is_an_empty_include_and_a_zero(part: Any) -> None:
    assert read(part, [Verdict("done", "merged")]) == {
        "build": {"include": []},
        "builds": 0,
        "finish": [],
        "shards": [],
    }


def no_matrix_has_too_many_jobs_and_no_tool_is_left_out(part: Any) -> None:
    found = read(part, due(600))
    jobs = [job["tool"].split() for job in found["build"]["include"]]
    assert (len(jobs), found["builds"], found["shards"]) == (256, 600, [1, 2, 3])
    assert sorted(tool for job in jobs for tool in job) == [one.tool for one in due(600)] == found["finish"]
    assert {len(job) for job in jobs} == {2, 3}


def slices_are_whole_together(part: Any) -> None:
    slices = [read(part, due(600), shard=shard) for shard in (1, 2, 3, 4)]
    assert [one["builds"] for one in slices] == [256, 256, 88, 0]
    assert [job["tool"] for one in slices for job in one["build"]["include"]] == [one.tool for one in due(600)]


def what_no_open_pull_request_shows_as_it_is_is_finished(part: Any) -> None:
    finished = Verdict("dedupe", "up to date", tip=TIP)
    waits, closed = replace(finished, state="waits for a person"), replace(finished, state="closed by a person")
    verified, unverified = marked("", TIP, verified=True), marked("", TIP, verified=False)

    def left(verdict: Verdict, *known: PullRequest) -> bool:
        return bool(read(part, [verdict], [*known])["finish"] == ["dedupe"])

    assert left(finished)
    assert left(finished, pull_request(TIP, body=unverified))
    assert left(finished, pull_request("b" * 40, body=verified))
    assert left(finished, pull_request(TIP, body=verified, state="closed"))
    assert not left(finished, pull_request(TIP, body=verified))
    assert left(waits)
    assert not left(waits, pull_request(TIP, body=unverified))
    assert not left(closed)
    assert not left(Verdict("dedupe", "merged", tip=TIP))
    assert read(part, [finished], None)["finish"] == ["dedupe"]


GUARDED: list[Protection] = [
    (every_tool_to_build_is_a_job_of_its_own, '"from": due[job].again', '"from": ""'),
    (nothing_to_build_is_an_empty_include_and_a_zero, "if verdict.due]", "]"),
    (no_matrix_has_too_many_jobs_and_no_tool_is_left_out, "min(len(due), MOST_JOBS)", "len(due)"),
    (no_matrix_has_too_many_jobs_and_no_tool_is_left_out, "due[job::count])", "due[job : job + 1])"),
    (slices_are_whole_together, "due[(shard - 1) * MOST_JOBS : shard * MOST_JOBS]", "due[: MOST_JOBS]"),
    (what_no_open_pull_request_shows_as_it_is_is_finished, 'if one.state == "open"}', "}"),
    (what_no_open_pull_request_shows_as_it_is_is_finished, "opened.tip == verified_tip(opened.body) == verdict.tip", "opened.tip == verdict.tip"),
    (what_no_open_pull_request_shows_as_it_is_is_finished, 'verdict.state != "waits for a person" or', "True or"),
]  # fmt: skip


@pytest.mark.parametrize("protection", GUARDED)
def test_what_a_workflow_is_told_is_whole(protection: Protection) -> None:
    assert_guarded(matrix, protection)
