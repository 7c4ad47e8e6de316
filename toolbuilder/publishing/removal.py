"""Removing a tool whose spec is gone: a branch that deletes its folder is proposed, nothing is deleted directly."""

from toolbuilder.commits import folder_of, spec_path
from toolbuilder.errors import RaceLost, RepositoryError
from toolbuilder.ports import Commit, Repository
from toolbuilder.publishing.decision import REMOVALS
from toolbuilder.schema import digest_files


def removal_ref(tool: str) -> str:
    """Give the ref of the branch that removes a tool."""
    return f"refs/heads/{REMOVALS}{tool}"


def put_removal(repository: Repository, tool: str) -> str:
    """Make the branch delete what the default branch, HEAD, holds of the tool now; give its tip.

    A branch that does so already stays as it is. Raises RaceLost when somebody else moves it.
    """
    ref, head = removal_ref(tool), repository.resolve("HEAD")
    if head is None:
        raise RepositoryError("the repository has no commit yet")
    tip = repository.resolve(ref)
    if tip and would_delete(repository, tip, tool) == _held(repository, head, tool) and not _merged(repository, tip):
        return tip
    parents = (head, *([tip] if tip else []))  # never forced: what was there stays in history
    removed = (folder_of(tool).rstrip("/"),)
    commit = repository.write(Commit(parents, f"{tool}: remove\n\nToolbuilder-Tool: {tool}\n", {}, removed))
    try:
        repository.swap(ref, commit, tip)
    except RaceLost:
        return put_removal(repository, tool)
    return commit


def would_delete(repository: Repository, tip: str, tool: str) -> str:
    """Name what a branch that removes a tool deletes; empty where that cannot be told."""
    parent = repository.resolve(f"{tip}^1")
    return _held(repository, parent, tool) if parent else ""


def is_refused(repository: Repository, tip: str, tool: str) -> bool:
    """Say whether what a closed removal would have deleted is what the default branch holds now."""
    head = repository.resolve("HEAD")
    return bool(head) and would_delete(repository, tip, tool) == _held(repository, head or "", tool)


def removal_text(tool: str) -> tuple[str, str]:
    """Give title and body of the pull request that removes a tool."""
    body = (
        f"The spec `{spec_path(tool)}` is gone from the default branch. This deletes what was built from it, "
        f"`{folder_of(tool)}`, and nothing else.\n\n"
        f"- **Remove it**: merge this. Every commit of the tool is kept under `refs/toolbuilder/log/{tool}`.\n"
        f"- **Keep it**: close this, and it is left alone as long as the tool stays as it is; "
        f"or put `{spec_path(tool)}` back, and this is withdrawn."
    )
    return f"{tool}: remove, as its spec is gone", body


def _merged(repository: Repository, tip: str) -> bool:
    return any(entry.commit == tip for entry in repository.log("HEAD"))


def _held(repository: Repository, commit: str, tool: str) -> str:
    return digest_files(repository.read(commit, folder_of(tool)))
