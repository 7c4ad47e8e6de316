"""Everything that the forge and the doctor ever ask of GitHub, once."""

from dataclasses import replace
from typing import Any

from tests.forge.forges import PROPOSAL, Peer
from tests.forge.github_world import WORKFLOW

FULL = replace(
    PROPOSAL, draft=True, labels=("toolbuilder", "toolbuilder:needs-person"), reviewers=("writer", "o/reviewers")
)


def everything(peer: Peer) -> list[dict[str, Any]]:
    """Send every kind of request; give them as they were recorded."""
    forge = peer.forge()
    opened = forge.propose(FULL, None)
    forge.propose(replace(FULL, title="Another"), None)
    forge.propose(replace(FULL, draft=False, labels=("toolbuilder",)), opened)
    fresh = peer.forge()
    [known] = fresh.pull_requests()
    fresh.propose(replace(PROPOSAL, body="Second.", draft=True), known)
    peer.forge().propose(replace(PROPOSAL, body="Third."), known)
    forge.comment(1, "<!-- status -->", "One.")
    forge.comment(1, "<!-- status -->", "Two.")
    peer.world.add_comment(1, WORKFLOW, "<!-- status -->\nby another run")
    forge.comment(1, "<!-- status -->", "Three.")
    forge.may_write("writer")
    forge.dispatch("toolbuilder.yml", {"tool": "log-levels", "from-stage": "generation", "feedback": "Shorter."})
    forge.close(1, "Gone.", "toolbuilder:withdrawn")
    return peer.served.requests
