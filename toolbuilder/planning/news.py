"""Whether the default branch holds a version of a tool that the tool's branch has never held: then they are to join."""

import re

from toolbuilder.commits import folder_of
from toolbuilder.ports import Snapshot

MOST = 1_000  # commits looked at; whoever has more of them than this learns of the news when the tool is next built

_PARENT = re.compile(rb"^parent ([0-9a-f]+)$", re.MULTILINE)


def has_news(snapshot: Snapshot, tool: str, held: str | None, tip: str) -> bool:
    """Say whether a tool's folder, as the default branch holds it (an object id), is none that its branch ever held.

    Raises RepositoryError where a commit of the branch is not stored here.
    """
    if held is None:
        return False
    waiting, seen = [tip], {tip}
    while waiting and len(seen) < MOST:
        commit = waiting.pop()
        here = snapshot.id_of(commit, folder_of(tool))
        if here == held:
            return False
        if here is None:  # the tool began after this commit
            continue
        head = snapshot.content(commit).partition(b"\n\n")[0]
        parents = {parent.decode() for parent in _PARENT.findall(head)} - seen
        seen |= parents
        waiting += sorted(parents)
    return not waiting
