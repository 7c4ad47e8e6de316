"""The product: a build is a fold of stages over git history.

Replay what the branch says is done, run the stage that is due, put its result before the gate, make it one commit,
and move the branch by compare-and-swap; whoever loses that race reads everything again and keeps the paid answers.
"""

import asyncio
from dataclasses import replace
from typing import Any

from toolbuilder.brief import brief_of
from toolbuilder.build import Built, Order, Workshop
from toolbuilder.commits import branch_of
from toolbuilder.errors import AnswerRejected, NeedsPerson, RaceLost
from toolbuilder.events import Asked, Raced, Rejected, StageKept, StageLanded, StageStarted
from toolbuilder.feedback import able_to_heed, heard
from toolbuilder.history import AnyStage
from toolbuilder.joining import join
from toolbuilder.landing import land
from toolbuilder.metacognition import another_attempt
from toolbuilder.microtask import Runner
from toolbuilder.ports import ModelBackend
from toolbuilder.runs import Run, held
from toolbuilder.schema import canonical_json
from toolbuilder.stage import Attempt, Produced
from toolbuilder.survey import State, context, place_of, survey
from toolbuilder.tracing import span


async def build(order: Order, workshop: Workshop) -> Built:
    """Build a tool as far as ordered; finished stages are kept, not run again.

    Raises NeedsPerson, FileIsWrong, BudgetReached or another ToolbuilderError; what was finished stays committed.
    """
    with span("build", tool=order.spec.name):
        run = Run(workshop.repository, order.spec.name, workshop.claimant, hurried=workshop.hurried)
        async with held(run):
            return await _build(order, workshop, run)


async def _build(order: Order, workshop: Workshop, run: Run) -> Built:
    again = names_from(workshop.stages, order.again)
    landed: dict[str, str] = {}
    await asyncio.to_thread(join, order, workshop, run)
    state = await asyncio.to_thread(heard, order, workshop, again, run)
    backend = workshop.backend(state.spec)
    if order.upgrade:
        again |= {done.stage.name for done in state.replay.done if done.outdated}
        state = await asyncio.to_thread(survey, order, workshop, again)
    tell_kept(state, workshop)
    while (stage := due(state, order, workshop)) is not None:
        place = place_of(state, stage, workshop.ladder)
        await asyncio.to_thread(run.begin, stage.name, place, afresh=bool(order.again))
        produced, runner = await advance(state, stage, backend, workshop)
        try:
            commit = await asyncio.to_thread(land, state, stage, produced, runner, workshop)
        except RaceLost:
            workshop.tell(Raced(order.spec.name, stage.name))
        else:
            again -= {stage.name}
            landed[stage.name] = commit
            workshop.tell(StageLanded(order.spec.name, stage.name, commit, unchanged=commit == state.parent))
        state = await asyncio.to_thread(survey, order, workshop, again)
    return ended(state, landed)


async def advance(
    state: State, stage: AnyStage, backend: ModelBackend, workshop: Workshop
) -> tuple[Produced[Any], Runner]:
    """Run the stage that is due until its result passes the gate. Raises NeedsPerson when it will not."""
    tool = state.spec.name
    workshop.tell(StageStarted(tool, stage.name, state.replay.due.why if state.replay.due else ""))
    wishes = state.tree.feedback.of(stage.name)
    runner = Runner(
        backend,
        canonical_json(brief_of(state.spec)),
        able_to_heed(workshop.ladder) if wishes else workshop.ladder,
        lambda microtask: workshop.tell(Asked(tool, stage.name, microtask)),
    )
    here = replace(context(state.spec, state.tree, workshop, runner, state.replay.artifacts), wishes=wishes)
    while True:
        try:
            with span("stage", tool=tool, stage=stage.name):
                produced = await stage.run(here)
        except AnswerRejected as error:
            raise NeedsPerson(f"{stage.name}: no usable answer", findings=[str(error)]) from error
        files = {**state.tree.tool, **produced.files, **produced.repairs}
        findings = stage.judge(here, produced.artifact, files)
        if not findings:
            return produced, runner
        workshop.tell(Rejected(tool, stage.name, len(findings)))
        attempts = (*here.attempts, Attempt(tuple(findings), produced.repairs, here.advice))
        advice = await another_attempt(runner, stage.name, attempts)
        here = replace(here, attempts=attempts, advice=advice)


def due(state: State, order: Order, workshop: Workshop) -> AnyStage | None:
    """Give the stage to run now, or None when all that was ordered is done."""
    names = [stage.name for stage in workshop.stages]
    waiting = state.replay.due
    if waiting is None or (order.until and names.index(waiting.stage.name) > names.index(order.until)):
        return None
    return waiting.stage


def names_from(stages: tuple[AnyStage, ...], first: str | None) -> frozenset[str]:
    """Give the names of a stage and all that follow; none without a first one."""
    names = [stage.name for stage in stages]
    return frozenset(names[names.index(first) :]) if first else frozenset()


def tell_kept(state: State, workshop: Workshop) -> None:
    """Tell which stages were found finished."""
    for done in state.replay.done:
        workshop.tell(StageKept(state.spec.name, done.stage.name, "; ".join(done.notes)))


def ended(state: State, landed: dict[str, str]) -> Built:
    """Say what a build ended with."""
    tool = state.spec.name
    return Built(tool, branch_of(tool), state.tip or state.parent, state.replay.done, landed, state.replay.due is None)
