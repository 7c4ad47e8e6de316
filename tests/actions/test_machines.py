"""What a run finds and leaves on the machine that it is given, and what the run before it has left undone."""

import pytest

from tests.actions.hub import BRANCH, Hub
from tests.actions.scene import DISPATCH, JOURNAL, LOG, TOOL, commit, git, look_into_checkouts, open_pulls

pytestmark = pytest.mark.slow


def test_no_checkout_holds_the_token(fresh_hub: Hub) -> None:
    seen = look_into_checkouts(fresh_hub)
    fresh_hub.run("workflow_dispatch", inputs=DISPATCH | {"dry-run": "true"})
    assert "[remote" in seen.read_text()
    assert "extraheader" not in seen.read_text()


def test_a_checkout_that_holds_the_token_is_noticed(fresh_hub: Hub) -> None:
    seen = look_into_checkouts(fresh_hub)
    fresh_hub.sabotage("workflows/toolbuilder.yml", "persist-credentials: false", "persist-credentials: true")
    fresh_hub.run("workflow_dispatch", inputs=DISPATCH | {"dry-run": "true"})
    assert "extraheader" in seen.read_text()


def test_a_run_that_is_repeated_at_an_old_commit_looks_at_what_is_true_now(built_hub: Hub) -> None:
    old = git(built_hub, "rev-parse", BRANCH)
    commit(
        built_hub, ["git", "rm", "--quiet", f"specs/{TOOL}.yaml"], ["git", "commit", "--quiet", "--message", "Drop it"]
    )
    assert built_hub.run("push", at=old, ref=f"refs/heads/{BRANCH}") == 0, built_hub.log()
    assert open_pulls(built_hub) == [], "its spec is gone"
    assert LOG in built_hub.host.tips(), "what was built is kept"


def test_a_checkout_of_the_commit_of_the_run_is_noticed(built_hub: Hub) -> None:
    built_hub.sabotage(
        "workflows/toolbuilder.yml", "github.event.repository.default_branch || github.ref_name", "github.sha"
    )
    old = git(built_hub, "rev-parse", BRANCH)
    commit(
        built_hub, ["git", "rm", "--quiet", f"specs/{TOOL}.yaml"], ["git", "commit", "--quiet", "--message", "Drop it"]
    )
    built_hub.run("push", at=old, ref=f"refs/heads/{BRANCH}")
    assert len(open_pulls(built_hub)) == 1, "the sound one had closed it"


def test_a_finished_branch_without_a_pull_request_gets_one(built_hub: Hub) -> None:
    """A run that died between its last push and its pull request."""
    before = built_hub.host.tips()
    built_hub.api.world.pulls.clear()
    assert built_hub.run("schedule") == 0, built_hub.log()
    assert built_hub.host.tips() == before
    [pull] = open_pulls(built_hub)
    assert not pull["draft"]


def forget_what_was_verified(hub: Hub) -> None:
    """Take back the last commit of the journal, with which publishing had written it down."""
    assert git(hub, "show", "--name-only", "--format=", JOURNAL) == "verified.json"
    git(hub, "update-ref", JOURNAL, f"{JOURNAL}~1")


def test_what_git_knows_as_verified_is_not_verified_again(built_hub: Hub) -> None:
    built_hub.sabotage("workflows/toolbuilder.yml", "exec toolbuilder verify", "exec false verify")
    built_hub.api.world.pulls.clear()
    assert built_hub.run("schedule") == 0, built_hub.log()
    [pull] = open_pulls(built_hub)
    assert not pull["draft"]


def test_what_was_not_verified_on_a_machine_of_its_own_stays_a_draft(built_hub: Hub) -> None:
    forget_what_was_verified(built_hub)
    [pull] = open_pulls(built_hub)
    assert "verified again" in pull["body"]
    built_hub.sabotage("workflows/toolbuilder.yml", "exec toolbuilder verify", "exec true verify")
    built_hub.run("schedule")
    [pull] = open_pulls(built_hub)
    assert pull["draft"], "whatever its text had said"
