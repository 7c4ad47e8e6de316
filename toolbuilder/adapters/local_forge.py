"""A forge of files: each pull request is a Markdown file, so that the whole loop can be tried with only git.

What is known stands in front of the text, as YAML; a person closes a pull request by writing `state: closed` there.
Open, merged or gone follows from git: a branch that the default branch holds is merged, one that is gone is closed.
"""

import fcntl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from toolbuilder.adapters.pull_request_file import Front, Page, read_page
from toolbuilder.errors import ForgeError
from toolbuilder.ports import Proposal, PullRequest, Repository

OWN_LABEL = "toolbuilder"
CLOSING = "<!-- toolbuilder:closing -->"


class LocalForge:
    """Pull requests as files of one folder, from branches of one repository to its HEAD."""

    def __init__(self, folder: Path, repository: Repository):
        self._folder = folder
        self._repository = repository

    def pull_requests(self) -> list[PullRequest]:
        """Give every pull request, the newest first. Raises FileIsWrong for one that was edited into something else."""
        with self._locked():
            return [page.as_port() for page in self._pages()]

    def propose(self, proposal: Proposal, known: PullRequest | None) -> PullRequest:
        """Write a pull request, or the one that the branch has open."""
        tip = self._repository.resolve(f"refs/heads/{proposal.branch}")
        if tip is None:
            raise ForgeError(f"there is no branch {proposal.branch} to propose")
        with self._locked():
            page = self._page(known.number) if known else self._open_one(proposal.branch) or self._new(proposal, tip)
            labels = tuple(name for name in page.front.labels if name.split(":")[0] != OWN_LABEL) + proposal.labels
            reviewers = tuple(dict.fromkeys((*page.front.reviewers, *proposal.reviewers)))
            said = page.with_front(title=proposal.title, draft=proposal.draft, labels=labels, reviewers=reviewers)
            return replace(said, body=proposal.body.rstrip()).write().as_port()

    def close(self, number: int, comment: str, label: str) -> None:
        """Close a pull request with a word of why."""
        with self._locked():
            page = self._page(number)
            labels = tuple(dict.fromkeys((*page.front.labels, label)))
            page.with_front(state="closed", labels=labels).with_comment(CLOSING, comment).write()

    def comment(self, number: int, marker: str, text: str) -> None:
        """Put the comment that carries this marker in place."""
        with self._locked():
            self._page(number).with_comment(marker, text).write()

    def may_write(self, login: str) -> bool:
        """Say yes: whoever can run this can write here."""
        return bool(login)

    def dispatch(self, workflow: str, inputs: Mapping[str, str]) -> None:
        """Refuse: there is nobody here who runs workflows."""
        wanted = " ".join(f"{name}={value}" for name, value in inputs.items())
        raise ForgeError(f"no workflow {workflow} runs here ({wanted}): type `toolbuilder run` with the same wishes")

    def _new(self, proposal: Proposal, tip: str) -> Page:
        if self._merged(tip):
            raise ForgeError(f"{proposal.branch} holds nothing that the default branch does not have")
        number = max((_number(path) for path in self._folder.glob("*.md")), default=0) + 1
        front = Front(number=number, branch=proposal.branch, state="open", draft=False, tip=tip, title="")
        return Page(self._folder / f"{number}-{_file_name(proposal.branch)}", front, "")

    def _page(self, number: int) -> Page:
        for path in self._folder.glob(f"{number}-*.md"):
            return read_page(path)
        raise ForgeError(f"there is no pull request {number} in {self._folder}")

    def _open_one(self, branch: str) -> Page | None:
        pages = map(read_page, self._folder.glob(f"*-{_file_name(branch)}"))
        mine = (self._as_git_says(page) for page in pages if page.front.branch == branch)
        return next((page for page in mine if page.front.state == "open"), None)

    def _pages(self) -> list[Page]:
        pages = [self._as_git_says(read_page(path)) for path in self._folder.glob("*.md")]
        return sorted(pages, key=lambda page: -page.front.number)

    def _as_git_says(self, page: Page) -> Page:
        if page.front.state != "open":
            return page
        tip = self._repository.resolve(f"refs/heads/{page.front.branch}")
        if tip is None:
            merged = self._merged(page.front.tip)
            return page.with_front(state="merged" if merged else "closed").write()
        changed = page.with_front(tip=tip, state="merged" if self._merged(tip) else "open")
        return page if changed == page else changed.write()

    def _merged(self, tip: str) -> bool:
        return any(entry.commit == tip for entry in self._repository.log("HEAD"))

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Let one process at a time read and write: here the lock takes the place of a server's own rule."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _file_name(branch: str) -> str:
    return f"{branch.replace('/', '-')}.md"


def _number(path: Path) -> int:
    start = path.name.partition("-")[0]
    return int(start) if start.isdecimal() else 0
