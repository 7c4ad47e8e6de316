"""Draft or ready: only GraphQL can change it, not every plan has drafts, and not every token may."""

from toolbuilder.adapters.github.answers import Pull, Switched
from toolbuilder.adapters.github.client import Client
from toolbuilder.adapters.github.failures import NO_ACCESS, NO_DRAFTS, Refused
from toolbuilder.adapters.github.requests import Request

PREFIX = "Draft: "
LABEL = "toolbuilder:draft"  # carried where a pull request is a draft in words only

_MUTATION = "mutation($id: ID!) { done: %s(input: {pullRequestId: $id}) { pullRequest { isDraft } } }"
_TO_DRAFT, _TO_READY = "convertPullRequestToDraft", "markPullRequestReadyForReview"


def switch(client: Client, pull: Pull, *, draft: bool) -> bool:
    """Make a pull request a draft, or ready; False where this plan or this token does not allow it."""
    mutation = _MUTATION % (_TO_DRAFT if draft else _TO_READY)
    try:
        return client.graphql(mutation, {"id": pull.node_id}).read(Switched).draft == draft
    except Refused as refusal:
        if any(words in refusal.said for words in (NO_ACCESS, NO_DRAFTS, "does not have permission")):
            return False
        if _is_draft(client, pull.number) != draft:
            raise
    return True  # an earlier attempt did it, and its answer was lost


def _is_draft(client: Client, number: int) -> bool:
    return client.ask(Request("GET", f"/repos/{client.place.repository}/pulls/{number}")).read(Pull).draft
