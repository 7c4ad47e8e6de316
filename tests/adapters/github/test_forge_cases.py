"""What happens to a repository on GitHub while nobody looks, and what its people did before toolbuilder came."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.forge.forges import BRANCH, PROPOSAL, github
from tests.forge.github_world import custom, failed
from tests.sabotage import Protection, assert_guarded
from toolbuilder.adapters.github import answers, drafts
from toolbuilder.errors import ForgeError

PULLS = "/repos/o/r/pulls"
MOVED = {"message": "Moved Permanently", "url": "https://api.github.com/repositories/7"}
Change = Callable[[Any], object]
NO_ACCESS = {"message": "Resource not accessible by personal access token"}


def test_a_repository_that_was_renamed_or_transferred_is_told_and_nothing_follows_it() -> None:
    with github() as peer:
        known = peer.forge().propose(PROPOSAL, None)
        moved = {"status": 301, "headers": {"location": MOVED["url"]}, "body": MOVED}
        asking: list[Change] = [
            lambda forge: forge.pull_requests(),
            lambda forge: forge.propose(PROPOSAL, None),
            lambda forge: forge.propose(replace(PROPOSAL, body="New."), known),
            lambda forge: forge.close(1, "Gone.", "toolbuilder:withdrawn"),
            lambda forge: forge.dispatch("toolbuilder.yml", {}),
        ]
        for ask in asking:
            peer.served.requests.clear()
            peer.world.faults.clear()
            peer.world.control({"faults": [{**moved, "times": 9}]})
            with pytest.raises(
                ForgeError, match="301, Moved Permanently; o/r has another name now: set the remote's URL"
            ):
                ask(peer.forge())
            assert len(peer.served.requests) == 1
        assert peer.time.waits == []


def test_an_archived_repository_is_told_and_left_as_it_is() -> None:
    with github() as peer:
        known = peer.forge().propose(PROPOSAL, None)
        peer.world.archived = True
        before = peer.world.dump()
        changes: list[Change] = [
            lambda forge: forge.propose(replace(PROPOSAL, branch="main"), None),
            lambda forge: forge.propose(replace(PROPOSAL, body="New."), known),
            lambda forge: forge.propose(replace(PROPOSAL, labels=("toolbuilder:removal",)), known),
            lambda forge: forge.comment(1, "<!-- status -->", "Built."),
            lambda forge: forge.close(1, "Gone.", "toolbuilder:withdrawn"),
            lambda forge: forge.dispatch("toolbuilder.yml", {}),
        ]
        for change in changes:
            with pytest.raises(ForgeError, match=r"403, Repository was archived so is read-only.*; unarchive o/r"):
                change(peer.forge())
        assert peer.world.dump() == before
        assert [one.number for one in peer.forge().pull_requests()] == [1]


def test_a_token_that_may_only_read_changes_nothing_and_is_told_what_it_lacks() -> None:
    with github() as peer:
        denied = {"method": "POST|PATCH|DELETE", "path": "/repos/.*", "status": 403, "times": 99, "body": NO_ACCESS}
        peer.world.control({"faults": [denied]})
        with pytest.raises(
            ForgeError, match=r"POST /repos/o/r/pulls: 403, Resource not accessible.* `pull-requests: write`"
        ):
            peer.forge().propose(PROPOSAL, None)
        assert (peer.world.pulls, peer.time.waits) == ([], [])


def test_a_default_branch_that_is_renamed_meanwhile_costs_one_run() -> None:
    with github() as peer:
        early = peer.forge()
        assert early.default_branch == "main"
        peer.world.default = "trunk"
        peer.world.branches["trunk"] = peer.world.branches.pop("main")
        with pytest.raises(
            ForgeError, match="base invalid; the default branch has just been renamed or deleted: run again"
        ):
            early.propose(PROPOSAL, None)
        peer.forge().propose(PROPOSAL, None)
        assert [pull.base for pull in peer.world.pulls] == ["trunk"]


def test_one_that_goes_to_another_branch_by_now_is_found_and_stays_the_only_one() -> None:
    with github() as peer:
        known = peer.forge().propose(PROPOSAL, None)
        peer.world.branches["trunk"] = peer.world.branches["main"]
        peer.world.pulls[0].base = peer.world.default = "trunk"  # as GitHub does when the default branch is renamed
        [listed] = peer.forge().pull_requests()
        assert listed == known
        assert peer.forge().propose(replace(PROPOSAL, body="New."), listed).number == 1
        assert peer.forge().propose(replace(PROPOSAL, body="Newer."), None).number == 1
        assert [(pull.base, pull.body) for pull in peer.world.pulls] == [("trunk", "Newer.")]


def test_who_may_write_is_not_guessed_where_github_does_not_say() -> None:
    for status in (403, 500):
        with github() as peer:
            words = {"message": "Must have push access to view collaborator permission."}
            peer.world.control({"faults": [{"path": ".*/permission", "status": status, "times": 9, "body": words}]})
            with pytest.raises(ForgeError, match=f": {status}, Must have push access"):
                peer.forge().may_write("writer")


def test_one_that_is_said_to_be_open_but_is_not_found_is_told() -> None:
    with github() as peer:
        words = failed(custom(f"A pull request already exists for o:{BRANCH}."))
        peer.world.control({"faults": [{"method": "POST", "path": PULLS, "status": 422, "body": words}]})
        with pytest.raises(ForgeError, match="422, Validation Failed: A pull request already exists"):
            peer.forge().propose(PROPOSAL, None)
        assert peer.forge().propose(PROPOSAL, None).number == 1


def labels_are_known_whatever_their_capitals(part: Any) -> None:
    shown = {
        "number": 1, "html_url": "u", "node_id": "PR_1", "state": "closed", "title": "T",
        "head": {"ref": BRANCH, "sha": "b"}, "base": {"ref": "main", "sha": "a"},
        "labels": [{"name": "Toolbuilder:Withdrawn"}, {"name": "ToolBuilding"}, {"name": "TOOLBUILDER"}],
    }  # fmt: skip
    pull = part.Pull.model_validate(shown).as_port()
    assert pull.labels == ("toolbuilder:withdrawn", "ToolBuilding", "toolbuilder")


def test_a_label_that_people_made_before_is_taken_for_ours_and_put_on_once() -> None:
    with github() as peer:
        peer.world.labels = {name: {"name": name} for name in ("Toolbuilder", "Toolbuilder:Withdrawn")}
        opened = peer.forge().propose(PROPOSAL, None)
        assert (opened.labels, peer.world.pulls[0].labels) == (("toolbuilder",), ["Toolbuilder"])
        peer.served.requests.clear()
        again = peer.forge()
        again.propose(PROPOSAL, again.pull_requests()[0])
        assert [one["method"] for one in peer.served.requests] == ["GET"]
        again.close(1, "Gone.", "toolbuilder:withdrawn")
        assert peer.world.pulls[0].labels == ["Toolbuilder", "Toolbuilder:Withdrawn"]
        assert peer.forge().pull_requests()[0].labels == ("toolbuilder", "toolbuilder:withdrawn")


def test_a_team_that_a_workflows_token_may_not_see_is_told_and_costs_no_time() -> None:
    with github(sees_teams=False) as peer:
        peer.forge().propose(replace(PROPOSAL, reviewers=("o/reviewers", "writer")), None)
        assert (peer.world.pulls[0].reviewers, peer.world.pulls[0].teams, peer.time.waits) == (["writer"], [], [])
        [note] = peer.notes
        assert note.endswith(
            "not take o/reviewers as a reviewer from this token; GitHub itself asks teams in CODEOWNERS"
        )


def switched(part: Any, *faults: dict[str, Any]) -> tuple[bool, bool]:
    """Make a pull request a draft while faults last; give what is said of it, and whether it is one."""
    with github() as peer:
        pull = peer.forge()._open(PROPOSAL)[0]
        peer.world.control({"faults": [{"path": "/graphql", **fault} for fault in faults]})
        said = part.switch(peer.clients[0], pull, draft=True)
        return said, peer.world.pulls[0].draft


NO = {"status": 200, "body": {"data": {"done": None}, "errors": [{"message": "Pull request is already a draft"}]}}


def the_lost_answer_to_a_switch_is_looked_for(part: Any) -> None:
    assert switched(part, {"done": True}, NO) == (True, True)


def a_refusal_to_switch_is_told(part: Any) -> None:
    with pytest.raises(ForgeError, match="already a draft"):
        switched(part, NO)


def what_github_says_of_it_counts(part: Any) -> None:
    ready = {"data": {"done": {"pullRequest": {"isDraft": False}}}}
    assert switched(part, {"status": 200, "body": ready}) == (False, False)


def a_token_that_may_not_switch_is_no_failure(part: Any) -> None:
    for words in ("Resource not accessible by integration", "somebody does not have permission to convert it"):
        assert switched(part, {"status": 200, "body": {"errors": [{"message": words}]}}) == (False, False)


SWITCHING: list[Protection] = [
    (the_lost_answer_to_a_switch_is_looked_for, "if _is_draft(client, pull.number) != draft:", "if True:"),
    (a_refusal_to_switch_is_told, "if _is_draft(client, pull.number) != draft:", "if False:"),
    (what_github_says_of_it_counts, ".read(Switched).draft == draft", ".status == 200"),
    (a_token_that_may_not_switch_is_no_failure, "(NO_ACCESS, NO_DRAFTS, ", "(NO_DRAFTS, "),
    (a_token_that_may_not_switch_is_no_failure, ', "does not have permission"', ""),
]


@pytest.mark.parametrize("protection", SWITCHING)
def test_a_draft_becomes_one_as_far_as_it_may(protection: Protection) -> None:
    assert_guarded(drafts, protection)


LABELS: list[Protection] = [
    (labels_are_known_whatever_their_capitals, "plain = shown.lower()", "plain = shown"),
    (labels_are_known_whatever_their_capitals, 'return plain if plain.split(":")[0] == OWN else shown', "return plain"),
]


@pytest.mark.parametrize("protection", LABELS)
def test_a_label_is_known(protection: Protection) -> None:
    assert_guarded(answers, protection)
