"""Merging whole commits, without a work tree, an index or a moved ref."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from toolbuilder.adapters.git.ancestry import is_ancestor, merge_base
from toolbuilder.adapters.git.commit import commit_content
from toolbuilder.adapters.git.process import NEEDED, Git
from toolbuilder.adapters.git.signing import write_signed
from toolbuilder.errors import MergeConflict, RepositoryError
from toolbuilder.ports import Commit, Repository

# What a person has set for merges of their own must not make another tree here than elsewhere.
_MERGE = (
    "-c", "merge.renames=true", "-c", "merge.directoryRenames=false", "-c", "merge.conflictStyle=merge",
    "-c", "merge.renormalize=false", "merge-tree", "--write-tree", "--name-only", "--no-messages", "-z",
)  # fmt: skip
_CONFLICTS = 1


@dataclass(frozen=True)
class GitJoiner:
    """Joins commits of a repository; the merges are `author`'s, and signed where `signs`."""

    git: Git
    repository: Repository
    author: str
    signs: bool = False

    def news(self, ours: str, theirs: str, paths: Sequence[str]) -> bool:
        """Say whether `theirs` has changed one of these paths since both parted, to something else than ours has."""
        base = merge_base(self.git, ours, theirs)
        if base == theirs:
            return False
        was, is_ours, is_theirs = (self._ids([(one, path) for path in paths]) for one in (base, ours, theirs))
        return any(new not in {old, mine} for old, mine, new in zip(was, is_ours, is_theirs, strict=True))

    def start(self, ours: str, theirs: str, paths: Sequence[str]) -> tuple[str, ...]:
        """Give what a merge starts from: the commit where both parted, and the object ids of paths in `theirs`."""
        return (merge_base(self.git, ours, theirs) or "", *self._ids([(theirs, path) for path in paths]))

    def join(self, ours: str, theirs: str, folder: str, agreed: Mapping[str, bytes], message: str) -> str:
        """Give a commit that holds both; no ref moves. `agreed` files are to become so, whatever both sides say.

        Where `theirs` took the folder over from ours in one squashed commit, that commit is joined with the one that it
        was made from first, so that both are seen to have the folder in common. Raises MergeConflict naming the files.
        """
        if is_ancestor(self.git, ours, theirs):
            return theirs
        if squashed := self._squashed(ours, theirs, folder):
            bridge = self._merge(*squashed, {}, message)
            ours = bridge if squashed[0] == ours else self._merge(ours, bridge, {}, message)
        return ours if is_ancestor(self.git, theirs, ours) else self._merge(ours, theirs, agreed, message)

    def _squashed(self, ours: str, theirs: str, folder: str) -> tuple[str, str] | None:
        """Give a commit of ours whose folder stands unchanged in one that only theirs has, and that one."""
        mine, yours = self._folders(ours, theirs, folder), self._folders(theirs, ours, folder)
        return next(((mine[tree], commit) for tree, commit in yours.items() if tree in mine), None)

    def _folders(self, tip: str, without: str, folder: str) -> dict[str, str]:
        """Give the trees that a folder was in what one side alone has, newest first, with the newest commit of each."""
        listed = self.git.output("rev-list", tip, f"^{without}", "--", folder).decode().split()
        trees = self._ids([(commit, folder) for commit in listed])
        found: dict[str, str] = {}
        for commit, tree in zip(listed, trees, strict=True):
            if tree:
                found.setdefault(tree, commit)
        return found

    def _ids(self, places: Sequence[tuple[str | None, str]]) -> list[str]:
        """Give the object ids of paths in commits, empty where there is nothing, or a name of two lines."""
        nothing = "0" * 40  # names no commit, where none would name the index
        names = [f"{commit or nothing}:{path.rstrip('/')}" for commit, path in places]
        asked = "".join(f"{nothing if chr(10) in name else name}\n" for name in names).encode()
        answers = self.git.output("cat-file", "--batch-check=%(objectname)", stdin=asked).decode().splitlines()
        return ["" if answer.endswith(" missing") else answer for answer in answers]

    def _merge(self, ours: str, theirs: str, agreed: Mapping[str, bytes], message: str) -> str:
        if agreed:  # where both sides say the same there is nothing to merge
            sides = tuple(self.repository.write(Commit((side,), message, agreed)) for side in (ours, theirs))
        else:
            sides = (ours, theirs)
        tree = self._merged_tree(*sides)
        date = self.git.output("log", "-1", "--format=%cd", "--date=raw", ours, "--").decode().strip()
        merge = Commit((ours, theirs), message, {}, date=date)
        if self.signs:
            return write_signed(self.git, merge, self.author, tree)
        content = commit_content(merge, self.author, tree)
        return self.git.output("hash-object", "-t", "commit", "-w", "--stdin", stdin=content).decode().strip()

    def _merged_tree(self, ours: str, theirs: str) -> str:
        arguments = (*_MERGE, ours, theirs)
        result = self.git.run(*arguments)
        tree, *conflicts = result.stdout.decode(errors="replace").rstrip("\0").split("\0")
        if result.exit_code == _CONFLICTS:
            raise MergeConflict(
                "the default branch and the tool's branch changed the same places; nothing was overwritten",
                paths=conflicts,
                advice="Merge the default branch into the tool's branch by hand, commit, and run again.",
            )
        if result.exit_code:
            raise self._too_old(result.stderr) or self.git.error(arguments, result.stderr, result.exit_code)
        return tree

    def _too_old(self, said: str) -> RepositoryError | None:
        if "usage:" not in said:
            return None
        version = self.git.output("version").decode().strip()
        return RepositoryError(f"{version} cannot merge without a work tree; install git {NEEDED} or newer")
