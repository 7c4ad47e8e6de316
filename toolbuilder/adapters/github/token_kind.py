"""Of what kind a token is, without ever telling it."""

from collections.abc import Mapping

import httpx2

from toolbuilder.adapters.github.place import Place
from toolbuilder.doctor.facts import Token, TokenKind

_KINDS: Mapping[str, TokenKind] = {
    "github_pat_": "fine-grained",
    "ghp_": "classic",
    "gho_": "oauth",
    "ghu_": "app",
    "ghs_": "app",
}
_OF_WORKFLOWS = "github-actions"  # the App that a workflow's own token belongs to


def token_of(place: Place, login: str) -> Token:
    """Say of what kind a token is: by its beginning, by who it speaks as, and by what GitHub says of its scopes."""
    secret = place.token.get_secret_value()
    kind: TokenKind = next((kind for start, kind in _KINDS.items() if secret.startswith(start)), "other")
    if login.removesuffix("[bot]") == _OF_WORKFLOWS:
        kind = "workflow"
    return Token(kind, login, _scopes(place) if kind in {"classic", "oauth", "other"} else None)


def _scopes(place: Place) -> tuple[str, ...] | None:
    """Give the scopes that GitHub names; None for a token that has none, as it names permissions instead."""
    headers = {"authorization": f"Bearer {place.token.get_secret_value()}", "user-agent": "toolbuilder"}
    try:
        told = httpx2.get(f"{place.api}/", headers=headers, timeout=30, follow_redirects=False).headers
    except httpx2.HTTPError:
        return None
    scopes = told.get("x-oauth-scopes")
    return None if scopes is None else tuple(part.strip() for part in scopes.split(",") if part.strip())
