"""A git repository as an object store with compare-and-swap refs: work tree, index and HEAD are never touched."""

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from toolbuilder.adapters.git.ancestry import is_ancestor
from toolbuilder.adapters.git.commit import check_commit, commit_content, import_stream, object_id
from toolbuilder.adapters.git.merge import merge_versions
from toolbuilder.adapters.git.objects import object_reader, read_files
from toolbuilder.adapters.git.process import AUTHOR, NO_GIT, Git
from toolbuilder.adapters.git.refs import OWN_REFS
from toolbuilder.adapters.git.signing import write_signed
from toolbuilder.errors import RaceLost, RefBroken, RepositoryError
from toolbuilder.ports import Commit, LogEntry

try:
    from git import Repo
    from git.exc import InvalidGitRepositoryError, NoSuchPathError
except ImportError as error:  # GitPython looks for git as soon as it is imported
    raise RepositoryError(NO_GIT) from error

_OBJECT_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_COMMITTED = re.compile(rb"^committer .* (\d+ [+-]\d{4})$", re.MULTILINE)
_LOG_FIELDS = ("%H", "%s", "%an", "%aI", "%(trailers:only,unfold)")


class GitRepository:
    """The repository that a folder lies in: bare or not, linked work tree or not, whatever HEAD is.

    GitPython finds it. Git itself is run by `git_process`, because GitPython can add variables to the environment of
    a command but cannot take the hostile ones away. Every commit is signed where `signs`.
    """

    def __init__(self, path: Path, author: str = AUTHOR, *, signs: bool = False):
        self._git = Git(path)
        self._author = author
        self._signs = signs
        self._git_folder = _find(path)

    def resolve(self, ref: str) -> str | None:
        """Give the commit id that a ref or revision names, or None."""
        if ref.startswith("-") or "\0" in ref:
            return None
        arguments = ("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")
        result = self._git.run(*arguments)
        if result.exit_code and f"warning: ignoring broken ref {ref}" in result.stderr.splitlines():
            raise RefBroken(ref)
        if result.exit_code and result.stderr:
            raise self._git.error(arguments, result.stderr, result.exit_code)
        return result.stdout.decode().strip() or None

    def read(self, commit: str, under: str = "") -> Mapping[str, bytes]:
        """Give every regular file of a commit's tree at or below a path: full path -> content, in order of paths."""
        with object_reader(self._git) as reader:
            return read_files(reader, commit, under)

    def write(self, commit: Commit) -> str:
        """Store a commit and what it needs; give its id. No ref moves. Raises RepositoryError."""
        dated = commit if commit.date else replace(commit, date=self._date(commit.parents))
        check_commit(dated, self._author)
        stream = import_stream(dated, self._author)
        arguments = ("fast-import", "--quiet", "--date-format=raw")
        result = self._git.run(*arguments, stdin=stream)
        if result.exit_code:
            with suppress(OSError):
                (self._git_folder / f"fast_import_crash_{result.pid}").unlink(missing_ok=True)
            raise self._git.error(arguments, result.stderr, result.exit_code)
        made, tree = _verified(dated, self._author, result.stdout)
        return write_signed(self._git, dated, self._author, tree) if self._signs else made

    def swap(self, ref: str, new: str, old: str | None) -> None:
        """Move a ref from `old` (None: must not exist) to `new`. Raises RaceLost when it stands elsewhere.

        Raises RepositoryError for a ref that is not toolbuilder's, or for a branch that somebody has checked out.
        """
        self.check(ref)
        # --no-deref: a symbolic ref here must not lead the update to somebody else's branch
        arguments = ("update-ref", "--no-deref", "-m", "toolbuilder", ref, new, old or "0" * len(new))
        result = self._git.run(*arguments)
        if not result.exit_code:
            return
        if (current := self.resolve(ref)) != old:
            raise RaceLost(f"{ref} moved to {current} while {new} was made on top of {old}; run again")
        raise self._git.error(arguments, result.stderr, result.exit_code)

    def check(self, ref: str) -> None:
        """Raise RepositoryError for a ref that is not toolbuilder's, or for a branch that somebody has checked out."""
        if not ref.startswith(OWN_REFS):
            raise RepositoryError(f"{ref} is not toolbuilder's to move: only {' and '.join(OWN_REFS)} are")
        self._refuse_checked_out(ref)

    def tips(self) -> Mapping[str, str]:
        """Give the commit id of every ref of toolbuilder's, by full name."""
        listed = self._git.output("for-each-ref", "--format=%(objectname) %(refname)", *OWN_REFS).decode()
        return {ref: commit for commit, _, ref in (line.partition(" ") for line in listed.splitlines())}

    def follows(self, new: str, old: str) -> bool:
        """Say whether `new` is `old` or follows on it. Raises RepositoryError if one of them is not stored here."""
        return is_ancestor(self._git, old, new)

    def log(self, ref: str, limit: int = 0) -> list[LogEntry]:
        """Give a ref's commits, newest first; empty where the ref does not exist. Of equal trailers the last counts."""
        if (tip := self.resolve(ref)) is None:
            return []
        form = "--format=" + "%x00".join(_LOG_FIELDS)
        count = ("-n", str(limit)) if limit else ()
        fields = self._git.output("log", "-z", "--encoding=UTF-8", "--no-color", form, *count, tip, "--")
        values = fields.decode(errors="replace").split("\0")
        rows = zip(*[iter(values)] * len(_LOG_FIELDS), strict=False)
        return [
            LogEntry(commit, subject, author, date, _trailers(lines)) for commit, subject, author, date, lines in rows
        ]

    def merge(self, base: str, ours: bytes, theirs: bytes) -> bytes | None:
        """Merge two versions of the stored file `base`, named by its object id; None on conflict or unknown base."""
        if not _OBJECT_ID.fullmatch(base):
            return None
        with object_reader(self._git) as reader:
            found = reader.get(base)
        return merge_versions(self._git, found.content, ours, theirs) if found and found.kind == "blob" else None

    def _date(self, parents: tuple[str, ...]) -> str:
        if not parents:
            raise RepositoryError("a commit without a parent needs a date")
        found = _COMMITTED.search(self._git.output("cat-file", "commit", parents[0]))
        return found[1].decode() if found else ""

    def _refuse_checked_out(self, ref: str) -> None:
        if not ref.startswith("refs/heads/"):
            return
        listed = self._git.output("worktree", "list", "--porcelain").decode(errors="replace")
        for block in listed.split("\n\n"):
            lines = block.splitlines()
            if f"branch {ref}" in lines and not any(line.startswith("prunable") for line in lines):
                folder = lines[0].removeprefix("worktree ")
                raise RepositoryError(
                    f"{ref.removeprefix('refs/heads/')} is checked out in {folder}, and would look modified there; "
                    "type `git switch --detach` in that folder and run again"
                )


