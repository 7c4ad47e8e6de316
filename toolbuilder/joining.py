"""Joining: what the default branch says of a tool since its branch began is merged into that branch, never rebased."""

from toolbuilder.build import Order, Workshop
from toolbuilder.commits import branch_of, folder_of, move_branch, spec_in_force, spec_path
from toolbuilder.errors import NeedsPerson, RaceLost
from toolbuilder.events import Joined
from toolbuilder.history import MANIFEST, Tree
from toolbuilder.ports import Repository


def join(order: Order, workshop: Workshop) -> None:
    """Merge HEAD into a tool's branch, where it has other news of the spec or the tool than the branch has.

    A branch that HEAD has taken in is moved forward to it. Raises NeedsPerson naming the files in conflict.
    """
    repository, tool = workshop.repository, order.spec.name
    tip, head = repository.resolve(branch_of(tool)), repository.resolve("HEAD")
    if workshop.joiner is None or tip is None or head is None:
        return
    folder, spec = folder_of(tool), spec_path(tool)
    theirs = repository.read(head, spec).get(spec)
    if theirs is None or not workshop.joiner.news(tip, head, (spec, folder)):
        return
    message = f"{tool}: merge the default branch\n\nToolbuilder-Tool: {tool}\n"
    try:
        joined = workshop.joiner.join(tip, head, folder, _agreed(repository, tool, tip, theirs), message)
        move_branch(repository, tool, joined, tip, tip)
    except RaceLost:
        join(order, workshop)
    except NeedsPerson as error:
        name = branch_of(tool).removeprefix("refs/heads/")
        by_hand = f"Type `git switch {name} && git merge {head[:12]}`, settle the conflict, commit, and run again."
        raise NeedsPerson(error.message, findings=error.findings, advice=by_hand) from None
    else:
        workshop.tell(Joined(tool, joined))


def _agreed(repository: Repository, tool: str, tip: str, theirs: bytes) -> dict[str, bytes]:
    """Give the spec as both branches are to have it: its base is what was last built, not where the branches parted."""
    path, record = spec_path(tool), f"{folder_of(tool)}{MANIFEST}"
    written = repository.read(tip, record)
    manifest = Tree(folder_of(tool), {MANIFEST: written[record]}).manifest if record in written else None
    if manifest is None:
        return {}
    return {path: spec_in_force(repository, manifest, repository.read(tip, path).get(path), theirs, tip)}
