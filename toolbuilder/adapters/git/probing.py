"""The remote that builds are pushed to: whether it answers, and whether it takes what toolbuilder pushes."""

import secrets
from pathlib import Path
from typing import Literal

from toolbuilder.adapters.git.process import Git
from toolbuilder.adapters.git.refusal import redacted
from toolbuilder.adapters.git.remote import Endurance, GitRemote
from toolbuilder.adapters.git.remote_names import RefNames
from toolbuilder.doctor.facts import Known, Remote, Unknown
from toolbuilder.errors import RaceLost, RepositoryError

PROBES = "refs/toolbuilder/doctor/"
ONCE = Endurance(seconds=20, attempts=1)
NOT_TRIED = "a push shows it: add --probe, which makes a ref and takes it away again"


def probed(folder: Path, name: str, journal_refs: Literal["refs", "branches"], *, probe: bool) -> Remote:
    """Ask a remote; with `probe` a ref is made there and taken away. Raises FileIsWrong where there is none."""
    git = Git(folder)
    there = GitRemote(git, name, RefNames(journal_refs), ONCE)
    try:
        refs, failure = len(there.tips()), ""
    except RepositoryError as error:
        refs, failure = 0, str(error)
    takes: Known[str] = _taken(git, there) if probe and not failure else Unknown(failure or NOT_TRIED)
    return Remote(name, refs, failure, takes, journal_refs)


def _taken(git: Git, there: GitRemote) -> Known[str]:
    """Push a ref that nobody else has, named as journals and grants are there, and take it away; give what was said."""
    head = git.run("rev-parse", "--verify", "--quiet", "HEAD^{commit}").stdout.decode().strip()
    if not head:
        return Unknown("there is no commit yet that could be pushed")
    ref = f"{PROBES}{secrets.token_hex(8)}"
    try:
        there.push(ref, head, None)
    except (RepositoryError, RaceLost) as error:
        return str(error)
    made = there.names.there(ref)
    lease = f"--force-with-lease={made}:{head}"
    gone = git.run_within(ONCE.seconds, "push", "--porcelain", "--no-verify", lease, "--", there.name, f":{made}")
    return f"{made} was made and cannot be taken away: {redacted(gone.stderr)}" if gone.exit_code else ""
