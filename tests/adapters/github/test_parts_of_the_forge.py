"""Reviewers, labels and comments of a pull request, each on its own."""

import re
from typing import Any

import pytest

from tests.forge.forges import PROPOSAL, github
from tests.sabotage import Protection, assert_guarded
from toolbuilder.adapters.github import comments, labels, reviewers
from toolbuilder.adapters.github.waiting import Patience
from toolbuilder.errors import ForgeError

STRANGER = "a-stranger"


def who_cannot_be_asked_does_not_stop_the_others(part: Any) -> None:
    wanted = ("author", STRANGER, "writer", "elsewhere/reviewers")
    with github(me="author", collaborators={"writer": "write"}) as peer:
        pull = peer.forge()._open(PROPOSAL)[0]
        left_out = part.ask_reviewers(peer.clients[0], pull, wanted)
        assert left_out == (STRANGER,)
        assert (peer.world.pulls[0].reviewers, peer.world.pulls[0].teams) == (["writer"], [])


def a_team_that_the_token_may_not_see_does_not_stop_people(part: Any) -> None:
    with github(sees_teams=False) as peer:
        pull = peer.forge()._open(PROPOSAL)[0]
        assert part.ask_reviewers(peer.clients[0], pull, ("o/reviewers", "writer")) == ("o/reviewers",)
        assert (peer.world.pulls[0].reviewers, peer.time.waits) == (["writer"], [])


def more_than_github_takes_are_told(part: Any) -> None:
    people = tuple(f"person-{number}" for number in range(18))
    for wanted in (people, (*people[:14], STRANGER, *people[15:])):
        with github(collaborators=dict.fromkeys(people, "write")) as peer:
            pull = peer.forge()._open(PROPOSAL)[0]
            left_out = part.ask_reviewers(peer.clients[0], pull, wanted)
            assert set(left_out) == {*people[15:], *wanted} - {*people[:15]}
            assert set(peer.world.pulls[0].reviewers) == {*people[:15]} & {*wanted}


def who_alone_cannot_be_asked_is_told(part: Any) -> None:
    with github() as peer:
        pull = peer.forge()._open(PROPOSAL)[0]
        assert part.ask_reviewers(peer.clients[0], pull, (STRANGER,)) == (STRANGER,)
        assert len(peer.served.sent("POST", "requested_reviewers")) == 1


def people_are_told_of_one_after_the_other(part: Any) -> None:
    with github() as peer:
        peer.patience = Patience(between=1)
        pull = peer.forge()._open(PROPOSAL)[0]
        part.ask_reviewers(peer.clients[0], pull, (STRANGER, "writer"))
        assert peer.time.waits == [1, 1, 1]


REVIEWS: list[Protection] = [
    (a_team_that_the_token_may_not_see_does_not_stop_people, '"team_reviewers": [name.partition("/")[2] for name in names if "/" in name],', ""),
    (more_than_github_takes_are_told, "        return beyond\n", "        return ()\n"),
    (more_than_github_takes_are_told, ", *beyond)", ",)"),
    (more_than_github_takes_are_told, "_LIMIT = 15", "_LIMIT = 99"),
    (who_alone_cannot_be_asked_is_told, "if len(left) == 1:", "if False:"),
    (people_are_told_of_one_after_the_other, "creates=True, ", ""),
    (who_cannot_be_asked_does_not_stop_the_others, "*(name for name in left if not _asked(client, pull, [name]))", "*left"),
    (who_cannot_be_asked_does_not_stop_the_others, " and not foreign", ""),
    (who_cannot_be_asked_does_not_stop_the_others, "(pull.user, *pull.requested_reviewers)", "pull.requested_reviewers"),
]  # fmt: skip


@pytest.mark.parametrize("protection", REVIEWS)
def test_reviewers_that_github_refuses_are_left_out(protection: Protection) -> None:
    assert_guarded(reviewers, protection)


