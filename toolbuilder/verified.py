"""Which commit of a tool was verified again, and by which run: state, so it stands in git and nowhere else.

One file, `verified.json`, beside the answers on the tool's journal ref. Publishing alone writes it, and only what it
was told of. It vouches for one commit: what is committed on top of that has to be verified again.
"""

import re

from pydantic import field_validator

from toolbuilder.commits import branch_of
from toolbuilder.journal_files import JournalFile, Written
from toolbuilder.ports import Repository

_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}|")
RUN_ADDRESS = re.compile(r"https?://[\w.:-]+/[\w.-]+/[\w.-]+/actions/runs/\d+", re.ASCII)


class VerifiedAgain(Written):
    """A commit whose gates passed again, and who says so."""

    commit: str = ""  # empty: none is known
    run: str = ""  # the address of a run at GitHub Actions; empty: a person's own command

    @field_validator("commit")
    @classmethod
    def _is_an_id(cls, commit: str) -> str:
        """Let nothing else into the text of a pull request, which names a commit that the branch has moved on from."""
        if not _COMMIT.fullmatch(commit):
            raise ValueError("is to be the id of a commit")
        return commit

    @field_validator("run")
    @classmethod
    def _is_an_address(cls, run: str) -> str:
        """Let nothing else into the link that a pull request's text makes of it."""
        if run and not RUN_ADDRESS.fullmatch(run):
            raise ValueError("is to be the address of a run")
        return run


_FILE = JournalFile("verified.json", "verified again", VerifiedAgain)


def verified_of(repository: Repository, tool: str) -> VerifiedAgain:
    """Give what was verified again of a tool; nothing where nothing is written that can be read."""
    return _FILE.read(repository, tool)


def keep_verified(repository: Repository, tool: str, now: VerifiedAgain) -> None:
    """Write down that a commit was verified again, unless the tool's branch has moved on from it.

    Raises RepositoryError where the journal cannot be read or moved.
    """
    ref = branch_of(tool)
    _FILE.change(repository, tool, lambda old: now if repository.resolve(ref) == now.commit else old)
