from dataclasses import replace
from typing import Any

import pytest

from tests.forge.forges import PROPOSAL, Peer, github
from tests.forge.github_rules import answer
from tests.sabotage import Protection, assert_guarded
from toolbuilder.adapters.github import drafts, forge
from toolbuilder.errors import ForgeError

PULLS = "/repos/o/r/pulls"
STRANGER = "a-stranger"


def forge_of(part: Any, peer: Peer) -> Any:
    return peer.forge(kind=part.GitHubForge)


def two_publishers_make_one_pull_request(part: Any) -> None:
    with github() as peer:
        for body in ("first", "second"):
            forge_of(part, peer).propose(replace(PROPOSAL, body=body), None)
        assert [(pull.number, pull.body) for pull in peer.world.pulls] == [(1, "second")]


def what_says_the_same_is_not_sent_again(part: Any) -> None:
    with github() as peer:
        first = forge_of(part, peer)
        first.propose(PROPOSAL, None)
        peer.served.requests.clear()
        second = forge_of(part, peer)
        second.propose(PROPOSAL, second.pull_requests()[0])
        assert [one["method"] for one in peer.served.requests] == ["GET"]


def a_branch_of_a_fork_is_not_ours(part: Any) -> None:
    with github() as peer:
        made = forge_of(part, peer)
        made.propose(PROPOSAL, None)
        peer.world.pulls[0].home = f"{STRANGER}/r"
        assert forge_of(part, peer).pull_requests() == []


def a_refused_draft_is_opened_ready_and_says_so_in_words(part: Any) -> None:
    with github(drafts=False) as peer:
        known = forge_of(part, peer).propose(replace(PROPOSAL, draft=True), None)
        pull = peer.world.pulls[0]
        assert (pull.draft, pull.title, pull.labels) == (False, "Draft: Add log-levels", ["toolbuilder", drafts.LABEL])
        peer.served.requests.clear()
        again = forge_of(part, peer)
        again.propose(replace(PROPOSAL, draft=True), again.pull_requests()[0])
        assert [one["method"] for one in peer.served.requests] == ["GET"]
        forge_of(part, peer).propose(PROPOSAL, known)
        assert (pull.draft, pull.title, pull.labels) == (False, "Add log-levels", ["toolbuilder"])


def the_mark_of_who_closed_comes_before_the_closing(part: Any) -> None:
    with github() as peer:
        made = forge_of(part, peer)
        number = made.propose(PROPOSAL, None).number
        peer.served.requests.clear()
        made.close(number, "Gone.", "toolbuilder:withdrawn")
        sent = [one["path"].rpartition("/")[2] for one in peer.served.requests if one["method"] in {"POST", "PATCH"}]
        assert sent[-3:] == ["graphql", "comments", "1"]
        assert sent.index("labels") < sent.index("comments")


def a_name_that_is_none_is_not_asked_about(part: Any) -> None:
    with github() as peer:
        assert not forge_of(part, peer).may_write("../../../user")
        assert not forge_of(part, peer).may_write("nobody")
        assert not forge_of(part, peer).may_write("reader")
        assert forge_of(part, peer).may_write("writer")
        assert [one["path"].split("/")[5] for one in peer.served.requests] == ["nobody", "reader", "writer"]


def a_run_that_dies_while_it_opens_one_leaves_the_rest_to_the_next(part: Any) -> None:
    asked = replace(PROPOSAL, reviewers=("writer",))
    for path in (f"{PULLS}/1/requested_reviewers", "/repos/o/r/issues/1/labels"):
        with github() as peer:
            peer.world.control({"faults": [{"method": "POST", "path": path, "status": 400}]})
            with pytest.raises(ForgeError):
                forge_of(part, peer).propose(asked, None)
            again = forge_of(part, peer)
            again.propose(asked, again.pull_requests()[0])
            [pull] = peer.world.pulls
            assert (pull.reviewers, pull.labels) == (["writer"], ["toolbuilder"])


GUARDED: list[Protection] = [
    (a_run_that_dies_while_it_opens_one_leaves_the_rest_to_the_next, " or not {*proposal.labels} <= {*pull.label_names}", ""),
    (two_publishers_make_one_pull_request, "if ALREADY_OPEN in refusal.said and", "if False and"),
    (what_says_the_same_is_not_sent_again, "if unix(text) != unix(there[name])", ""),
    (a_branch_of_a_fork_is_not_ours, " and home.lower() == self._client.place.repository.lower()", ""),
    (a_refused_draft_is_opened_ready_and_says_so_in_words, "if draft and NO_DRAFTS", "if False and NO_DRAFTS"),
    (a_refused_draft_is_opened_ready_and_says_so_in_words, " or (proposal.draft and in_words)", ""),
    (the_mark_of_who_closed_comes_before_the_closing, "        self._labels.put(number, pull.shown_labels, (*pull.label_names, label))\n        self.comment(number, CLOSING, comment)", "        self.comment(number, CLOSING, comment)\n        self._labels.put(number, pull.shown_labels, (*pull.label_names, label))"),
    (a_name_that_is_none_is_not_asked_about, "if not _LOGIN.fullmatch(login):", "if not login:"),
    (a_name_that_is_none_is_not_asked_about, 'in {"admin", "write"}', 'in {"admin", "write", "read"}'),
]  # fmt: skip


