"""The plan: level-triggered, so that a lost event costs nothing; it compares what is wanted with what is there."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from toolbuilder.build import Order
from toolbuilder.commits import branch_of, folder_of, spec_path
from toolbuilder.errors import FileIsWrong, Problem, RepositoryError, ToolbuilderError
from toolbuilder.history import MANIFEST
from toolbuilder.patterns import chosen
from toolbuilder.planning.gone import TOOLS, gone, renamings
from toolbuilder.planning.holds import closed_by, newest_by_tool, stop_at
from toolbuilder.planning.news import has_news
from toolbuilder.planning.paid import paid_for
from toolbuilder.planning.standing import NOT_BUILT, Standing, View, standing_of, unread
from toolbuilder.planning.verdict import Verdict
from toolbuilder.ports import PullRequest, Snapshot
from toolbuilder.spec.file import parse_spec
from toolbuilder.stages import STAGES
from toolbuilder.yaml_files.broken import near_miss

SPECS = "specs"
SUFFIX = ".yaml"
FIRST_MEASURE = next(stage.name for stage in STAGES if stage.measures)  # what another file makes due at the latest


@dataclass(frozen=True)
class Wanted:
    """What a person asks of a plan: which tools (none: all), and what is to be done with them in any case."""

    tools: tuple[str, ...] = ()
    asked: bool = False  # they were asked for: neither a stop nor a closed pull request holds them back
    again: str = ""  # the stage from which they are to be built again
    upgrade: bool = False  # what is outdated is to be built


@dataclass(frozen=True)
class Tool:
    """A tool as the default branch has it, and what is known of it beside its branch."""

    name: str
    blob: str  # the id of its spec
    folder: str | None  # the id of what the default branch holds of it
    pull_request: PullRequest | None  # the newest


def plan(view: View, wanted: Wanted, pull_requests: Sequence[PullRequest] | None = None) -> list[Verdict]:
    """Compare every spec of the default branch, which HEAD is, with what stands on its tool's branch.

    Without the list of pull requests nothing is known of those that a person has closed. Raises RepositoryError where
    there is no commit, FileIsWrong for a tool that there is not; what is wrong with one tool is its verdict.
    """
    head = view.snapshot.resolve("HEAD")
    if head is None:
        raise RepositoryError("the repository has no commit yet, so no spec; commit one under specs/ and run again")
    listed, folders = view.snapshot.children(head, SPECS), view.snapshot.children(head, TOOLS)
    blobs = {name.removesuffix(SUFFIX): blob for name, blob in sorted(listed.items()) if name.endswith(SUFFIX)}
    left = gone(view, head, blobs)
    _refuse_unknown(wanted.tools, [*blobs, *left])
    newest = newest_by_tool(pull_requests or ())
    tools = [
        Tool(name, blob, folders.get(name), newest.get(name)) for name, blob in blobs.items() if _is_in(name, wanted)
    ]
    _read_ahead(view.snapshot, head, tools)
    verdicts = [_verdict(tool, view, wanted) for tool in tools]
    return renamings(view, head, verdicts, [one for one in left.values() if _is_in(one.tool, wanted)])


def _read_ahead(snapshot: Snapshot, head: str, tools: Sequence[Tool]) -> None:
    """Read what most verdicts need, in two goes for all; else git and the plan would take turns all the time."""
    tips: dict[str, str] = {}
    for tool in tools:
        with suppress(RepositoryError):  # a broken ref is told in its tool's verdict
            tips[tool.name] = snapshot.resolve(branch_of(tool.name)) or ""
    folders = [(tips.get(tool.name) or head, folder_of(tool.name)) for tool in tools]
    specs = [(tip, spec_path(name)) for name, tip in tips.items() if tip]
    snapshot.ahead([*folders, *specs], [tool.blob for tool in tools])
    manifests: list[str] = []
    for place in folders:
        with suppress(RepositoryError):  # so is a damaged one
            manifests += filter(None, [snapshot.ids(*place).get(MANIFEST)])
    snapshot.ahead([], manifests)


def _verdict(tool: Tool, view: View, wanted: Wanted) -> Verdict:
    """Give the verdict on one tool; whatever is wrong with it is told there, and the others go on."""
    tip = None
    try:
        seen = _known(tool, view) or _read(tool, view)
    except FileIsWrong as error:
        return Verdict(tool.name, "broken", str(error), spec=tool.blob)
    try:
        tip = view.snapshot.resolve(branch_of(tool.name))
        standing = seen if isinstance(seen, Standing) else standing_of(seen, _here(tool, view))
        found = _judged(tool, tip or "", standing, view, wanted)
        return found if wanted.asked or wanted.again else _held_back(found, tool, standing, view)
    except ToolbuilderError as error:
        return Verdict(tool.name, "waits for a person", str(error), tip=tip or "", spec=tool.blob)


def _known(tool: Tool, view: View) -> Standing | None:
    """Say how far a tool is without reading its spec, where that can be; whatever is wrong is told once it is read."""
    try:
        return unread(tool.name, tool.blob, _here(tool, view))
    except ToolbuilderError:
        return None


def _read(tool: Tool, view: View) -> Order:
    """Read the spec of a tool. Raises FileIsWrong."""
    source = view.snapshot.content(tool.blob)
    order = Order(parse_spec(source, spec_path(tool.name)), source)
    chosen(order.spec, view.workshop.patterns)  # one that there is not is the spec's fault too
    return order


def _here(tool: Tool, view: View) -> View:
    """Give the view in which a tool stands: without its branch, once the default branch has taken that in."""
    tip = view.snapshot.resolve(branch_of(tool.name))
    return view.without_branch(tool.name) if tip and _taken_in(tool, tip, view) else view


def _judged(tool: Tool, tip: str, standing: Standing, view: View, wanted: Wanted) -> Verdict:
    """Say what a tool is by what stands in git."""
    found = Verdict(tool.name, "build", standing.why, standing.due, tip, due=True, spec=tool.blob)
    if wanted.again:
        return replace(found, why="asked for", stage=wanted.again, again=wanted.again)
    if standing.due:
        return found if standing.why == NOT_BUILT else replace(found, state="stale")
    if standing.outdated:
        return _outdated(found, standing, view, wanted)
    if not standing.tip or _same_on_both(tool, standing.tip, view):
        return replace(found, state="merged", due=False)
    if has_news(view.snapshot, tool.name, tool.folder, standing.tip):
        why = f"{folder_of(tool.name)} changed on the default branch"
        return replace(found, state="stale", stage=FIRST_MEASURE, why=why)
    return replace(found, state="up to date", due=False)


def _outdated(found: Verdict, standing: Standing, view: View, wanted: Wanted) -> Verdict:
    """Name what has changed since, the first stage that it concerns, and what those stages cost the last time."""
    names = dict.fromkeys(name for _, changed in standing.outdated for name in changed)
    why = f"{' and '.join('prompts or code' if name == 'stage' else name for name in names)} changed"
    stages = [stage for stage, _ in standing.outdated]
    usd = paid_for(view.snapshot, found.tip, stages) if found.tip else None
    return replace(found, state="outdated", why=why, stage=stages[0], due=wanted.upgrade, usd=usd)


def _held_back(found: Verdict, tool: Tool, standing: Standing, view: View) -> Verdict:
    """Leave alone what a person has closed, and what would only stop again where it stopped."""
    if found.state != "merged" and (why := closed_by(tool.name, tool.blob, tool.pull_request, view)):
        return replace(found, state="closed by a person", why=why, due=False)
    stop = stop_at(found, standing, view) if found.due else None
    if stop and stop.kind == "needs_person":
        return replace(found, state="waits for a person", why=stop.message, due=False)
    return replace(found, why=f"{found.why}; the last run ended: {stop.message}") if stop else found


def _taken_in(tool: Tool, tip: str, view: View) -> bool:
    """Say whether the default branch has taken in a branch and gone on: then what stands there counts."""
    one = tool.pull_request
    if tool.folder is None or _same_on_both(tool, tip, view):
        return False
    merged = one is not None and one.state == "merged" and one.tip == tip
    return merged or view.snapshot.follows(view.snapshot.resolve("HEAD") or "", tip)


def _same_on_both(tool: Tool, tip: str, view: View) -> bool:
    """Say whether a tool's branch and the default branch hold the same of it."""
    return tool.folder is not None and view.snapshot.id_of(tip, folder_of(tool.name)) == tool.folder


def _is_in(name: str, wanted: Wanted) -> bool:
    return not wanted.tools or name in wanted.tools


def _refuse_unknown(names: Sequence[str], known: Collection[str]) -> None:
    problems = [
        Problem(name, 0, 0, f"there is no such tool{near_miss(name, known)}") for name in names if name not in known
    ]
    if problems:
        raise FileIsWrong(problems)