def _find(path: Path) -> Path:
    try:
        with Repo(path, search_parent_directories=True) as repo:
            return Path(repo.git_dir)
    except NoSuchPathError:
        raise RepositoryError(f"{path} does not exist") from None
    except InvalidGitRepositoryError:
        if "GIT_COMMON_DIR" in os.environ:  # the one variable that leads GitPython astray
            raise RepositoryError(
                f"{path} cannot be opened as long as GIT_COMMON_DIR is set; type `unset GIT_COMMON_DIR`"
            ) from None
        raise RepositoryError(f"{path} is not inside a git repository; type `git init {path}`") from None


def _verified(commit: Commit, author: str, printed: bytes) -> tuple[str, str]:
    """Take the ids of the commit and its tree from what fast-import printed, once they hold what was asked for."""
    made, listed = printed.decode().splitlines()
    tree = object_id(len(made), "tree", b"") if listed.startswith("missing") else listed.split()[2]
    if made != object_id(len(made), "commit", commit_content(commit, author, tree)):
        raise RepositoryError(f"git stored commit {made}, which is not the one asked for; type `git fsck`")
    return made, tree


def _trailers(lines: str) -> dict[str, str]:
    return {key: value.strip() for key, _, value in (line.partition(":") for line in lines.splitlines()) if key}