@pytest.mark.parametrize("protection", GUARDED)
def test_the_forge_does_what_it_should(protection: Protection) -> None:
    assert_guarded(forge, protection)


def test_the_lost_answer_to_an_opening_leads_to_one_pull_request() -> None:
    with github() as peer:
        peer.world.control({"faults": [{"method": "POST", "path": PULLS, "done": True}]})
        opened = peer.forge().propose(PROPOSAL, None)
        assert (opened.number, len(peer.world.pulls)) == (1, 1)


def test_what_was_just_made_may_not_be_known_everywhere() -> None:
    with github(slow_to_know=2) as peer:
        opened = peer.forge().propose(replace(PROPOSAL, reviewers=("writer",)), None)
        assert (opened.labels, peer.world.pulls[0].reviewers) == (("toolbuilder",), ["writer"])
        assert peer.time.waits == [1, 2]


def test_a_token_that_may_not_change_drafts_leaves_a_word_where_it_is_seen() -> None:
    with github(conversions=False) as peer:
        made = peer.forge()
        known = made.propose(replace(PROPOSAL, draft=True), None)
        for _ in range(2):
            made.propose(PROPOSAL, known)
        assert peer.world.pulls[0].draft
        assert "press `Ready for review` there" in peer.notes[0]
        assert [one.body.splitlines()[0] for one in peer.world.comments] == [forge.READY]
        ready = peer.forge().propose(replace(PROPOSAL, draft=True), known)
        assert ready.draft


def test_a_ready_one_that_cannot_be_made_a_draft_is_one_in_words() -> None:
    with github(conversions=False) as peer:
        known = peer.forge().propose(PROPOSAL, None)
        peer.forge().propose(replace(PROPOSAL, draft=True), known)
        assert (peer.world.pulls[0].title, peer.world.pulls[0].labels[-1]) == ("Draft: Add log-levels", drafts.LABEL)


def test_reviewers_are_asked_when_it_is_ready_and_not_again() -> None:
    asked = replace(PROPOSAL, reviewers=("writer", "o/reviewers"))
    with github() as peer:
        made = peer.forge()
        known = made.propose(replace(asked, draft=True), None)
        assert peer.served.sent("POST", "requested_reviewers") == []
        known = made.propose(asked, known)
        made.propose(replace(asked, body="More."), known)
        bodies = [one["body"] for one in peer.served.sent("POST", "requested_reviewers")]
        assert bodies == [{"reviewers": ["writer"], "team_reviewers": ["reviewers"]}]


def test_a_token_that_may_not_say_who_it_is_counts_as_a_workflow_s() -> None:
    with github() as peer:
        denied = {"data": None, "errors": [{"message": "Resource not accessible by integration"}]}
        peer.world.control({"faults": [{"path": "/graphql", "status": 200, "body": denied}]})
        assert peer.forge().login == "github-actions[bot]"
        peer.world.control(
            {"faults": [{"path": "/graphql", "status": 200, "body": {"errors": [{"message": "Broken"}]}}]}
        )
        with pytest.raises(ForgeError, match="GitHub refused POST /graphql: 200, Broken"):
            assert peer.forge().login


def test_every_page_is_read() -> None:
    branches = {"main": "a" * 40, **{f"toolbuilder/t{n}": f"{n:040x}" for n in range(1, 231)}}
    with github(branches=branches) as peer:
        made = peer.forge()
        for name in list(branches)[1:]:
            answer(peer.world, "POST", PULLS, {}, {"title": name, "head": name, "base": "main"})
        found = made.pull_requests()
        assert [one.number for one in found] == list(range(230, 0, -1))
        assert len(peer.served.requests) == 3


def test_a_workflow_is_started_on_the_default_branch() -> None:
    with github(default="trunk") as peer:
        peer.forge().dispatch("toolbuilder.yml", {"tool": "log-levels"})
        assert peer.world.dispatches == [
            {"workflow": "toolbuilder.yml", "ref": "trunk", "inputs": {"tool": "log-levels"}}
        ]


def test_a_setting_that_forbids_pull_requests_is_named_with_its_place() -> None:
    with github(may_create=False) as peer, pytest.raises(ForgeError) as caught:
        peer.forge().propose(PROPOSAL, None)
    told = str(caught.value)
    assert "GitHub refused POST /repos/o/r/pulls: 403" in told
    assert "GitHub Actions is not permitted to create or approve pull requests" in told
    assert "/o/r/settings/actions" in told
    assert "/organizations/o/settings/actions" in told


def test_a_branch_that_is_not_on_github_is_told_as_that() -> None:
    with github() as peer, pytest.raises(ForgeError, match="push it first"):
        peer.forge().propose(replace(PROPOSAL, branch="toolbuilder/missing"), None)


def test_a_branch_is_found_even_where_the_narrow_list_misses_it() -> None:
    with github() as peer:
        peer.forge().propose(PROPOSAL, None)
        peer.world.control({"faults": [{"method": "GET", "path": PULLS, "status": 200, "body": []}]})
        assert peer.forge().propose(replace(PROPOSAL, body="Second."), None).number == 1
