"""The doors to git: a repository here, one moment of it, and the remote that others see."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class Commit:
    """A commit to be made of objects only: nothing here touches HEAD, the index or the work tree."""

    parents: tuple[str, ...]  # commit ids; the first one's tree is the starting point, none starts empty
    message: str
    files: Mapping[str, bytes]  # path -> content to write
    removed: tuple[str, ...] = ()  # paths to delete
    executable: tuple[str, ...] = ()  # written files that carry the executable bit
    date: str = ""  # "<seconds since 1970> +0000"; empty: the first parent's


class Repository(Protocol):
    """A git repository as an object store with compare-and-swap refs."""

    def resolve(self, ref: str) -> str | None:
        """Give the commit id that a ref or revision names, or None."""

    def read(self, commit: str, under: str = "") -> Mapping[str, bytes]:
        """Give every regular file of a commit's tree below a folder: full path -> content."""

    def write(self, commit: Commit) -> str:
        """Store a commit and what it needs; give its id. No ref moves. Raises RepositoryError."""

    def swap(self, ref: str, new: str, old: str | None) -> None:
        """Move a ref from `old` (None: must not exist) to `new`. Raises RaceLost when it stands elsewhere."""

    def log(self, ref: str, limit: int = 0) -> list["LogEntry"]:
        """Give a ref's commits, newest first; empty where the ref does not exist."""

    def merge(self, base: str, ours: bytes, theirs: bytes) -> bytes | None:
        """Merge two versions of the stored file `base`, named by its object id; None on conflict or unknown base."""


class Snapshot(Repository, Protocol):
    """A repository as it stands at one moment, read for many tools at once: equal object ids need not be opened."""

    def ahead(self, places: Iterable[tuple[str, str]], contents: Iterable[str]) -> None:
        """Read now, all in one go, what stands at places (a commit and a path), and objects by id."""

    def branches(self) -> list[str]:
        """Give the tools that have a branch, in order."""

    def children(self, commit: str, folder: str) -> Mapping[str, str]:
        """Give the object ids of the regular files and folders directly in a folder, by name; none without it."""

    def ids(self, commit: str, folder: str) -> Mapping[str, str]:
        """Give the blob ids of every regular file below a folder, by path from there; none without it."""

    def id_of(self, commit: str, path: str) -> str | None:
        """Give the object id that stands at a path, or None."""

    def content(self, object_id: str) -> bytes:
        """Give the content of a blob, or of a commit. Raises RepositoryError when it is not stored here."""

    def follows(self, new: str, old: str) -> bool:
        """Say whether the commit `new` is `old` or follows on it."""

    def parted(self, one: str, other: str) -> str | None:
        """Give the newest commit that both are or follow on, or None."""

    def moved(self, ref: str, commit: str | None) -> "Snapshot":
        """Give the same moment as it would be if a ref stood at another commit, or (None) did not exist."""


class Joiner(Protocol):
    """Merges commits of whole branches, without a work tree."""

    def news(self, ours: str, theirs: str, paths: Sequence[str]) -> bool:
        """Say whether `theirs` has changed one of these paths since both parted, to something else than ours has."""

    def start(self, ours: str, theirs: str, paths: Sequence[str]) -> tuple[str, ...]:
        """Give what a merge starts from: the commit where both parted, and the object ids of paths in `theirs`.

        Empty is what there is not.
        """

    def join(self, ours: str, theirs: str, folder: str, agreed: Mapping[str, bytes], message: str) -> str:
        """Give a commit that holds both; no ref moves. `agreed` files are to become so, whatever both sides say.

        `folder` is what both may have in common by a squash merge. Raises MergeConflict naming the files.
        """


@dataclass(frozen=True)
class LogEntry:
    """One commit as history shows it."""

    commit: str
    subject: str
    author: str
    date: str  # ISO 8601
    trailers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Ahead:
    """What a branch has beyond the default branch."""

    commits: frozenset[str] = frozenset()  # ids
    paths: tuple[str, ...] = ()  # that merging it would change, in order
    links: frozenset[str] = frozenset()  # those that are no regular files there: symbolic links, submodules


class Remote(Protocol):
    """The repository that others see. What a call says has been read back from there."""

    def tips(self) -> Mapping[str, str]:
        """Give the commit id of every ref of toolbuilder's there, by full name."""

    def fetch(self, refs: Collection[str] = ()) -> Mapping[str, str]:
        """Bring the commits that toolbuilder's refs (or only these) have there; give their tips. No ref here moves."""

    def push(self, ref: str, new: str, old: str | None) -> None:
        """Move a ref there from `old` (None: must not exist) forward to `new`.

        Raises RaceLost when it stands elsewhere, RepositoryError naming the rule or the fault when it is refused.
        """
