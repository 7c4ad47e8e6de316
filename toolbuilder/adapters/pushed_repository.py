"""A repository whose commit point is a remote: every swap is pushed first, then the ref here follows."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Protocol

from toolbuilder.errors import RaceLost, RepositoryError
from toolbuilder.ports import Commit, LogEntry, Remote, Repository

_BRANCHES = "refs/heads/"
_DATA = "refs/toolbuilder/"
_LOGS = f"{_DATA}log/"
_ORDER = (f"{_DATA}journal/", f"{_DATA}batches", f"{_DATA}budget", _BRANCHES, _LOGS)
_ATTEMPTS = 20  # every lost race is somebody else's progress


class LocalRepository(Repository, Protocol):
    """A repository that can also tell what is to be known before a push."""

    def check(self, ref: str) -> None:
        """Raise RepositoryError for a ref that must not be moved here."""

    def tips(self) -> Mapping[str, str]:
        """Give the commit id of every ref of toolbuilder's, by full name."""

    def follows(self, new: str, old: str) -> bool:
        """Say whether `new` is `old` or follows on it."""


class NamedRemote(Remote, Protocol):
    """A remote that can also tell a person how to delete a ref there."""

    def deletion(self, ref: str) -> str:
        """Give the command that deletes a ref there."""

    def within(self, seconds: float) -> "NamedRemote":
        """Give the same remote for whoever has no more than so many seconds."""


class NoCommit(RepositoryError):
    """A ref points to something else than a commit, or to nothing that is stored."""


