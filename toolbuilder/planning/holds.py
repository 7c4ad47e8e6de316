"""What holds a tool back: a stop that still stands, or a person who closed its pull request."""

from collections.abc import Mapping, Sequence

from toolbuilder.commits import branch_of, spec_path
from toolbuilder.joining import JOIN, place_of, places
from toolbuilder.planning.standing import Standing, View
from toolbuilder.planning.verdict import Verdict
from toolbuilder.ports import PullRequest
from toolbuilder.runs import Stop, record_of
from toolbuilder.survey import place_at

WITHDRAWN = "toolbuilder:withdrawn"  # the label of pull requests that toolbuilder itself has closed


def newest_by_tool(pull_requests: Sequence[PullRequest]) -> Mapping[str, PullRequest]:
    """Give the newest pull request of each tool; they come newest first."""
    start = branch_of("").removeprefix("refs/heads/")
    return {one.branch.removeprefix(start): one for one in reversed(pull_requests) if one.branch.startswith(start)}


def stop_at(found: Verdict, standing: Standing, view: View) -> Stop | None:
    """Give why the last build of a tool stopped, if what is to be done now starts from the same place.

    A build begins with joining what the default branch brought, whichever stage is due then. Who was asked is not
    known here, since the keys of models are not: a stop holds whichever ladder was used.
    """
    record = record_of(view.snapshot, found.tool)
    if record.stopped is None:
        return None
    if record.stage == JOIN:
        return record.stopped_at(_place_of_join(found.tool, record.stopped, standing.tip, view))
    stage = next(one for one in view.workshop.stages if one.name == found.stage)
    known = (place_at(found.spec, standing.tip, stage, standing.tools, ladder) for ladder in view.ladders)
    return next((stop for place in known if (stop := record.stopped_at(place))), None)


def _place_of_join(tool: str, stop: Stop, tip: str, view: View) -> str:
    """Name all that decides how a tool's branch joins the default branch now; empty for a tool without a branch."""
    snapshot, head = view.snapshot, view.snapshot.resolve("HEAD")
    if not tip or not head:
        return ""
    ids = (snapshot.id_of(head, path) or "" for path in places(tool, stop.paths))
    return place_of(tip, head, (snapshot.parted(tip, head) or "", *ids))


def closed_by(tool: str, blob: str, pull_request: PullRequest | None, view: View) -> str:
    """Say that a person has closed the pull request of a tool for the spec as it is; empty if nobody has."""
    if pull_request is None or pull_request.state != "closed" or WITHDRAWN in pull_request.labels:
        return ""
    said = f"pull request #{pull_request.number} was closed for this version of the spec"
    if view.snapshot.resolve(pull_request.tip) is None:
        return f"{said}, or for one before: its commit {pull_request.tip[:12]} is not here to tell"
    return said if view.snapshot.id_of(pull_request.tip, spec_path(tool)) == blob else ""
