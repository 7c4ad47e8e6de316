"""Signed commits: git's own `commit-tree` makes them, with the key and the program that git's configuration names.

A person's configuration decides between SSH, OpenPGP and X.509 (`gpg.format`), and names the key (`user.signingkey`,
`gpg.ssh.defaultKeyCommand`). Nothing here ever holds a key.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from toolbuilder.adapters.git.commit import check_commit, commit_content
from toolbuilder.adapters.git.process import Git
from toolbuilder.adapters.git.refusal import redacted
from toolbuilder.errors import RepositoryError
from toolbuilder.ports import Commit

SECONDS = 60.0  # of one signature: a person may be asked to touch a token

_SIGNATURE = re.compile(rb"\ngpgsig(?:-sha256)? [^\n]*(?:\n [^\n]*)*")
_TRIAL = Commit((), "Try the signature\n", {}, date="0 +0000")
_GOOD = "GU"  # of %G?: by a key that git trusts, or by one that it knows nothing of

# What git or its program says -> what to type. The first that fits counts.
_ADVICE: Mapping[str, str] = {
    "no answer within": "what signs waits for somebody: load the key where nobody has to be asked, as in an agent",
    "cannot run": "install that program (OpenSSH or GnuPG), or name another as `gpg.program` or `gpg.ssh.program`",
    "user.signing": "say which key: `git config user.signingkey KEY.pub`",
    "gpg.format": "type `git config gpg.format ssh` (or openpgp, x509)",
    "oad public key": "name the file of a key: `git config user.signingkey KEY.pub`",
    "No private key": "load the key: `ssh-add KEY`; `ssh-add -L` lists what the agent holds",
    "passphrase": "load the key: `ssh-add KEY` asks for its passphrase once",
    "agent": "load the key: `ssh-add KEY`; `ssh-add -L` lists what the agent holds",
    "gpg failed": "name a key of `gpg --list-secret-keys` by `git config user.signingkey ID`; for an SSH key, "
    "type `git config gpg.format ssh`",
}
_SHOWN = "`git config --get-regexp '^(gpg|user.signingkey)'` shows what git signs with"
_NAME = "set `author` to a name that git leaves as it is: without a full stop or another mark at its ends"


class NotSigned(RepositoryError):
    """A signature was wanted and there is none, or not a good one; `advice` says what to type."""

    def __init__(self, what: str, advice: str):
        super().__init__(f"{what}; {advice}")
        self.what = what
        self.advice = advice


def write_signed(git: Git, commit: Commit, author: str, tree: str) -> str:
    """Store a dated commit of a stored tree, with a signature; give its id. No ref moves.

    Raises NotSigned where git cannot sign.
    """
    commit = replace(commit, date=commit.date.replace(" -0000", " +0000"))  # git knows no negative zero
    parents = [word for parent in commit.parents for word in ("-p", parent)]
    made = git.run_within(
        SECONDS,
        *("-c", "i18n.commitEncoding=UTF-8", "commit-tree", "-S", *parents, tree),
        stdin=commit.message.encode(),
        also=_identity(author, commit.date),
    )
    if made.exit_code:
        raise _unsigned(made.stderr)
    commit_id = made.stdout.decode().strip()
    _check(git.output("cat-file", "commit", commit_id), commit_content(commit, author, tree), commit_id)
    return commit_id


def try_signing(folder: Path, author: str) -> str:
    """Sign a commit that nobody needs, as every other will be; give its id. Raises NotSigned.

    It stays on no ref, and where signatures are repeatable it is the same object every time.
    """
    git = Git(folder)
    check_commit(_TRIAL, author)
    nothing = git.output("hash-object", "-t", "tree", "--stdin").decode().strip()
    return write_signed(git, _TRIAL, author, nothing)


def verify_signing(folder: Path, author: str) -> None:
    """Sign as `try_signing` does, and have git verify it. Raises NotSigned where either fails."""
    git, commit = Git(folder), try_signing(folder, author)
    # Whose key it is, is not asked here; but without such a file git verifies no SSH signature at all.
    said = git.output("-c", "gpg.ssh.allowedSignersFile=/dev/null", "log", "-1", "--format=%G?", commit)
    if (verdict := said.decode().strip()) not in [*_GOOD]:
        raise NotSigned(
            f"commits are signed, and git does not verify it: %G? says {verdict}", f"type `git verify-commit {commit}`"
        )


def _identity(author: str, date: str) -> dict[str, str]:
    name, _, mail = author.removesuffix(">").rpartition(" <")
    values = {"NAME": name, "EMAIL": mail, "DATE": f"@{date}"}  # @: also a date of few digits is one
    return {f"GIT_{who}_{field}": value for who in ("AUTHOR", "COMMITTER") for field, value in values.items()}


def _check(stored: bytes, wanted: bytes, commit_id: str) -> None:
    """Refuse a commit that is anything else than the one asked for, and a signature."""
    headers, _, message = stored.partition(b"\n\n")
    bare, signatures = _SIGNATURE.subn(b"", headers)
    if signatures != 1:
        raise NotSigned(f"git stored commit {commit_id} without a signature, though it was asked for one", _SHOWN)
    if b"\n\n".join([bare, message]) != wanted:
        raise NotSigned(f"git stored commit {commit_id}, which is not the one asked for", _NAME)


def _unsigned(stderr: str) -> NotSigned:
    said = "; ".join(line.strip() for line in redacted(stderr).splitlines() if line.strip(" \t?"))
    advice = next((text for words, text in _ADVICE.items() if words in stderr), _SHOWN)
    return NotSigned(f"commits cannot be signed, as `sign_commits` wants it: {said or 'no message'}", advice)