@dataclass(frozen=True)
class PushedRepository:
    """The repository here and its remote as one: what it says was moved has moved there.

    Where a person has rewritten a branch there, the one here follows, as long as the log holds all that it had.
    Otherwise a branch that has grown apart is a person's to join, and a ref that is no commit a person's to delete:
    `resolve` and `swap` raise RepositoryError for it, and go on with all others.
    """

    repository: LocalRepository
    remote: NamedRemote
    apart: dict[str, RepositoryError] = field(default_factory=dict)  # by ref

    def within(self, seconds: float) -> "PushedRepository":
        """Give the same repository for whoever has no more than so many seconds to wait for the remote."""
        return replace(self, remote=self.remote.within(seconds))

    def reconcile(self, under: str = "refs/") -> None:
        """Make all refs of toolbuilder's that begin so the same here and there, with one fetch; no side loses anything.

        A branch that was deleted there is left alone here: its commits are in the log. Raises RepositoryError when the
        remote cannot be reached, or takes no journal and no log.
        """
        there, here = self.remote.tips(), self.repository.tips()
        if new := [ref for ref, tip in there.items() if ref.startswith(under) and here.get(ref) != tip]:
            there = {**there, **self.remote.fetch(new)}
        for ref in sorted((ref for ref in {*here, *there} if ref.startswith(under)), key=_data_first):
            with self._aside(ref):
                if ref in there or not self._is_logged(ref, here[ref], there):
                    self._settle(ref, here.get(ref), there)

    def resolve(self, ref: str) -> str | None:
        """Give the commit id that a ref or revision names here, or None."""
        if ref in self.apart:
            raise self.apart[ref]
        try:
            return self.repository.resolve(ref)
        except RepositoryError:
            if ref.startswith(_DATA) and ref in self.repository.tips():
                raise _no_commit(ref, {"here": _deletion(ref)}) from None
            raise

    def swap(self, ref: str, new: str, old: str | None) -> None:
        """Move a ref there, then here. On RaceLost the ref here has caught up with the one there."""
        self.repository.check(ref)
        if (here := self.resolve(ref)) != old:  # no need to ask the remote
            raise RaceLost(f"{ref} moved to {here} while {new} was made on top of {old}; run again")
        try:
            self.remote.push(ref, new, old)
        except RaceLost:
            self._meet(ref)
            raise
        try:
            self.repository.swap(ref, new, old)
        except RaceLost:  # another process here was faster
            self._meet(ref)

    def read(self, commit: str, under: str = "") -> Mapping[str, bytes]:
        """Give every regular file of a commit's tree below a folder: full path -> content."""
        return self.repository.read(commit, under)

    def write(self, commit: Commit) -> str:
        """Store a commit and what it needs; give its id. No ref moves. Raises RepositoryError."""
        return self.repository.write(commit)

    def log(self, ref: str, limit: int = 0) -> list[LogEntry]:
        """Give a ref's commits, newest first; empty where the ref does not exist."""
        return self.repository.log(ref, limit)

    def merge(self, base: str, ours: bytes, theirs: bytes) -> bytes | None:
        """Merge two versions of the stored file `base`, named by its object id; None on conflict or unknown base."""
        return self.repository.merge(base, ours, theirs)

    def _meet(self, ref: str) -> None:
        """Make one ref the same here and there, after a lost race. Raises RepositoryError for one grown apart."""
        with self._aside(ref):
            self._settle(ref, self.repository.resolve(ref), self.remote.fetch([ref, _log_of(ref)]))
        if ref in self.apart:
            raise self.apart[ref]

    @contextmanager
    def _aside(self, ref: str) -> Iterator[None]:
        """Put a ref aside that a person has to mend: what is wrong with one tool must not stop the others."""
        try:
            yield
        except RepositoryError as error:
            if not ref.startswith(_BRANCHES) and not isinstance(error, NoCommit):
                raise
            self.apart[ref] = error

    def _settle(self, ref: str, here: str | None, there: Mapping[str, str]) -> None:
        for _ in range(_ATTEMPTS):
            try:
                self._move(ref, here, there)
            except RaceLost:
                there = self.remote.fetch([ref, _log_of(ref)])
                here = self.repository.resolve(ref)
            else:
                return
        raise RepositoryError(f"{ref} moved {_ATTEMPTS} times, here or there, while both were made the same; run again")

    def _move(self, ref: str, here: str | None, all_there: Mapping[str, str]) -> None:
        """Move whichever side is behind. Raises RaceLost if one of them has moved meanwhile."""
        there = all_there.get(ref)
        if here == there:
            return
        self._check_commits(ref, here, there)
        if there and (here is None or self._gives_way(ref, here, there, all_there)):
            self.repository.swap(ref, there, here)
        elif here and (there is None or self.repository.follows(here, there)):
            self.repository.check(ref)
            self.remote.push(ref, here, there)
        elif here and there:
            both = self._joined(ref, here, there)
            self.remote.push(ref, both, there)
            self.repository.swap(ref, both, here)

    def _gives_way(self, ref: str, here: str, there: str, all_there: Mapping[str, str]) -> bool:
        """Say whether the remote's tip is the newer one: it follows, or a person has put it in the place of ours."""
        return self.repository.follows(there, here) or self._is_logged(ref, here, all_there)

    def _is_logged(self, ref: str, tip: str, there: Mapping[str, str]) -> bool:
        """Say whether a branch once had this tip at the remote: then the log there holds it."""
        log = there.get(_log_of(ref))
        if not ref.startswith(_BRANCHES) or log is None:
            return False
        self._check_commits(_log_of(ref), None, log)
        return self.repository.follows(log, tip)

    def _check_commits(self, ref: str, here: str | None, there: str | None) -> None:
        """Raise NoCommit unless a ref is a commit wherever it is: anything else must not spread to the other side."""
        cures = {"here": _deletion(ref)} if here and not self._is_commit(here) else {}
        if there and not self._is_commit(there):
            cures["at the remote"] = self.remote.deletion(ref)
        if cures:
            raise _no_commit(ref, cures)

    def _is_commit(self, object_id: str) -> bool:
        try:
            return self.repository.resolve(object_id) == object_id
        except RepositoryError:  # it is of another kind
            return False

    def _joined(self, ref: str, here: str, there: str) -> str:
        """Put what both sides hold into one commit: a log is its parents, all other data are sets of files."""
        if ref.startswith(_BRANCHES):
            raise _grown_apart(ref, here, there)
        files: dict[str, bytes] = {}
        if not ref.startswith(_LOGS):
            kept = self.repository.read(there)
            files = {path: content for path, content in self.repository.read(here).items() if path not in kept}
        return self.repository.write(Commit((there, here), "Join what two machines have\n", files))


def _data_first(ref: str) -> int:
    """Order refs: answers before the branches made from them, then logs, which say what has been on a branch there.

    Batches and grants follow the answers that came of them: whoever adds money up reads the other way round.
    """
    return next((place for place, start in enumerate(_ORDER) if ref.startswith(start)), len(_ORDER))


def _log_of(ref: str) -> str:
    return ref.replace("refs/heads/toolbuilder/", _LOGS)


def _deletion(ref: str) -> str:
    return f"git update-ref -d {ref}"


def _no_commit(ref: str, cures: Mapping[str, str]) -> NoCommit:
    typed = ", ".join(f"`{command}`" for command in cures.values())
    return NoCommit(f"{ref} is no commit {' and '.join(cures)}; to delete it, type {typed}; then run again")


def _grown_apart(ref: str, here: str, there: str) -> RepositoryError:
    name = ref.removeprefix(_BRANCHES)
    return RepositoryError(
        f"branch {name} has grown apart: {here[:12]} here, {there[:12]} at the remote, neither follows on the other. "
        f"To take the remote's, type `git branch -f {name} {there[:12]}`; to keep both, type "
        f"`git switch {name} && git merge {there[:12]} && git switch -`; then run again"
    )
