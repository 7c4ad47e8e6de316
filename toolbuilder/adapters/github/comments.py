"""One comment of a kind on a pull request: found by the marker in it, changed in place."""

from toolbuilder.adapters.github.answers import Comment, unix
from toolbuilder.adapters.github.client import Client
from toolbuilder.adapters.github.failures import Refused
from toolbuilder.adapters.github.requests import Request


def put_comment(client: Client, login: str, number: int, marker: str, text: str) -> None:
    """Put the comment that carries a marker in place; one that somebody else wrote is not taken for it."""
    repository = f"/repos/{client.place.repository}"
    path = f"{repository}/issues/{number}/comments"
    whole = f"{marker}\n{text}"
    mine = [one for one in client.pages(Request("GET", path), Comment) if _is_mine(one, login, marker)]
    if not mine:
        client.ask(Request("POST", path, {"body": whole}, repeatable=False, creates=True))
    elif unix(mine[0].body or "") != unix(whole):
        client.ask(Request("PATCH", f"{repository}/issues/comments/{mine[0].id}", {"body": whole}))
    for surplus in mine[1:]:  # two runs at once can each have written one
        _delete(client, f"{repository}/issues/comments/{surplus.id}")


def _delete(client: Client, path: str) -> None:
    try:
        client.ask(Request("DELETE", path))
    except Refused as refusal:
        if refusal.status != 404:  # the other run took it away, or the answer to an earlier attempt was lost
            raise


def _is_mine(comment: Comment, login: str, marker: str) -> bool:
    author = comment.user.login if comment.user else ""
    return (comment.body or "").startswith(marker) and plain(author) == plain(login)


def plain(login: str) -> str:
    """Give a login as REST and GraphQL both know it: an App's is written with and without a suffix."""
    return login.lower().removesuffix("[bot]")
