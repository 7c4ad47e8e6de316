"""Reviewers, labels and comments of a pull request, each on its own."""

from typing import Any

import pytest

from tests.forge.forges import PROPOSAL, github
from tests.sabotage import Protection, assert_guarded
from toolbuilder.adapters.github import comments, labels, reviewers

STRANGER = "a-stranger"


def who_cannot_be_asked_does_not_stop_the_others(part: Any) -> None:
    wanted = ("author", STRANGER, "writer", "elsewhere/reviewers")
    with github(me="author", collaborators={"writer": "write"}) as peer:
        pull = peer.forge()._open(PROPOSAL)[0]
        left_out = part.ask_reviewers(peer.clients[0], pull, wanted)
        assert left_out == (STRANGER,)
        assert (peer.world.pulls[0].reviewers, peer.world.pulls[0].teams) == (["writer"], [])


REVIEWS: list[Protection] = [
    (who_cannot_be_asked_does_not_stop_the_others, "return tuple(name for name in left if not _asked(client, pull, [name]))", "return tuple(left)"),
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


LABELS: list[Protection] = [
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


COMMENTS: list[Protection] = [
    (one_comment_of_a_kind_stands_and_it_is_ours, " and plain(author) == plain(login)", ""),
    (one_comment_of_a_kind_stands_and_it_is_ours, 'elif unix(mine[0].body or "") != unix(whole):', "else:"),
    (one_comment_of_a_kind_stands_and_it_is_ours, "mine[1:]", "mine[9:]"),
]  # fmt: skip


@pytest.mark.parametrize("protection", COMMENTS)
def test_a_comment_is_put_in_place(protection: Protection) -> None:
    assert_guarded(comments, protection)
