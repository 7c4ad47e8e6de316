"""Branches that change what is not their tool's: nothing that is built does that, so a person has to look first."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from toolbuilder.commits import folder_of, spec_path
from toolbuilder.errors import RepositoryError
from toolbuilder.ports import Ahead
from toolbuilder.publishing.decision import Decision


def outside(paths: Iterable[str], tool: str) -> tuple[str, ...]:
    """Give the paths that belong neither to a tool's folder nor to its spec."""
    return tuple(path for path in paths if path != spec_path(tool) and not path.startswith(folder_of(tool)))


def kept_drafts(decisions: Sequence[Decision], ahead: Callable[[str], Ahead]) -> list[Decision]:
    """Keep a pull request a draft as long as its branch changes files that are not its tool's."""
    return [_kept_draft(one, ahead) for one in decisions]


def _kept_draft(decision: Decision, ahead: Callable[[str], Ahead]) -> Decision:
    if decision.removal or decision.action not in {"open", "update"}:
        return decision
    try:
        strays = outside(ahead(decision.tip).paths, decision.tool)
    except RepositoryError as error:
        return replace(decision, draft=True, why=f"{decision.why}; what it changes cannot be told: {error}")
    why = f"{decision.why}; it changes files outside {folder_of(decision.tool)}: {len(strays)}"
    return replace(decision, draft=True, why=why) if strays else decision
