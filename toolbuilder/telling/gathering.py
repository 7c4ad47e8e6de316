"""Gathering what is told of a tool: its branch, surveyed as a build does, its stage commits and its journal."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from pydantic import ValidationError

from toolbuilder.brief import brief_of
from toolbuilder.build import Order, Workshop
from toolbuilder.commits import branch_of, spec_path
from toolbuilder.errors import FileIsWrong, Problem
from toolbuilder.history import MANIFEST, Done
from toolbuilder.metacognition import DIAGNOSE, Diagnosis
from toolbuilder.metrics import ANY_STAGE, spent
from toolbuilder.ports import Ahead, LogEntry, Repository
from toolbuilder.schema import canonical_json, digest
from toolbuilder.spec import Spec
from toolbuilder.spec.file import parse_spec
from toolbuilder.spending import Bought, bought_by
from toolbuilder.stages import STAGES
from toolbuilder.survey import State, survey
from toolbuilder.telling.edits import edits_of
from toolbuilder.telling.view import Outside, Paid, ToolView

STAGE_OF = {task.name: stage.name for stage in STAGES for task in stage.microtasks}


def gather(
    workshop: Workshop,
    tool: str,
    outside: Outside | None = None,
    history: Callable[[str], list[LogEntry]] | None = None,
    ahead: Callable[[str], Ahead] = lambda _: Ahead(),
) -> ToolView:
    """Give the view of a tool from its branch, or from HEAD where it is merged.

    `history` gives the commits of an id, newest first, where the workshop's repository cannot: a snapshot has none;
    `ahead` what a commit has beyond the default branch, where that is to be told.
    Raises FileIsWrong where neither holds its spec, or the spec cannot be read. What else is wrong is told in the view.
    """
    repository = workshop.repository
    tip = repository.resolve(branch_of(tool)) or repository.resolve("HEAD") or ""
    order = _order(repository, tip, tool)
    view = _with_journal(ToolView(tool, tip, order.spec, outside=outside or Outside()), repository)
    entries = (history or repository.log)(tip)
    edits = edits_of(repository, tool, tip, entries, ahead(tip))
    view = replace(view, commits=_stage_commits(tool, entries), edits=edits)
    try:
        return _with_state(view, survey(order, workshop, frozenset()))
    except FileIsWrong as error:
        return replace(view, unreadable=error.problems, due=STAGES[0].name, why="a record cannot be read")


def _order(repository: Repository, tip: str, tool: str) -> Order:
    path = spec_path(tool)
    source = repository.read(tip, path).get(path) if tip else None
    if source is None:
        raise FileIsWrong([Problem(path, 0, 0, f"neither branch toolbuilder/{tool} nor HEAD holds this spec")])
    return Order(parse_spec(source, path), source)


def _with_state(view: ToolView, state: State) -> ToolView:
    done, due = state.replay.done, state.replay.due
    return replace(
        view,
        artifacts=state.replay.artifacts,
        notes=_notes(done),
        due=due.stage.name if due else "",
        why=due.why if due else "",
        manifest=state.tree.manifest if MANIFEST in state.tree.files else None,
        wishes=state.tree.feedback.wishes,
    )


def _notes(done: Sequence[Done]) -> tuple[str, ...]:
    """Say what a reader should know of finished stages."""
    adopted = tuple(f"{one.stage.name} is adopted, with an edit" for one in done if one.record.adopted)
    stages = ", ".join(one.stage.name for one in done if one.outdated)
    names = dict.fromkeys(name for one in done for name in one.outdated)
    changed = " and ".join("prompts or code" if name == "stage" else name for name in names)
    outdated = f"since {stages} ran, {changed} changed; `toolbuilder run --upgrade` runs them again"
    return (*adopted, *([outdated] if stages else []))


def _with_journal(view: ToolView, repository: Repository) -> ToolView:
    bought = bought_by(repository, [view.tool])
    build = build_of(view.spec)
    earlier = [one for one in bought if one.purchase.build != build]
    mine = [one for one in bought if one.purchase.build == build]
    before = spent("earlier versions", earlier) if earlier else None
    return replace(view, paid=_paid(mine), paid_before=before, diagnoses=_diagnoses(mine))


def build_of(spec: Spec) -> str:
    """Give the digest under which the purchases for a spec are booked."""
    return digest(canonical_json(brief_of(spec)))


def _stage_commits(tool: str, entries: Iterable[LogEntry]) -> dict[str, LogEntry]:
    """Give the newest commit of each stage; entries come newest first."""
    mine = [entry for entry in entries if entry.trailers.get("Toolbuilder-Tool") == tool]
    return {entry.trailers.get("Toolbuilder-Stage", ""): entry for entry in reversed(mine)}


def _paid(bought: Iterable[Bought]) -> tuple[Paid, ...]:
    names = [stage.name for stage in STAGES] + [ANY_STAGE]

    def place(one: Bought) -> tuple[int, str]:
        return names.index(STAGE_OF.get(one.microtask, ANY_STAGE)), one.answer.model

    groups = groupby(sorted(bought, key=place), place)
    return tuple(Paid(names[stage], spent(model, list(group))) for (stage, model), group in groups)


def _diagnoses(bought: Iterable[Bought]) -> tuple[Diagnosis, ...]:
    return tuple(
        diagnosis for one in bought if one.microtask == DIAGNOSE.name for diagnosis in _diagnosis(one.answer.text)
    )


def _diagnosis(text: str) -> list[Diagnosis]:
    try:
        return [Diagnosis.model_validate_json(text)]
    except ValidationError:  # a model's answer that fitted no schema was paid for all the same
        return []
