"""What GitHub refuses, in one message: which request, what it said, and what to change there."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from toolbuilder.adapters.anthropic.quoting import HIDDEN, quoted
from toolbuilder.adapters.github.place import Place
from toolbuilder.errors import ForgeError

# How GitHub says things; matched without regard to case.
ALREADY_OPEN = "a pull request already exists"
NO_DRAFTS = "draft pull requests are not supported"
NOT_YET = "could not resolve to a node"  # what was just made is not known everywhere yet
FAILED = "something went wrong while executing"  # GraphQL's word for a failure of its own, with the status 200
TOO_FAST = ("rate limit", "abuse detection", "submitted too quickly")
NO_ACCESS = "resource not accessible"

_TOKENS = re.compile(r"\b(?:gh[a-z]_[A-Za-z0-9_.-]+|github_pat_\w+)")

MOVED = "{repository} has another name now: set the remote's URL, or GITHUB_REPOSITORY, to it"
_ALLOW = (
    "tick `Allow GitHub Actions to create and approve pull requests` under Workflow permissions at "
    "{web}/{repository}/settings/actions, first at {web}/organizations/{owner}/settings/actions if an organisation "
    "owns the repository; or publish with the token of a GitHub App"
)
_PERMISSION = (
    "the token lacks a permission: give the job `pull-requests: write` and `contents: write`, and `actions: write` "
    "where it starts workflows; or the App or fine-grained token the same"
)
_DOCTOR = "`toolbuilder doctor` tells what is turned off there"
_RENEW = "`toolbuilder init --update` renews the workflows on the default branch"

_ADVICE: tuple[tuple[int, str, str], ...] = (  # status (0: any), words of GitHub's, what to do; the first that fits
    (0, "not permitted to create or approve pull requests", _ALLOW),
    (301, "", MOVED),
    (302, "", MOVED),
    (307, "", MOVED),
    (308, "", MOVED),
    (0, "ip allow list", "let this machine's address in at {web}/organizations/{owner}/settings/security"),
    (0, "saml", "authorise the token for single sign-on of {owner}, or use one that is"),
    (0, "archived", "unarchive {repository}, or turn its workflows off"),
    (0, "no commits between", "the branch holds nothing that the default branch does not have"),
    (
        0,
        "disabled workflow",
        "somebody turned the workflow off, or GitHub did: turn it on at {web}/{repository}/actions",
    ),
    (0, "workflow_dispatch", f"the workflow needs `on: workflow_dispatch`; {_RENEW}"),
    (0, "unexpected inputs", f"the workflow is of another version; {_RENEW}"),
    (0, "head invalid", "the branch is not on GitHub: push it first"),
    (0, "base invalid", "the default branch has just been renamed or deleted: run again"),
    (0, "disabled", "turn that on at {web}/{repository}/settings"),
    (0, NO_ACCESS, _PERMISSION),
    (401, "", "the token is wrong or has expired: set GITHUB_TOKEN again"),
    (403, "", f"the token may not do this in {{repository}}: give it write access to pull requests; {_DOCTOR}"),
    (
        404,
        "",
        f"it is not there, or the token may not see it: compare {{web}}/{{repository}} and its rights; {_DOCTOR}",
    ),
    (410, "", "that feature is turned off at {web}/{repository}/settings"),
)


class Refused(ForgeError):
    """GitHub answered, and said no: `status` and its own words in lower case, for those who know a way on."""

    def __init__(self, message: str, status: int, said: str):
        super().__init__(message)
        self.status = status
        self.said = said.lower()


@dataclass(frozen=True)
class Asked:
    """One request, as a message may name it: without host, query and body."""

    method: str
    path: str

    def __str__(self) -> str:
        """Give method and path."""
        return f"{self.method} {self.path}"


def refused(asked: Asked, status: int, content: bytes, place: Place) -> Refused:
    """Give the error for an answer that is none."""
    said = _said(content)
    shown = hidden(said, place)
    words = f"GitHub refused {asked}: {status}{f', {shown}' if shown else ''}"
    return Refused("; ".join([words, *_advice(status, said.lower(), place)]), status, said)


def unreachable(asked: Asked, why: str) -> ForgeError:
    """Give the error for an answer that never came."""
    return ForgeError(f"GitHub did not answer {asked}: {why}; branches are safe, run again")


def misread(asked: Asked) -> ForgeError:
    """Give the error for an answer that is not what GitHub documents."""
    return ForgeError(f"the answer to {asked} is not GitHub's: check GITHUB_API_URL, and any proxy on the way")


def hidden(text: str, place: Place) -> str:
    """Give a text of the server's on one line, cut, without tokens."""
    return quoted(_TOKENS.sub(HIDDEN, text), [place.token.get_secret_value()])


def _advice(status: int, said: str, place: Place) -> Iterator[str]:
    for wanted, words, advice in _ADVICE:
        if wanted in {0, status} and words in said:
            yield advice.format(web=place.web, repository=place.repository, owner=place.owner)
            return


def _said(content: bytes) -> str:
    """Give GitHub's own message and the details below it: texts, or a field and a code."""
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(answer, Mapping):
        return ""
    errors = answer.get("errors")
    details = [_detail(error) for error in (errors if isinstance(errors, list) else [errors] if errors else [])]
    return ": ".join(filter(None, [str(answer.get("message") or ""), ", ".join(filter(None, details))]))


def _detail(error: object) -> str:
    if not isinstance(error, Mapping):
        return str(error)
    coded = " ".join(str(error[name]) for name in ("resource", "field", "code") if error.get(name))
    return str(error.get("message") or coded)
