"""Where the workflows of a repository come from: a commit of toolbuilder's own repository on GitHub."""

import re
from dataclasses import dataclass

from toolbuilder.errors import FileIsWrong, Problem

_COMMIT = r"[0-9a-f]{40}(?:[0-9a-f]{24})?"
_SOURCE = re.compile(rf"(?P<repository>[A-Za-z0-9][A-Za-z0-9-]*/(?!\.{{1,2}}@)[A-Za-z0-9._-]+)@(?P<commit>{_COMMIT})")

HOW = (
    "give OWNER/REPO@COMMIT, toolbuilder's repository on GitHub and the full id of a commit there; "
    "`git ls-remote https://github.com/OWNER/REPO HEAD` shows one"
)


@dataclass(frozen=True)
class Source:
    """A commit of toolbuilder's repository; tags and branches can be moved, so they are not taken."""

    repository: str  # "owner/name"
    commit: str

    def __str__(self) -> str:
        """Give OWNER/REPO@COMMIT."""
        return f"{self.repository}@{self.commit}"


def parse_source(text: str, place: str = "--from") -> Source:
    """Read OWNER/REPO@COMMIT. Raises FileIsWrong, naming the place where it stands."""
    found = _SOURCE.fullmatch(text)
    if found is None:
        raise FileIsWrong([Problem(place, 0, 0, f"{text!r} names no commit: {HOW}")])
    return Source(found["repository"], found["commit"])


def known(source: Source | None) -> Source:
    """Give a source that was found. Raises FileIsWrong, saying how to name one, where none was."""
    if source is None:
        why = "how toolbuilder was installed does not tell where its workflows are"
        raise FileIsWrong([Problem("--from", 0, 0, f"{why}: {HOW}")])
    return source
