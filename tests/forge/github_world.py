"""GitHub as far as toolbuilder knows it: one repository, its pull requests, and what people and settings do to them."""

import hashlib
import re
import subprocess
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

WORKFLOW = "github-actions[bot]"


@dataclass
class Pull:
    number: int
    title: str
    body: str
    branch: str
    base: str
    draft: bool
    author: str
    sha: str
    home: str
    state: str = "open"
    merged: bool = False
    labels: list[str] = field(default_factory=list)
    reviewers: list[str] = field(default_factory=list)
    teams: list[str] = field(default_factory=list)
    unknown: int = 0  # so many requests about it fail still: not every server of GitHub's knows it yet


@dataclass
class Comment:
    id: int
    number: int
    login: str
    body: str


@dataclass
class Fault:
    """What is answered instead, to so many requests that fit, but for the first ones that are let through.

    `done`: the request is obeyed, its answer is lost.
    """

    method: str = ".*"
    path: str = ".*"
    times: int = 1
    first: int = 0
    status: int = 0  # 0: the connection is closed
    headers: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)
    done: bool = False


class Answer(Exception):
    """A status and a body."""

    def __init__(self, status: int, body: object = None):
        super().__init__(status)
        self.status, self.body = status, body


@dataclass
class World:
    """One repository; `git` is the bare repository whose branches count, without it `branches` does."""

    repository: str = "o/r"
    default: str = "main"
    git: Path | None = None
    branches: dict[str, str] = field(default_factory=dict)
    me: str = WORKFLOW
    drafts: bool = True
    archived: bool = False
    conversions: bool = True  # whether the token may make drafts ready, and the other way round
    may_create: bool = True
    slow_to_know: int = 0
    collaborators: dict[str, str] = field(
        default_factory=lambda: {"maintainer": "admin", "writer": "write", "reader": "read"}
    )
    teams: list[str] = field(default_factory=lambda: ["reviewers"])
    sees_teams: bool = True  # a workflow's token does not
    pulls: list[Pull] = field(default_factory=list)
    labels: dict[str, dict[str, str]] = field(default_factory=dict)
    comments: list[Comment] = field(default_factory=list)
    dispatches: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    fixed: dict[str, Any] = field(default_factory=dict)  # path -> what a GET of it answers
    comments_made: int = 0

    def fault(self, method: str, path: str) -> Fault | None:
        """Take the next fault that is meant for a request."""
        for fault in self.faults:
            if re.fullmatch(fault.method, method) and re.fullmatch(fault.path, path):
                if fault.first:
                    fault.first -= 1
                    continue
                fault.times -= 1
                if fault.times <= 0:
                    self.faults.remove(fault)
                return fault
        return None

    def control(self, wish: Mapping[str, Any]) -> None:
        """Change what no request of toolbuilder's can: settings, faults, and what people do."""
        for name, value in wish.get("set", {}).items():
            setattr(self, name, value)
        self.faults += [Fault(**fault) for fault in wish.get("faults", [])]
        for number in wish.get("close", []):
            self.pull(number).state = "closed"
        for number in wish.get("merge", []):
            pull = self.pull(number)
            pull.sha, pull.state, pull.merged = self.tip(pull), "closed", True
        for comment in wish.get("comment", []):
            self.add_comment(**comment)

    def dump(self) -> dict[str, Any]:
        """Give everything, for a test to look at."""
        whole = asdict(self)
        whole["git"] = str(self.git)
        for pull in whole["pulls"]:
            pull["sha"] = self.tip(self.pull(pull["number"]))
        return whole

    def pull(self, number: int | str) -> Pull:
        for pull in self.pulls:
            if pull.number == int(number):
                if pull.unknown:
                    pull.unknown -= 1
                    raise Answer(422, failed(f"Could not resolve to a node with the global id of 'PR_{number}'."))
                return pull
        raise Answer(404, {"message": "Not Found"})

    def label(self, name: str) -> str:
        """Give the label that is there under a name, whatever its capitals; else the name."""
        return next((one for one in self.labels if one.lower() == name.lower()), name)

    def sha(self, branch: str) -> str | None:
        if self.git is None:
            return self.branches.get(branch)
        ran = subprocess.run(
            ["git", "-C", self.git, "rev-parse", "--quiet", "--verify", f"refs/heads/{branch}"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return ran.stdout.strip() or None

    def tip(self, pull: Pull) -> str:
        """Follow the branch as long as the pull request is open; a branch that is gone closes it."""
        if pull.state == "open" and pull.home == self.repository:
            now = self.sha(pull.branch)
            pull.sha, pull.state = now or pull.sha, "open" if now else "closed"
        return pull.sha

    def add_comment(self, number: int, login: str, body: str) -> Comment:
        self.comments_made += 1
        self.comments.append(Comment(self.comments_made, number, login, body))
        return self.comments[-1]


def failed(*details: object) -> dict[str, object]:
    """Give the body of a 422."""
    return {
        "message": "Validation Failed",
        "errors": list(details),
        "documentation_url": "https://docs.github.com/rest",
        "status": "422",
    }


def crlf(text: str) -> str:
    """Give a text as GitHub gives it back."""
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


def custom(message: str) -> dict[str, str]:
    """Give a detail of a 422 as GitHub words what has no code."""
    return {"resource": "PullRequest", "code": "custom", "message": message}


def some_sha(words: str) -> str:
    """Give something that looks like a commit id."""
    return hashlib.sha1(words.encode()).hexdigest()  # noqa: S324
