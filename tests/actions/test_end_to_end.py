"""The whole loop: the workflows that `toolbuilder init` writes, run by act against a real remote and a GitHub API.

act's own log is shown where something fails, and never looked at otherwise: what counts is what is left on the remote
and at the API. act knows no permissions, no concurrency and no path filters; rules about those are in `policy.py`.
"""

import json

import pytest

from tests.actions.hub import BRANCH, Hub
from tests.actions.scene import (
    DISPATCH,
    JOURNAL,
    LOG,
    STAGES,
    TIP,
    TOOL,
    commit,
    git,
    open_pulls,
    planned,
    stages_on,
    writes,
)
from tests.actions.state import State

pytestmark = pytest.mark.slow


def test_a_pushed_spec_becomes_five_commits_and_one_pull_request(built: State, built_hub: Hub) -> None:
    assert stages_on(built_hub) == STAGES, built.log
    [pull] = open_pulls(built_hub)
    assert pull["branch"] == f"toolbuilder/{TOOL}"
    assert pull["sha"] == built_hub.host.tips()[TIP]
    assert not pull["draft"], "the gates passed again on a machine of their own"
    assert {JOURNAL, LOG} <= {*built_hub.host.tips()}
    assert json.loads(git(built_hub, "show", f"{JOURNAL}:verified.json"))["commit"] == pull["sha"]


def test_the_same_again_moves_nothing(built_hub: Hub) -> None:
    built_hub.run("schedule")  # a copy of a repository has another address, which its pull requests tell
    before = built_hub.host.tips()
    built_hub.api.requests.clear()
    assert built_hub.run("schedule") == 0, built_hub.log()
    assert built_hub.host.tips() == before
    assert writes(built_hub) == []


def test_an_edited_spec_updates_the_same_pull_request(built_hub: Hub) -> None:
    before = built_hub.host.tips()
    words = "s/keeping the first occurrence/keeping each first occurrence/"
    edit = ["sed", "--in-place", words, f"specs/{TOOL}.yaml"]
    commit(built_hub, edit, ["git", "commit", "--quiet", "--all", "--message", "Say it better"])
    assert built_hub.run("push", ref=f"refs/heads/{BRANCH}") == 0, built_hub.log()
    [pull] = open_pulls(built_hub)
    assert pull["number"] == 1
    assert pull["sha"] == built_hub.host.tips()[TIP] != before[TIP]
    assert git(built_hub, "merge-base", TIP, before[TIP]) == before[TIP], "what stood on the branch still does"
    assert git(built_hub, "rev-parse", f"{TIP}:specs/{TOOL}.yaml") == git(
        built_hub, "rev-parse", f"{BRANCH}:specs/{TOOL}.yaml"
    )
    assert stages_on(built_hub)[-1] == "packaging"


def test_a_dispatch_runs_a_stage_again_and_keeps_the_feedback(built_hub: Hub) -> None:
    before = built_hub.host.tips()[TIP]
    wish = "Say in the README what happens to the order."
    asked = DISPATCH | {"tool": TOOL, "from-stage": "packaging", "feedback": wish}
    assert built_hub.run("workflow_dispatch", inputs=asked) == 0, built_hub.log()
    assert git(built_hub, "merge-base", TIP, before) == before
    assert wish in git(built_hub, "show", f"{TIP}:tools/{TOOL}/.toolbuilder/feedback.yaml")
    assert [pull["number"] for pull in open_pulls(built_hub)] == [1]


def test_a_dry_run_moves_nothing(fresh_hub: Hub) -> None:
    before = fresh_hub.host.tips()
    assert fresh_hub.run("workflow_dispatch", inputs=DISPATCH | {"dry-run": "true"}) == 0, fresh_hub.log()
    assert fresh_hub.host.tips() == before
    assert writes(fresh_hub) == []


def test_what_is_merged_by_squash_is_up_to_date(built_hub: Hub) -> None:
    squash = ["git", "merge", "--quiet", "--squash", f"origin/toolbuilder/{TOOL}"]
    commit(built_hub, squash, ["git", "commit", "--quiet", "--message", f"{TOOL} (#1)"])
    built_hub.api.world.control({"merge": [1]})
    before = built_hub.host.tips()
    assert built_hub.run("push", ref=f"refs/heads/{BRANCH}") == 0, built_hub.log()
    assert built_hub.host.tips() == before
    assert len(built_hub.api.world.pulls) == 1
    assert planned(built_hub) == {TOOL: "merged"}


def test_a_broken_spec_does_not_hold_up_the_others(fresh_hub: Hub) -> None:
    write = ["sh", "-c", "echo 'name: broken' >specs/broken.yaml && git add specs"]
    commit(fresh_hub, write, ["git", "commit", "--quiet", "--message", "Break one"])
    fresh_hub.host.landed = lambda moved: fresh_hub.kill() if TIP in moved else None  # the build is under way: enough
    fresh_hub.run("push", ref=f"refs/heads/{BRANCH}")
    assert stages_on(fresh_hub) == STAGES[:1], fresh_hub.log()
