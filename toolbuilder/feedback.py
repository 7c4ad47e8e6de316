"""Feedback: what a person says about a stage becomes an artifact on the branch, and a part of that stage's key.

It is committed before anything runs: a build that dies has heard it all the same, and the stage stays due until it has
been run with it.
"""

from collections.abc import Set as AbstractSet
from contextlib import suppress

from pydantic import ValidationError

from toolbuilder.artifacts import Feedback, Wish
from toolbuilder.build import Order, Workshop
from toolbuilder.commits import move_branch
from toolbuilder.errors import FileIsWrong, Problem, RaceLost
from toolbuilder.history import FEEDBACK
from toolbuilder.microtask import OFFLINE
from toolbuilder.ports import Commit
from toolbuilder.runs import Run
from toolbuilder.survey import State, place_of, survey
from toolbuilder.yaml_files.models import write_model


def heard(order: Order, workshop: Workshop, again: AbstractSet[str], run: Run) -> State:
    """Survey a tool once the order's feedback stands on its branch. Raises FileIsWrong for text that is none."""
    state = survey(order, workshop, again)
    wish = wish_of(order)
    while wish and (wish.text,) != state.tree.feedback.of(wish.stage)[-1:]:
        stage = next(stage for stage in workshop.stages if stage.name == wish.stage)
        run.begin(stage.name, place_of(state, stage, workshop.ladder), afresh=True)
        with suppress(RaceLost):  # whoever moved the branch may have said the same
            _keep(state, wish, workshop)
        state = survey(order, workshop, again)
    return state


def able_to_heed(ladder: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out the embedded engine, which reads no words of a person's, where a model stands behind it."""
    return tuple(rung for rung in ladder if rung != OFFLINE) or ladder


def wish_of(order: Order) -> Wish | None:
    """Give what an order asks of a stage, if anything. Raises FileIsWrong for text that is none, or for no stage."""
    if not order.feedback:
        return None
    if order.again is None:
        raise FileIsWrong([Problem("--feedback", 0, 0, "say which stage it is for, with --from STAGE")])
    try:
        return Wish(stage=order.again, text="\n".join(order.feedback.strip().splitlines()))
    except ValidationError as error:
        raise FileIsWrong([Problem("--feedback", 0, 0, error.errors()[0]["msg"])]) from None


def _keep(state: State, wish: Wish, workshop: Workshop) -> None:
    repository, tool = workshop.repository, state.spec.name
    feedback = Feedback(wishes=(*state.tree.feedback.wishes, wish))
    message = f"{tool}: feedback\n\nToolbuilder-Tool: {tool}\n"
    path = f"{state.tree.folder}{FEEDBACK}"
    commit = repository.write(Commit((state.parent,), message, {path: write_model(feedback)}))
    move_branch(repository, tool, commit, state.tip, state.parent)
