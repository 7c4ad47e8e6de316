"""Whatever answer is lost or refused for a while, the same stands on GitHub in the end, and nothing stands there twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import Any

import pytest

from tests.forge.forges import BRANCH, PROPOSAL, Peer, github
from tests.forge.github_world import WORKFLOW, Pull, World
from tests.sabotage import sabotaged
from toolbuilder.adapters.github import comments
from toolbuilder.adapters.github.forge import GitHubForge
from toolbuilder.adapters.github.waiting import Patience
from toolbuilder.errors import ForgeError

STATUS = "<!-- status -->"
READY = replace(PROPOSAL, labels=("toolbuilder", "toolbuilder:needs-person"), reviewers=("writer", "o/reviewers"))
LOSSES: dict[str, dict[str, Any]] = {
    "the connection breaks before": {},
    "the connection breaks after": {"done": True},
    "a failure before": {"status": 502},
    "a failure after": {"status": 502, "done": True},
    "a limit": {"status": 403, "headers": {"retry-after": "2"}, "body": {"message": "secondary rate limit"}},
}


def begun() -> World:
    """Give a world where much is to be done: a draft with an old text, another label and two old comments."""
    pull = Pull(1, "Old", "Old.", BRANCH, "main", draft=True, author=WORKFLOW, sha="b" * 40, home="o/r")
    pull.labels = ["toolbuilder:draft", "priority"]
    world = World(branches={"main": "a" * 40, BRANCH: pull.sha}, pulls=[pull])
    for body in ("old", "older"):
        world.add_comment(1, WORKFLOW, f"{STATUS}\n{body}")
    return world


def empty() -> World:
    return World(branches={"main": "a" * 40, BRANCH: "b" * 40})


@contextmanager
def patient() -> Iterator[Peer]:
    """Serve a GitHub, and give one client that never runs out of patience: making a client is what takes time."""
    with github() as peer:
        peer.patience = Patience(waiting=float("inf"), between=0)
        peer.forge()
        yield peer


def run(peer: Peer, part: Any) -> None:
    """Do what a run of publishing does: it knows nothing but what it is told."""
    forge = GitHubForge(peer.clients[0])
    known = next((one for one in forge.pull_requests() if one.state == "open"), None)
    number = forge.propose(READY, known).number
    part.put_comment(peer.clients[0], forge.login, number, STATUS, "new")


def settled(peer: Peer, part: Any, world: World) -> dict[str, Any]:
    """Run until nothing goes wrong; give what stands there then."""
    peer.served.world = world
    for _ in range(3):
        try:
            run(peer, part)
        except ForgeError:
            continue
        return {name: value for name, value in asdict(world).items() if name in {"pulls", "comments", "labels"}}
    pytest.fail("a third run still went wrong")


def nothing_stands_there_twice(part: Any) -> None:
    with patient() as peer:
        for start in (begun, empty):
            peer.served.requests.clear()
            wanted = settled(peer, comments, start())
            asked = len(peer.served.requests)
            assert asked > 6
            for first in range(asked):
                for loss in LOSSES.values():
                    world = start()
                    world.control({"faults": [{**loss, "first": first}]})
                    assert settled(peer, part, world) == wanted, (start.__name__, first, loss)
                    assert world.faults == []


def test_what_is_to_stand_there_is_right() -> None:
    with patient() as peer:
        stands = settled(peer, comments, begun())
        [pull], [comment] = stands["pulls"], stands["comments"]
        assert (pull["title"], pull["draft"], pull["reviewers"], pull["teams"]) == (
            PROPOSAL.title, False, ["writer"], ["reviewers"],
        )  # fmt: skip
        assert pull["labels"] == ["priority", "toolbuilder", "toolbuilder:needs-person"]
        assert comment["body"] == f"{STATUS}\nnew"


def test_a_lost_answer_costs_a_run_at_most() -> None:
    nothing_stands_there_twice(comments)


@pytest.mark.parametrize(("text", "instead"), [("repeatable=False, ", ""), ("mine[1:]", "mine[9:]")])
def test_what_would_stand_there_twice_is_noticed(text: str, instead: str) -> None:
    with pytest.raises(AssertionError):
        nothing_stands_there_twice(sabotaged(comments, text, instead))
