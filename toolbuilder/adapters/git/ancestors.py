"""Which commits one follows on, read without a process of its own: newest first, and only as far back as is asked."""

import heapq
import re
from dataclasses import dataclass, field

from toolbuilder.adapters.git.objects import ObjectReader, need

SLACK = 86_400  # seconds by which a clock may have been wrong

_PARENT = re.compile(rb"^parent ([0-9a-f]+)$", re.MULTILINE)
_COMMITTED = re.compile(rb"^committer .* (\d+) [+-]\d{4}$", re.MULTILINE)


@dataclass
class Ancestors:
    """The commits that can be reached from one, as far as they have been read."""

    reader: ObjectReader
    seen: set[str] = field(default_factory=set)
    waiting: list[tuple[int, str]] = field(default_factory=list)  # a heap by age: what has been seen but not passed

    def start(self, commit: str) -> "Ancestors":
        """Begin at a commit."""
        self._see(commit)
        return self

    def hold(self, commit: str) -> bool:
        """Say whether a commit is among them. Raises RepositoryError where one is not stored here."""
        oldest = self._parts(commit)[0] - SLACK
        while commit not in self.seen and self.waiting and -self.waiting[0][0] >= oldest:
            for parent in self._parts(heapq.heappop(self.waiting)[1])[1]:
                self._see(parent)
        return commit in self.seen

    def meet(self, other: "Ancestors") -> str | None:
        """Give the newest of them that is among others too, or None. Raises RepositoryError where one is not stored."""
        while self.waiting:
            commit = heapq.heappop(self.waiting)[1]
            if other.hold(commit):
                return commit
            for parent in self._parts(commit)[1]:
                self._see(parent)
        return None

    def _see(self, commit: str) -> None:
        if commit not in self.seen:
            self.seen.add(commit)
            heapq.heappush(self.waiting, (-self._parts(commit)[0], commit))

    def _parts(self, commit: str) -> tuple[int, list[str]]:
        """Give when a commit was made, in seconds since 1970, and its parents."""
        head = need(self.reader, commit).content.partition(b"\n\n")[0]
        made = _COMMITTED.search(head)
        return int(made[1]) if made else 0, [parent.decode() for parent in _PARENT.findall(head)]
