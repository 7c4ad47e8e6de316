"""GitHub as a forge. That one branch has one open pull request is GitHub's own rule, and the only lock there is."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from urllib.parse import quote

from toolbuilder.adapters.github import drafts
from toolbuilder.adapters.github.answers import Permission, Pull, Repository, Viewer, unix
from toolbuilder.adapters.github.client import Client
from toolbuilder.adapters.github.comments import put_comment
from toolbuilder.adapters.github.failures import ALREADY_OPEN, NO_ACCESS, NO_DRAFTS, Refused
from toolbuilder.adapters.github.labels import Labels
from toolbuilder.adapters.github.requests import Request
from toolbuilder.adapters.github.reviewers import ask_reviewers
from toolbuilder.ports import Proposal, PullRequest

WORKFLOW = "github-actions[bot]"
OWN_BRANCHES = ("toolbuilder/", "toolbuilder-remove/")
CLOSING = "<!-- toolbuilder:closing -->"
READY = "<!-- toolbuilder:ready -->"
PRESS = (
    "This is finished, but GitHub does not let this token mark it so: press **Ready for review** below. "
    "With `contents: write` beside `pull-requests: write`, or the token of a GitHub App, it happens by itself."
)
TEAMS = " from this token; GitHub itself asks teams in CODEOWNERS"
_LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})(?:\[bot\])?")


class GitHubForge:
    """Pull requests, comments and workflows of one repository; `note` is told what was left out.

    Every method raises ForgeError, and ForgeBusy where GitHub asks for more patience than there is.
    """

    def __init__(self, client: Client, note: Callable[[str], None] = lambda _: None):
        self._client = client
        self._note = note
        self._repository = f"/repos/{client.place.repository}"
        self._labels = Labels(client)
        self._listed: dict[int, Pull] = {}
        self._has_drafts = True

    @cached_property
    def default_branch(self) -> str:
        """The branch that pull requests go to."""
        return self._client.ask(Request("GET", self._repository)).read(Repository).default_branch

    @cached_property
    def login(self) -> str:
        """Who the token speaks as: "github-actions[bot]" for the token of a workflow."""
        try:
            return self._client.graphql("query { viewer { login } }", {}).read(Viewer).data.viewer.login
        except Refused as refusal:
            if NO_ACCESS in refusal.said:  # it speaks for an App; a workflow's is the commonest
                return WORKFLOW
            raise

    def pull_requests(self) -> list[PullRequest]:
        """Give every pull request from a branch of toolbuilder's, open and closed, the newest first.

        GitHub cannot list by the beginning of a branch's name: all are read, a hundred a request.
        """
        query = {"state": "all", "sort": "created", "direction": "desc"}
        pulls = self._client.pages(Request("GET", f"{self._repository}/pulls", query=query), Pull)
        self._listed = {pull.number: pull for pull in pulls if self._is_ours(pull)}
        return [pull.as_port() for pull in self._listed.values()]

    def propose(self, proposal: Proposal, known: PullRequest | None) -> PullRequest:
        """Open a pull request, or make the known one say this; reviewers are asked once it is ready, and once."""
        if known:
            pull, new = self._pull(known.number), False
        else:
            pull, new = self._open(proposal)
        was_draft = pull.draft
        pull = self._with_state(pull, proposal)
        pull = self._with_text(pull, proposal)
        in_words = proposal.draft and not pull.draft
        wanted = (*proposal.labels, *([drafts.LABEL] if in_words else []))
        # Labels come last: where one is missing, a run died before it had asked for reviews.
        due = new or was_draft or not {*proposal.labels} <= {*pull.label_names}
        if not proposal.draft and not pull.draft and due:
            for name in ask_reviewers(self._client, pull, proposal.reviewers):
                self._note(f"{pull.html_url}: GitHub does not take {name} as a reviewer{TEAMS if '/' in name else ''}")
        labels = self._labels.put(pull.number, pull.shown_labels, wanted)
        return replace(pull.as_port(), labels=labels)

    def close(self, number: int, comment: str, label: str) -> None:
        """Close a pull request. The label comes first: without it, a crash would look like a person's decision."""
        pull = self._pull(number)
        self._labels.put(number, pull.shown_labels, (*pull.label_names, label))
        self.comment(number, CLOSING, comment)
        self._client.ask(Request("PATCH", f"{self._repository}/pulls/{number}", {"state": "closed"}))

    def comment(self, number: int, marker: str, text: str) -> None:
        """Put the comment that carries this marker in place: there is at most one."""
        put_comment(self._client, self.login, number, marker, text)

    def may_write(self, login: str) -> bool:
        """Say whether a person has write access; what GitHub says, not what an event claims."""
        if not _LOGIN.fullmatch(login):
            return False
        path = f"{self._repository}/collaborators/{quote(login, safe='')}/permission"
        try:
            return self._client.ask(Request("GET", path)).read(Permission).permission in {"admin", "write"}
        except Refused as refusal:
            if refusal.status == 404:
                return False
            raise

    def dispatch(self, workflow: str, inputs: Mapping[str, str]) -> None:
        """Start a workflow on the default branch."""
        path = f"{self._repository}/actions/workflows/{quote(workflow, safe='')}/dispatches"
        body = {"ref": self.default_branch, "inputs": dict(inputs)}
        self._client.ask(Request("POST", path, body, repeatable=False))

    def _open(self, proposal: Proposal) -> tuple[Pull, bool]:
        """Open a pull request, or find the one that is open; say whether it is new."""
        draft = proposal.draft and self._has_drafts
        body = {
            "title": proposal.title if draft or not proposal.draft else f"{drafts.PREFIX}{proposal.title}",
            "head": proposal.branch,
            "base": self.default_branch,
            "body": proposal.body,
            "draft": draft,
        }
        try:
            reply = self._client.ask(Request("POST", f"{self._repository}/pulls", body, creates=True))
        except Refused as refusal:
            if draft and NO_DRAFTS in refusal.said:
                self._has_drafts = False
                return self._open(proposal)
            if ALREADY_OPEN in refusal.said and (found := self._find(proposal.branch)):
                return found, False
            raise
        return reply.read(Pull), True

    def _find(self, branch: str) -> Pull | None:
        """Find the open pull request of a branch: by head and base, then among all that are open."""
        head = f"{self._client.place.owner}:{branch}"
        narrow = {"state": "open", "head": head, "base": self.default_branch}
        for query in (narrow, {"state": "open"}):
            pulls = self._client.pages(Request("GET", f"{self._repository}/pulls", query=query), Pull)
            for pull in pulls:
                if self._is_ours(pull) and pull.head.ref == branch:
                    return pull
        return None

    def _with_state(self, pull: Pull, proposal: Proposal) -> Pull:
        """Make it a draft, or ready, as far as the plan and the token go."""
        in_words = drafts.LABEL in pull.label_names or not self._has_drafts
        if pull.draft == proposal.draft or (proposal.draft and in_words):
            return pull
        if drafts.switch(self._client, pull, draft=proposal.draft):
            return pull.model_copy(update={"draft": proposal.draft})
        if pull.draft:
            self._note(f"{pull.html_url}: this token may not mark it as ready: press `Ready for review` there")
            self.comment(pull.number, READY, PRESS)
        return pull

    def _with_text(self, pull: Pull, proposal: Proposal) -> Pull:
        """Make it say what it should; nothing is sent where it does already: a person's mailbox would fill."""
        title = f"{drafts.PREFIX}{proposal.title}" if proposal.draft and not pull.draft else proposal.title
        texts = {"title": title, "body": proposal.body}
        there = {"title": pull.title, "body": pull.body or ""}
        changed = {name: text for name, text in texts.items() if unix(text) != unix(there[name])}
        if changed:
            self._client.ask(Request("PATCH", f"{self._repository}/pulls/{pull.number}", changed))
        return pull.model_copy(update=changed)

    def _pull(self, number: int) -> Pull:
        if number in self._listed:
            return self._listed[number]
        return self._client.ask(Request("GET", f"{self._repository}/pulls/{number}")).read(Pull)

    def _is_ours(self, pull: Pull) -> bool:
        # A fork's branch can have any name: only branches of the repository itself count.
        home = pull.head.repo.full_name if pull.head.repo else ""
        return pull.head.ref.startswith(OWN_BRANCHES) and home.lower() == self._client.place.repository.lower()
