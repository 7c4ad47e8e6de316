import json
from dataclasses import replace
from typing import Any

import pytest

from tests.planning.conftest import pull_request
from tests.sabotage import Protection, assert_guarded
from toolbuilder.planning import matrix
from toolbuilder.planning.verdict import Verdict
from toolbuilder.ports import PullRequest

TIP = "a" * 40


def due(count: int) -> list[Verdict]:
    return [Verdict(f"tool-{number:03}", "build", due=True) for number in range(count)]


def read(
    part: Any,
    verdicts: list[Verdict],
    pull_requests: list[PullRequest] | None = None,
    verified: str = "",
    shard: int = 0,
) -> Any:
    lines = part.outputs(verdicts, pull_requests, {"dedupe": verified} if verified else {}, shard)
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


def what_was_not_verified_again_is_to_be_whatever_a_text_says(part: Any) -> None:
    done = Verdict("dedupe", "up to date", tip=TIP)
    says_so = pull_request(TIP, body=f"verified again at `{TIP[:12]}`\n\n<!-- toolbuilder: shows {TIP}, verified -->")
    for finished in (done, replace(done, state="outdated")):
        for known in ([], [pull_request(TIP)], [says_so], [replace(says_so, state="closed")], None):
            assert read(part, [finished], known)["finish"] == ["dedupe"]
            assert read(part, [finished], known, "b" * 40)["finish"] == ["dedupe"]
            assert read(part, [finished], known, TIP)["finish"] == []
    for state in ("closed by a person", "merged", "broken"):
        assert read(part, [replace(done, state=state)])["finish"] == []
    assert read(part, [replace(done, tip="")])["finish"] == []
    assert read(part, [replace(done, due=True)], [], TIP)["finish"] == ["dedupe"]


def what_waits_for_a_person_is_to_be_seen(part: Any) -> None:
    waits = Verdict("dedupe", "waits for a person", tip=TIP)
    seen = pull_request(TIP)
    for known in ([], [pull_request("b" * 40)], [replace(seen, state="closed")], None):
        assert read(part, [waits], known, TIP)["finish"] == ["dedupe"]
    assert read(part, [waits], [seen])["finish"] == []


GUARDED: list[Protection] = [
    (every_tool_to_build_is_a_job_of_its_own, '"from": due[job].again', '"from": ""'),
    (nothing_to_build_is_an_empty_include_and_a_zero, "if verdict.due]", "]"),
    (no_matrix_has_too_many_jobs_and_no_tool_is_left_out, "min(len(due), MOST_JOBS)", "len(due)"),
    (no_matrix_has_too_many_jobs_and_no_tool_is_left_out, "due[job::count])", "due[job : job + 1])"),
    (slices_are_whole_together, "due[(shard - 1) * MOST_JOBS : shard * MOST_JOBS]", "due[: MOST_JOBS]"),
    (what_waits_for_a_person_is_to_be_seen, 'if one.state == "open"}', "}"),
    (what_waits_for_a_person_is_to_be_seen, '"waits for a person": shown', '"waits for a person": verified'),
    (what_waits_for_a_person_is_to_be_seen, '{"waits for a person": shown, **', "{**"),
    (what_was_not_verified_again_is_to_be_whatever_a_text_says, "dict.fromkeys(FINISHED, verified)", "dict.fromkeys(FINISHED, shown)"),
    (what_was_not_verified_again_is_to_be_whatever_a_text_says, "dict.fromkeys(FINISHED, verified)", "dict.fromkeys(FINISHED, {tool: one.tip for tool, one in newest_by_tool(pull_requests or ()).items() if one.tip in one.body} | verified)"),
    (what_was_not_verified_again_is_to_be_whatever_a_text_says, ".get(one.tool) != one.tip]", ".get(one.tool) is None]"),
    (what_was_not_verified_again_is_to_be_whatever_a_text_says, "one.tip and not one.due and one.state in seen", "not one.due and one.state in seen"),
]  # fmt: skip


@pytest.mark.parametrize("protection", GUARDED)
def test_what_a_workflow_is_told_is_whole(protection: Protection) -> None:
    assert_guarded(matrix, protection)