def a_label_is_made_once_and_only_ours_are_taken_away(part: Any) -> None:
    with github() as peer:
        peer.forge().propose(PROPOSAL, None)
        peer.world.pulls[0].labels = ["priority", "toolbuilder:needs-person"]
        peer.served.requests.clear()
        made = part.Labels(peer.clients[0])
        assert made.put(1, ("priority", "toolbuilder:needs-person"), ("toolbuilder",)) == ("priority", "toolbuilder")
        made.put(1, (), ("toolbuilder",))
        assert peer.world.pulls[0].labels == ["priority", "toolbuilder"]
        assert peer.world.labels["toolbuilder"]["color"] != "ededed"
        assert len([one for one in peer.served.requests if one["path"] == "/repos/o/r/labels"]) == 1


def a_label_is_known_whatever_its_capitals(part: Any) -> None:
    with github() as peer:
        peer.forge().propose(PROPOSAL, None)
        peer.world.labels = {name: {"name": name} for name in ("Toolbuilder", "Toolbuilder:Draft")}
        peer.world.pulls[0].labels = ["Toolbuilder:Draft", "Priority"]
        made = part.Labels(peer.clients[0])
        assert made.put(1, ("Toolbuilder:Draft", "Priority"), ("toolbuilder",)) == ("Priority", "toolbuilder")
        assert peer.world.pulls[0].labels == ["Priority", "Toolbuilder"]
        peer.served.requests.clear()
        assert made.put(1, ("Priority", "Toolbuilder"), ("toolbuilder",)) == ("Priority", "toolbuilder")
        assert peer.served.requests == []


def any_name_of_ours_can_be_taken_away(part: Any) -> None:
    odd = "toolbuilder:a/b?c=100%#d \u00e4"
    with github() as peer:
        peer.forge().propose(PROPOSAL, None)
        peer.world.pulls[0].labels = [odd, "toolbuilder"]
        assert part.Labels(peer.clients[0]).put(1, (odd, "toolbuilder"), ("toolbuilder",)) == ("toolbuilder",)
        assert peer.world.pulls[0].labels == ["toolbuilder"]


def a_label_that_is_gone_already_is_no_trouble(part: Any) -> None:
    with github() as peer:
        peer.forge().propose(PROPOSAL, None)
        made = part.Labels(peer.clients[0])
        peer.world.pulls[0].labels = ["toolbuilder:draft"]
        peer.world.control({"faults": [{"method": "DELETE", "done": True}]})  # done, but nobody is told
        assert made.put(1, ("toolbuilder:draft",), ()) == ()
        assert made.put(1, ("toolbuilder:removal",), ()) == ()
        assert peer.world.pulls[0].labels == []


def a_token_that_may_not_make_labels_still_puts_them_on(part: Any) -> None:
    for status in (403, 404, 422):
        with github() as peer:
            peer.forge()._open(PROPOSAL)
            peer.world.control({"faults": [{"method": "POST", "path": "/repos/o/r/labels", "status": status}]})
            assert part.Labels(peer.clients[0]).put(1, (), ("toolbuilder",)) == ("toolbuilder",)
            assert peer.world.labels["toolbuilder"]["color"] == "ededed"


def a_failure_is_no_refusal(part: Any) -> None:
    for method in ("POST", "DELETE"):
        with github() as peer:
            peer.forge().propose(PROPOSAL, None)
            made = part.Labels(peer.clients[0])
            peer.world.control({"faults": [{"method": method, "status": 400}]})
            with pytest.raises(ForgeError, match=f"{method} .*: 400"):
                made.put(1, ("toolbuilder",), ("toolbuilder:removal",))


def test_github_takes_every_label_as_it_is() -> None:
    for name, (colour, description) in labels._LOOKS.items():
        assert len(name) <= 50
        assert len(description) <= 100
        assert re.fullmatch("[0-9a-f]{6}", colour)


