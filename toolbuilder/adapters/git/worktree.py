"""A work tree as a person has it: where it begins, what is changed in it, and where it came from. Only read."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from toolbuilder.adapters.git.process import Git
from toolbuilder.errors import RepositoryError

ORIGIN = "origin"
MAIN = "main"
TOOLS = "toolbuilder/"


@dataclass(frozen=True)
class Worktree:
    """The work tree of a repository, by its first folder."""

    root: Path

    @property
    def git(self) -> Git:
        """Git in that folder."""
        return Git(self.root)

    def default_branch(self) -> str:
        """Give the branch that the repository's origin shows first, else the one that is checked out, else `main`."""
        for ref in (f"refs/remotes/{ORIGIN}/HEAD", "HEAD"):
            found = self._said("symbolic-ref", "--quiet", "--short", ref).removeprefix(f"{ORIGIN}/")
            if found and not found.startswith(TOOLS):
                return found
        return MAIN

    def modified(self, paths: Iterable[str]) -> set[str]:
        """Give those of the paths that are tracked and differ from the last commit."""
        listed = self.git.output("status", "--porcelain", "-z", "--no-renames", "--untracked-files=no", "--", *paths)
        return {entry[3:] for entry in listed.decode(errors="replace").split("\0") if entry}

    def ignored(self, paths: Iterable[str]) -> set[str]:
        """Give those of the paths that .gitignore keeps out of commits, though they are not tracked yet."""
        result = self.git.run("check-ignore", "-z", "--stdin", stdin="\0".join(paths).encode())
        return {path for path in result.stdout.decode(errors="replace").split("\0") if path}

    def address(self, remote: str = ORIGIN) -> str:
        """Give the URL of a remote, or an empty text."""
        return self._said("remote", "get-url", "--", remote)

    def head(self) -> str:
        """Give the id of the commit that is checked out, or an empty text before the first."""
        return self._said("rev-parse", "--verify", "--quiet", "HEAD^{commit}")

    def is_shallow(self) -> bool:
        """Tell whether history is cut off here."""
        return self._said("rev-parse", "--is-shallow-repository") == "true"

    def is_published(self, commit: str) -> bool:
        """Tell whether a remote's branch, as last seen here, holds a commit."""
        return bool(self._said("for-each-ref", "--count=1", "--contains", commit, "refs/remotes/"))

    def _said(self, *arguments: str) -> str:
        result = self.git.run(*arguments)
        return "" if result.exit_code else result.stdout.decode(errors="replace").strip()


def worktree(start: Path) -> Worktree:
    """Give the work tree that a folder lies in. Raises RepositoryError, saying what to type, where there is none."""
    folder = start.resolve()
    if not folder.is_dir():
        raise RepositoryError(f"there is no folder {folder}; type `git init {folder}`")
    git = Git(folder)
    arguments = ("rev-parse", "--is-inside-work-tree", "--is-bare-repository")
    said = git.run(*arguments)
    if "not a git repository" in said.stderr:
        raise RepositoryError(f"{folder} is not inside a git repository; type `git init {folder}`")
    if said.exit_code:
        raise git.error(arguments, said.stderr, said.exit_code)
    inside, bare = said.stdout.decode().split()
    if bare == "true":
        raise RepositoryError(f"{folder} is a bare repository, without files; clone it, and type this in the clone")
    if inside == "false":
        raise RepositoryError(f"{folder} lies inside a .git folder; go to the repository's own folder")
    return Worktree(Path(git.output("rev-parse", "--show-toplevel").decode().removesuffix("\n")))
