"""Why a remote says no: whether another attempt can help, and what a person can change where it cannot."""

import re
from collections.abc import Mapping

_REJECTED = re.compile(r"^!\t[^\t]*\t(\[[^\]]*\].*)$", re.MULTILINE)  # of `git push --porcelain`

# "[remote rejected]" is a rule of the remote's, save where it only lost a race for one of its own locks.
_PASSING = (
    "failed to update ref",
    "cannot lock ref",
    "failed to lock",
    "incorrect old value",
    "reference already exists",
)

_USERINFO = re.compile(r"(?<=://)[^/\s'\"]*@")

_RIGHTS = (
    "the credentials may not write there: a workflow needs `permissions: contents: write`, a fine-grained token "
    "the repository permission Contents: read and write"
)
_LOGIN = "git found no valid credentials for it: set up a credential helper or a key, and try `git ls-remote {name}`"
_HIDDEN = (
    'the remote takes no refs outside refs/heads/: set `journal_refs = "branches"` in toolbuilder.toml, and journals '
    "stand on branches toolbuilder-journal/<tool>"
)
_UNSIGNED = (
    "set `sign_commits = true` in toolbuilder.toml, and sign with a key of the account whose mail `author` names; "
    "or exempt toolbuilder/** from the rule that commits must be signed (repository settings, Rules)"
)
_WORKFLOW = "its credentials may not change files under .github/workflows/; no tool needs to"
_ADDRESS = "look at its address with `git remote get-url {name}`, mend it with `git remote set-url {name} URL`"

_FORBIDDEN = ("GH006", "GH013", "protected branch")  # by rules that are told apart by the names of refs

# What the server says, in words that only it can have said -> what to change. The first that fits counts.
_ADVICE: Mapping[str, str] = {
    "verified signature": _UNSIGNED,
    "signed commits": _UNSIGNED,
    "workflows` permission": _WORKFLOW,
    "workflow` scope": _WORKFLOW,
    "GH006": "let toolbuilder push to toolbuilder/**: the branch is protected (repository settings, Branches)",
    "GH013": "let toolbuilder push to toolbuilder/**: a rule forbids it (repository settings, Rules)",
    "protected branch": "let toolbuilder push to toolbuilder/**: the branch is protected",
    "hidden ref": _HIDDEN,
    "funny refname": _HIDDEN,
    "shallow update not allowed": "this clone is shallow; type `git fetch --unshallow {name}`",
    "error: 403": _RIGHTS,
    "Write access to repository not granted": _RIGHTS,
    "Permission to": _RIGHTS,
    "error: 401": _LOGIN,
    "Authentication failed": _LOGIN,
    "could not read Username": _LOGIN,
    "could not read Password": _LOGIN,
    "Permission denied (": _LOGIN,
    "Host key verification failed": _LOGIN,
    "epository not found": _ADDRESS,
    "does not appear to be a git repository": _ADDRESS,
    "does not exist": _ADDRESS,
    "transport '": _ADDRESS,
    "bad/illegal format": _ADDRESS,
    "' not found": _ADDRESS,
}


def redacted(text: str) -> str:
    """Take the user's name and password out of every address in a text, and spell out what would move a terminal."""
    lines = "\n".join(_USERINFO.sub("", text).splitlines())  # git ends lines by a carriage return too
    return "".join(one if one.isprintable() or one in "\n\t" else ascii(one)[1:-1] for one in lines)


def is_final(said: str) -> bool:
    """Say whether the same again cannot help: a rule of the remote's, or a fault of credentials or address."""
    rejected = _REJECTED.search(said)
    if rejected and rejected[1].startswith("[remote rejected]"):
        return not any(words in said for words in _PASSING)
    return any(words in said for words in _ADVICE)


def advice(said: str, name: str, ref: str) -> str:
    """Give what to type or to set, empty where nothing is known."""
    found = next((text for words, text in _ADVICE.items() if words in said), "")
    forbidden = not found or any(words in said for words in _FORBIDDEN)
    if forbidden and is_final(said) and not ref.startswith("refs/heads/"):
        found = "; ".join(filter(None, [found, f"if it refuses all refs of this kind: {_HIDDEN}"]))
    return found.format(name=name)


def one_line(said: str) -> str:
    """Give what was said in one line; of a refusal the reason, as whoever asked knows the ref."""
    lines = (line.rpartition("\t")[2] if line.startswith("!\t") else line for line in said.splitlines())
    return "; ".join(line.strip() for line in lines if line.strip())


def words_of(output: bytes, stderr: str) -> str:
    """Give what git and the server said about a push, without credentials, in lines."""
    return redacted("\n".join([*stderr.splitlines(), *_rejections(output)]))


def _rejections(output: bytes) -> list[str]:
    return [line for line in output.decode(errors="replace").splitlines() if line.startswith("!")]
