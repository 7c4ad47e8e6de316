"""Asking for reviews: GitHub refuses a whole request for one name that cannot be asked, so names are tried singly."""

from collections.abc import Collection, Iterator, Sequence

from toolbuilder.adapters.github.answers import Pull
from toolbuilder.adapters.github.client import Client
from toolbuilder.adapters.github.failures import Refused
from toolbuilder.adapters.github.requests import Request

_LIMIT = 15  # reviewers in one request; who asks for more annoys


def ask_reviewers(client: Client, pull: Pull, wanted: Collection[str]) -> tuple[str, ...]:
    """Ask people and teams ("owner/team") to review; give those who cannot be asked."""
    named = tuple(_to_ask(client, pull, wanted))
    left, beyond = named[:_LIMIT], named[_LIMIT:]
    if not left or _asked(client, pull, left):
        return beyond
    if len(left) == 1:
        return named
    return (*(name for name in left if not _asked(client, pull, [name])), *beyond)


def _to_ask(client: Client, pull: Pull, wanted: Collection[str]) -> Iterator[str]:
    """Leave out the author, who cannot review, those who are asked already, and teams of somebody else."""
    owner = client.place.owner
    known = {user.login.lower() for user in (pull.user, *pull.requested_reviewers) if user}
    known |= {f"{owner}/{team.slug}".lower() for team in pull.requested_teams}
    for name in dict.fromkeys(wanted):
        foreign = "/" in name and name.partition("/")[0].lower() != owner.lower()
        if name.lower() not in known and not foreign:
            yield name


def _asked(client: Client, pull: Pull, names: Sequence[str]) -> bool:
    body = {
        "reviewers": [name for name in names if "/" not in name],
        "team_reviewers": [name.partition("/")[2] for name in names if "/" in name],
    }
    path = f"/repos/{client.place.repository}/pulls/{pull.number}/requested_reviewers"
    try:
        asked = {kind: some for kind, some in body.items() if some}
        client.ask(Request("POST", path, asked, creates=True, fresh=True))
    except Refused as refusal:
        if refusal.status not in {403, 404, 422}:
            raise
        return False
    return True