LABELS: list[Protection] = [
    (a_label_is_known_whatever_its_capitals, "name not in known.values()", "name not in known"),
    (a_label_is_known_whatever_its_capitals, 'if name.split(":")[0] == OWN', 'if shown.split(":")[0] == OWN'),
    (any_name_of_ours_can_be_taken_away, "quote(name, safe='')", "quote(name)"),
    (a_label_that_is_gone_already_is_no_trouble, "if refusal.status != 404:", "if True:"),
    (a_failure_is_no_refusal, "if refusal.status not in {403, 404, 422}:", "if False:"),
    (a_failure_is_no_refusal, "if refusal.status != 404:", "if False:"),
    (a_token_that_may_not_make_labels_still_puts_them_on, "if refusal.status not in {403, 404, 422}:", "if True:"),
    (a_label_is_made_once_and_only_ours_are_taken_away, 'if name.split(":")[0] == OWN and', "if"),
    (a_label_is_made_once_and_only_ours_are_taken_away, "            self._made.add(name)\n", ""),
    (a_label_is_made_once_and_only_ours_are_taken_away, "            self._make(missing)\n", ""),
]


@pytest.mark.parametrize("protection", LABELS)
def test_labels_stand_as_they_should(protection: Protection) -> None:
    assert_guarded(labels, protection)


def one_comment_of_a_kind_stands_and_it_is_ours(part: Any) -> None:
    with github() as peer:
        peer.forge().propose(PROPOSAL, None)
        for login in (STRANGER, peer.world.me, peer.world.me):
            peer.world.add_comment(1, login, "<!-- status -->\nold")
        part.put_comment(peer.clients[0], "github-actions", 1, "<!-- status -->", "new\nlines")
        assert [(one.login, one.body) for one in peer.world.comments] == [
            (STRANGER, "<!-- status -->\nold"),
            (peer.world.me, "<!-- status -->\nnew\nlines"),
        ]
        peer.served.requests.clear()
        part.put_comment(peer.clients[0], "github-actions", 1, "<!-- status -->", "new\nlines")
        assert [one["method"] for one in peer.served.requests] == ["GET"]


def one_that_another_run_took_away_is_no_trouble(part: Any) -> None:
    for fault in ({"done": True}, {"status": 404, "done": True}):
        with github() as peer:
            peer.forge().propose(PROPOSAL, None)
            for body in ("new", "old"):
                peer.world.add_comment(1, peer.world.me, f"<!-- status -->\n{body}")
            peer.world.control({"faults": [{"method": "DELETE", **fault}]})
            part.put_comment(peer.clients[0], peer.world.me, 1, "<!-- status -->", "new")
            assert [one.body for one in peer.world.comments] == ["<!-- status -->\nnew"]


def one_that_cannot_be_taken_away_is_told(part: Any) -> None:
    with github() as peer:
        peer.forge().propose(PROPOSAL, None)
        for _ in range(2):
            peer.world.add_comment(1, peer.world.me, "<!-- status -->\nnew")
        peer.world.control({"faults": [{"method": "DELETE", "status": 403}]})
        with pytest.raises(ForgeError, match="DELETE"):
            part.put_comment(peer.clients[0], peer.world.me, 1, "<!-- status -->", "new")


COMMENTS: list[Protection] = [
    (one_that_another_run_took_away_is_no_trouble, "if refusal.status != 404:", "if True:"),
    (one_that_cannot_be_taken_away_is_told, "if refusal.status != 404:", "if False:"),
    (one_comment_of_a_kind_stands_and_it_is_ours, " and plain(author) == plain(login)", ""),
    (one_comment_of_a_kind_stands_and_it_is_ours, 'elif unix(mine[0].body or "") != unix(whole):', "else:"),
    (one_comment_of_a_kind_stands_and_it_is_ours, "mine[1:]", "mine[9:]"),
]  # fmt: skip


@pytest.mark.parametrize("protection", COMMENTS)
def test_a_comment_is_put_in_place(protection: Protection) -> None:
    assert_guarded(comments, protection)
