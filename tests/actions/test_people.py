"""What people say and do on a pull request, and what strangers may not."""

import pytest

from tests.actions.hub import BRANCH, Hub
from tests.actions.scene import DISPATCH, MERGED, TIP, TOOL, comment, git, open_pulls, propose, writes

pytestmark = pytest.mark.slow


def test_a_strangers_command_is_refused_and_starts_nothing(built_hub: Hub) -> None:
    assert comment(built_hub, "stranger", "/toolbuilder rerun generation") == 0, built_hub.log()
    assert built_hub.api.world.dispatches == []
    assert "stranger" in built_hub.api.world.comments[-1].body


def test_a_comment_that_is_no_command_starts_nothing(built_hub: Hub) -> None:
    comment(built_hub, "writer", "I like it. /toolbuilder rerun generation")
    assert built_hub.api.requests == []


def test_a_command_of_a_person_who_may_write_runs_the_stage_again(built_hub: Hub) -> None:
    wish = "Keep the README short."
    assert comment(built_hub, "writer", f"/toolbuilder rerun packaging {wish}") == 0, built_hub.log()
    assert len(built_hub.api.world.comments) == 2, "the command, and one answer"
    built_hub.host.landed = lambda moved: built_hub.kill() if TIP in moved else None  # more of it is seen elsewhere
    built_hub.deliver()
    assert wish in git(built_hub, "show", f"{TIP}:tools/{TOOL}/.toolbuilder/feedback.yaml")


def test_what_a_person_has_closed_stays_closed_until_it_is_asked_for(built_hub: Hub) -> None:
    built_hub.api.world.control({"close": [1]})
    assert built_hub.run("schedule") == 0, built_hub.log()
    assert open_pulls(built_hub) == []
    assert built_hub.run("workflow_dispatch", inputs=DISPATCH | {"tool": TOOL}) == 0, built_hub.log()
    assert len(open_pulls(built_hub)) == 1


def test_a_proposed_spec_is_previewed_and_nothing_is_built(fresh_hub: Hub) -> None:
    before = fresh_hub.host.tips()
    spec = git(fresh_hub, "show", f"{BRANCH}:specs/{TOOL}.yaml").replace(TOOL, "new-tool")
    assert propose(fresh_hub, spec) == 0, fresh_hub.log()
    assert {ref: commit for ref, commit in fresh_hub.host.tips().items() if ref != MERGED} == before
    assert writes(fresh_hub) == []


def test_a_proposed_spec_that_is_wrong_fails_the_preview(fresh_hub: Hub) -> None:
    assert propose(fresh_hub, "name: new-tool\ndescripton: Sorts lines.\n") != 0
