"""Joining: what the default branch says of a tool since its branch began is merged into that branch, never rebased."""

from collections.abc import Sequence

from toolbuilder.build import Order, Workshop
from toolbuilder.commits import branch_of, folder_of, move_branch, spec_in_force, spec_path
from toolbuilder.errors import MergeConflict, NeedsPerson, RaceLost
from toolbuilder.events import Joined
from toolbuilder.history import MANIFEST, Tree
from toolbuilder.ports import Joiner, Repository
from toolbuilder.runs import MOST_PATHS, Run
from toolbuilder.schema import digest

JOIN = "join"  # what a run is at before its first stage
REVISION = 1  # to be raised when the same commits come to be merged in another way


def join(order: Order, workshop: Workshop, run: Run) -> None:
    """Merge HEAD into a tool's branch, where it has other news of the spec or the tool than the branch has.

    A branch that HEAD has taken in is moved forward to it. The tool is claimed first. Raises NeedsPerson naming the
    files in conflict, ToolHeld where another run is at it.
    """
    repository, joiner, tool = workshop.repository, workshop.joiner, order.spec.name
    tip, head = repository.resolve(branch_of(tool)), repository.resolve("HEAD")
    if joiner is None or tip is None or head is None:
        return
    folder, spec = folder_of(tool), spec_path(tool)
    theirs = repository.read(head, spec).get(spec)
    if theirs is None or not joiner.news(tip, head, (spec, folder)):
        return
    place = place_of(tip, head, joiner.start(tip, head, places(tool)))
    run.begin(JOIN, place, afresh=bool(order.again), again=workshop.stages[-1].name)
    if run.ended:  # an interrupt was faster
        return
    message = f"{tool}: merge the default branch\n\nToolbuilder-Tool: {tool}\n"
    try:
        joined = joiner.join(tip, head, folder, _agreed(repository, tool, tip, theirs), message)
        move_branch(repository, tool, joined, tip, tip)
    except RaceLost:
        join(order, workshop, run)
    except NeedsPerson as error:
        raise _to_settle(error, run, tip, head, joiner) from None
    else:
        workshop.tell(Joined(tool, joined))


def places(tool: str, conflicts: Sequence[str] = ()) -> tuple[str, ...]:
    """Give the paths that decide, as the default branch has them, how both join: the tool's, and those in conflict."""
    return (spec_path(tool), folder_of(tool), *conflicts[:MOST_PATHS])


def place_of(tip: str, head: str, start: Sequence[str]) -> str:
    """Name all that decides how a branch and the default branch join: as long as it is the same, so is how that ends.

    `start` is the commit where both parted, and the object ids of `places` on the default branch. A file in conflict
    stays so as long as nobody touches it. Where the default branch has none of these files, git may find any new one
    to be a renamed one of them: then every commit there counts.
    """
    in_conflict = start[1 + len(places("")) :]
    lost = in_conflict and not any(in_conflict)
    return digest(JOIN, REVISION, tip, *start, head if lost else "")


def _to_settle(error: NeedsPerson, run: Run, tip: str, head: str, joiner: Joiner) -> NeedsPerson:
    """Say how a person settles what cannot be joined, and make the run's place tell of the files in conflict."""
    name = branch_of(run.tool).removeprefix("refs/heads/")
    by_hand = f"Type `git switch {name} && git merge {head[:12]}`, settle the conflict, commit, and run again."
    if not isinstance(error, MergeConflict):
        return NeedsPerson(error.message, findings=error.findings, advice=by_hand)
    run.place = place_of(tip, head, joiner.start(tip, head, places(run.tool, error.paths)))
    return MergeConflict(error.message, paths=error.paths, advice=by_hand)


def _agreed(repository: Repository, tool: str, tip: str, theirs: bytes) -> dict[str, bytes]:
    """Give the spec as both branches are to have it: its base is what was last built, not where the branches parted."""
    path, record = spec_path(tool), f"{folder_of(tool)}{MANIFEST}"
    written = repository.read(tip, record)
    manifest = Tree(folder_of(tool), {MANIFEST: written[record]}).manifest if record in written else None
    if manifest is None:
        return {}
    return {path: spec_in_force(repository, manifest, repository.read(tip, path).get(path), theirs, tip)}
