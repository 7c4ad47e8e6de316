"""What a branch has beyond the commit that is checked out: its own commits, and what merging it would change."""

from toolbuilder.adapters.git.ancestry import merge_base
from toolbuilder.adapters.git.objects import REGULAR_MODES
from toolbuilder.adapters.git.process import Git
from toolbuilder.ports import Ahead

GONE = "000000"


def ahead_of(git: Git, tip: str, base: str = "HEAD") -> Ahead:
    """Compare a commit with where it parted from `base`, or with `base` itself where they have nothing in common.

    Renames count as a path that goes and one that comes. Raises RepositoryError if one of both is not stored here.
    """
    parted = merge_base(git, base, tip) or base
    listed = git.output("diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-textconv", parted, tip)
    fields = listed.decode(errors="replace").split("\0")
    changed = {path: what.split()[1] for what, path in zip(fields[::2], fields[1::2], strict=False)}
    links = frozenset(path for path, mode in changed.items() if mode != GONE and not mode.startswith(REGULAR_MODES))
    commits = git.output("rev-list", tip, f"^{base}", "--").decode().split()
    return Ahead(frozenset(commits), tuple(sorted(changed)), links)
