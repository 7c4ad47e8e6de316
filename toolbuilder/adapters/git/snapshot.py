"""A repository at one moment, for whoever looks at all tools at once: one `git cat-file --batch` answers everything."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NoReturn

from toolbuilder.adapters.git.ancestors import Ancestors
from toolbuilder.adapters.git.merge import merge_versions
from toolbuilder.adapters.git.objects import (
    REGULAR_MODES,
    TREE_MODE,
    Entry,
    GitObject,
    ObjectReader,
    entries,
    need,
    object_reader,
    read_files,
)
from toolbuilder.adapters.git.process import Git
from toolbuilder.adapters.git.ref_files import refs_below
from toolbuilder.adapters.git.refs import BRANCHES, JOURNALS
from toolbuilder.errors import RefBroken, RepositoryError
from toolbuilder.ports import Commit, LogEntry

_OBJECT_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


@contextmanager
def snapshot(start: Path, tips: Mapping[str, str] | None = None) -> Iterator["GitSnapshot"]:
    """Keep one reading process of the repository that `start` lies in for the length of a `with` block.

    `tips` are the refs of toolbuilder's as a remote has them; without them those count that are here. Raises
    RepositoryError, when it is first asked, where there is no repository.
    """
    git = Git(start)
    with object_reader(git) as reader:
        here = tips if tips is not None else {**refs_below(git, BRANCHES), **refs_below(git, JOURNALS)}
        yield GitSnapshot(reader, here)


@dataclass(frozen=True)
class GitSnapshot:
    """A repository that is only read. A ref is resolved once: whoever moves it meanwhile is seen the next time."""

    reader: ObjectReader
    own: Mapping[str, str | None]  # branches and journals of tools, by name; None: git knows what it points to
    refs: dict[str, str | None] = field(default_factory=dict)  # as resolved so far
    histories: dict[str, Ancestors] = field(default_factory=dict)
    known: dict[str, GitObject | None] = field(default_factory=dict)  # what was read ahead, by question
    listings: dict[str, dict[str, Entry]] = field(default_factory=dict)  # what is in folders, by question

    def branches(self) -> list[str]:
        """Give the tools that have a branch, in order."""
        return [name.removeprefix(BRANCHES) for name in sorted(self.own) if name.startswith(BRANCHES)]

    def resolve(self, ref: str) -> str | None:
        """Give the commit id that a ref or revision names, or None. Raises RepositoryError for a ref that is broken."""
        if ref not in self.refs:
            self.refs[ref] = self._resolved(ref)
        return self.refs[ref]

    def moved(self, ref: str, commit: str | None) -> "GitSnapshot":
        """Give the same moment as it would be if a ref stood at another commit, or (None) did not exist."""
        return replace(self, refs={**self.refs, ref: commit})

    def follows(self, new: str, old: str) -> bool:
        """Say whether the commit `new` is `old` or follows on it."""
        return self._history(new).hold(old)

    def parted(self, one: str, other: str) -> str | None:
        """Give the newest commit that both are or follow on, or None; cheap where `other` is asked about often."""
        return Ancestors(self.reader).start(one).meet(self._history(other))

    def ahead(self, places: Iterable[tuple[str, str]], contents: Iterable[str]) -> None:
        """Read now, all in one go, what stands at places (a commit and a path), and objects by id."""
        questions = [*contents, *(self._question(commit, path) for commit, path in places)]
        while waiting := [name for name in dict.fromkeys(questions) if name and name not in self.known]:
            found = self.reader.get_all(waiting)
            self.known.update(found)
            trees = [name for name, one in found.items() if one and one.kind == "tree"]
            inside = (entry for name in trees for entry in self._entries(name).values())
            questions = [entry.id for entry in inside if entry.mode == TREE_MODE]

    def children(self, commit: str, folder: str) -> Mapping[str, str]:
        """Give the object ids of the regular files and folders directly in a folder, by name; none without it."""
        listed = self._entries(self._question(commit, folder))
        return {name: entry.id for name, entry in listed.items() if _is_kept(entry)}

    def ids(self, commit: str, folder: str) -> Mapping[str, str]:
        """Give the blob ids of every regular file below a folder, by path from there; none without it."""
        return dict(self._below("", self._question(commit, folder)))

    def id_of(self, commit: str, path: str) -> str | None:
        """Give the object id that stands at a path, or None."""
        found = self._get(self._question(commit, path))
        return found.id if found else None

    def content(self, object_id: str) -> bytes:
        """Give the content of a blob, or of a commit. Raises RepositoryError when it is not stored here."""
        found = self.known.get(object_id)
        return found.content if found else need(self.reader, object_id).content

    def read(self, commit: str, under: str = "") -> Mapping[str, bytes]:
        """Give every regular file of a commit's tree at or below a path: full path -> content, in order of paths."""
        folder = under.rstrip("/")
        found = self.ids(commit, folder) if folder else None
        if not found:  # all of it, or a file: then its mode has to be read
            return read_files(self.reader, commit, under)
        return {f"{folder}/{path}": self.content(found[path]) for path in sorted(found)}

    def merge(self, base: str, ours: bytes, theirs: bytes) -> bytes | None:
        """Merge two versions of the stored file `base`, named by its object id; None on conflict or unknown base."""
        found = self.reader.get(base) if _OBJECT_ID.fullmatch(base) else None
        return merge_versions(self.reader.git, found.content, ours, theirs) if found and found.kind == "blob" else None

    def log(self, ref: str, limit: int = 0) -> list[LogEntry]:
        """Refuse: history is not part of a moment. Raises RepositoryError."""
        self._refuse(f"the history of {ref} ({limit or 'all'})")

    def write(self, commit: Commit) -> str:
        """Refuse: a snapshot is only read. Raises RepositoryError."""
        self._refuse(f"to store {commit.message.splitlines()[0]!r}")

    def swap(self, ref: str, new: str, old: str | None) -> None:
        """Refuse: a snapshot is only read. Raises RepositoryError."""
        self._refuse(f"to move {ref} from {old} to {new}")

    def _refuse(self, wanted: str) -> NoReturn:
        raise RepositoryError(f"a snapshot of {self.reader.git.folder} was asked {wanted}; it is only read")

    def _resolved(self, ref: str) -> str | None:
        if ref.startswith((BRANCHES, JOURNALS)) and ref not in self.own:
            return None
        if found := self.own.get(ref):
            return found
        asked = self.reader.get(f"{ref}^{{commit}}")
        if asked is None and ref in self.own:
            raise RefBroken(ref)
        return asked.id if asked else None

    def _history(self, commit: str) -> Ancestors:
        if commit not in self.histories:
            self.histories[commit] = Ancestors(self.reader).start(commit)
        return self.histories[commit]

    def _question(self, commit: str, path: str) -> str:
        """Give what names the object at a place: its id if its folder has been read, empty if it is not there."""
        folder, _, name = path.rstrip("/").rpartition("/")
        listed = self.listings.get(f"{commit}:{folder}")
        if listed is None:
            return f"{commit}:{path.rstrip('/')}"
        entry = listed.get(name)
        return entry.id if entry and _is_kept(entry) else ""

    def _get(self, name: str) -> GitObject | None:
        return self.known[name] if name in self.known else self.reader.get(name) if name else None

    def _entries(self, name: str) -> dict[str, Entry]:
        """Give what a folder holds that a question names; nothing for what is no folder."""
        if name not in self.listings:
            found = self._get(name)
            if found is None and _OBJECT_ID.fullmatch(name):
                need(self.reader, name)  # it is named by a folder that is here, so it has to be here
            listed = entries(found) if found and found.kind == "tree" else ()
            self.listings[name] = {entry.name: entry for entry in listed}
        return self.listings[name]

    def _below(self, start: str, name: str) -> Iterator[tuple[str, str]]:
        for entry in self._entries(name).values():
            if entry.mode == TREE_MODE:
                yield from self._below(f"{start}{entry.name}/", entry.id)
            elif entry.mode.startswith(REGULAR_MODES):
                yield f"{start}{entry.name}", entry.id


def _is_kept(entry: Entry) -> bool:
    return entry.mode == TREE_MODE or entry.mode.startswith(REGULAR_MODES)
