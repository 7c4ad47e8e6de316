"""The wiring of `init` and `doctor`: what they need to know of a repository, of this machine and of GitHub."""

from collections.abc import Mapping
from functools import partial

from toolbuilder.adapters.git.merge import merge_versions
from toolbuilder.adapters.git.worktree import Worktree, worktree
from toolbuilder.adapters.installation import installed_from
from toolbuilder.lazy import LazyScaffolder
from toolbuilder.places import PACKAGE, SHIPPED
from toolbuilder.setting_up.answers import TEMPLATE, answers_of
from toolbuilder.setting_up.deciding import Merge
from toolbuilder.setting_up.source import Source
from toolbuilder.settings import Settings

__all__ = ["Worktree", "merger", "own_source", "rendered", "worktree"]


def own_source() -> tuple[Source | None, bool]:
    """Give where this toolbuilder comes from, and whether others can see that commit as far as is known here."""
    return installed_from(PACKAGE)


def merger(tree: Worktree) -> Merge:
    """Give what merges a file three ways."""
    return partial(merge_versions, tree.git)


def rendered(source: Source, branch: str) -> Mapping[str, bytes]:
    """Give the files that make a repository one of toolbuilder's; always from its own template, never a tool's."""
    folder = next(place for place in (SHIPPED / "templates", PACKAGE.parent / "templates") if place.is_dir())
    return LazyScaffolder(folder, of_repository=True).render(
        TEMPLATE, answers_of(source, branch, Settings.model_fields)
    )
