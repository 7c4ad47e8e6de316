"""Draft or ready: only GraphQL can change it, not every plan has drafts, and not every token may."""

from toolbuilder.adapters.github.client import Client
from toolbuilder.adapters.github.failures import NO_ACCESS, NO_DRAFTS, Refused

PREFIX = "Draft: "
LABEL = "toolbuilder:draft"  # carried where a pull request is a draft in words only

_MUTATION = "mutation($id: ID!) { %s(input: {pullRequestId: $id}) { pullRequest { isDraft } } }"
_TO_DRAFT, _TO_READY = "convertPullRequestToDraft", "markPullRequestReadyForReview"


def switch(client: Client, node: str, *, draft: bool) -> bool:
    """Make a pull request a draft, or ready; False where this plan or this token does not allow it."""
    try:
        client.graphql(_MUTATION % (_TO_DRAFT if draft else _TO_READY), {"id": node})
    except Refused as refusal:
        if any(words in refusal.said for words in (NO_ACCESS, NO_DRAFTS, "does not have permission")):
            return False
        raise
    return True
