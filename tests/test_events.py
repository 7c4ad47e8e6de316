from dataclasses import FrozenInstanceError, fields
from pathlib import Path
from typing import get_args

import pytest

from tests.pipeline_world import NAMES, World
from toolbuilder.events import Asked, BatchSent, Event, Joined, Raced, StageKept, StageLanded, StageStarted

OF_NO_STAGE = {Joined: ["tool", "commit"], BatchSent: ["questions", "batch"]}


@pytest.mark.parametrize("kind", get_args(Event))
def test_every_event_names_tool_and_stage_where_it_has_one_and_stays_as_it_was_told(kind: type[Raced]) -> None:
    assert [one.name for one in fields(kind)][:2] == OF_NO_STAGE.get(kind, ["tool", "stage"])
    event = Raced("dedupe", "generation")
    with pytest.raises(FrozenInstanceError):
        event.tool = "other"  # type: ignore[misc]  # this is what must not work


def test_a_build_tells_what_it_does_in_order(git_repo: Path) -> None:
    world = World(git_repo)
    built = world.build()
    for stage in NAMES:
        first, *asked, last = [event for event in world.told if getattr(event, "stage", "") == stage]
        assert first == StageStarted("dedupe", stage, "not built yet")
        assert all(isinstance(event, Asked) for event in asked)
        assert last == StageLanded("dedupe", stage, built.landed[stage])
    assert [event.stage for event in world.told if isinstance(event, StageLanded)] == list(NAMES)


def test_a_second_build_tells_that_nothing_was_done(git_repo: Path) -> None:
    World(git_repo).build()
    again = World(git_repo)
    again.build()
    assert {type(event) for event in again.told} == {StageKept}
