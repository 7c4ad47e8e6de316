"""What becomes of a run that ends in the middle: the next one, on another machine, goes on and buys nothing twice.

What was bought is counted where it was sold. Runs end at a point that the remote shows: an answer of the second stage
has been pushed.
"""

import json
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.actions.hub import Hub, descendants
from tests.actions.scene import DISPATCH, JOURNAL, LOG, STAGES, TIP, TOOL, git, open_pulls, stages_on
from tests.paid_provider import KEY, Provider
from tests.served import served

pytestmark = pytest.mark.slow

BUY = DISPATCH | {"tool": TOOL, "engine": "anthropic"}


@pytest.fixture
def shop(fresh_hub: Hub) -> Iterator[Provider]:
    """Give the provider that the runs of the hub buy from."""
    provider = Provider()
    with served(provider) as address:
        fresh_hub.settings = {"ANTHROPIC_BASE_URL": address}
        fresh_hub.secrets = {"ANTHROPIC_API_KEY": KEY}
        yield provider


def journalled(hub: Hub) -> int:
    """Give the number of answers that the remote keeps."""
    return len(git(hub, "ls-tree", "-r", "--name-only", JOURNAL, "answers/").splitlines())


def in_the_second_stage(hub: Hub, act: Callable[[], None]) -> Callable[[frozenset[str]], None]:
    """Do something once, when the first answer after the first stage has reached the remote."""
    kept: list[int] = []

    def landed(moved: frozenset[str]) -> None:
        if TIP in moved:
            kept.append(journalled(hub))
        if len(kept) == 1 and JOURNAL in moved and journalled(hub) > kept[0]:
            kept.append(0)
            act()

    return landed


def bought_twice(shop: Provider) -> int:
    questions = [json.dumps(body, sort_keys=True) for body in shop.bodies]
    return len(questions) - len(set(questions))


def cancel(hub: Hub) -> None:
    """Interrupt what the step has started, as GitHub's runner does with a run that is cancelled."""
    assert hub.running
    for process in descendants(hub.running.pid)[1:]:
        parent = int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
        if parent == hub.running.pid:
            os.kill(process, signal.SIGINT)


def test_a_machine_that_loses_power_costs_only_what_was_under_way(fresh_hub: Hub, shop: Provider) -> None:
    fresh_hub.host.landed = in_the_second_stage(fresh_hub, fresh_hub.kill)
    assert fresh_hub.run("workflow_dispatch", inputs=BUY) == -signal.SIGKILL
    assert stages_on(fresh_hub) == STAGES[:1]
    under_way = len(shop.bodies) - journalled(fresh_hub)
    assert fresh_hub.run("workflow_dispatch", inputs=BUY) == 0, fresh_hub.log()
    assert stages_on(fresh_hub) == STAGES
    assert len(open_pulls(fresh_hub)) == 1
    assert bought_twice(shop) <= under_way


def test_a_journal_that_is_lost_is_noticed(fresh_hub: Hub, shop: Provider) -> None:
    fresh_hub.host.landed = in_the_second_stage(fresh_hub, fresh_hub.kill)
    fresh_hub.run("workflow_dispatch", inputs=BUY)
    under_way = len(shop.bodies) - journalled(fresh_hub)
    for ref in (JOURNAL, LOG, TIP):
        git(fresh_hub, "update-ref", "-d", ref)
    fresh_hub.host.landed = in_the_second_stage(fresh_hub, fresh_hub.kill)
    fresh_hub.run("workflow_dispatch", inputs=BUY)
    assert bought_twice(shop) > under_way


def test_a_cancelled_run_stops_at_once_and_saves_what_is_paid(fresh_hub: Hub, shop: Provider) -> None:
    fresh_hub.host.landed = in_the_second_stage(fresh_hub, lambda: cancel(fresh_hub))
    assert fresh_hub.run("workflow_dispatch", inputs=BUY) != 0
    assert stages_on(fresh_hub) == STAGES[:1]
    assert len(shop.bodies) == journalled(fresh_hub)


@pytest.mark.usefixtures("shop")
def test_a_shell_that_stands_before_toolbuilder_is_noticed(fresh_hub: Hub) -> None:
    sound = 'exec "$COMMIT_AS" toolbuilder "${arguments[@]}" -- "${tools[@]}"\n\n  verify:'
    fresh_hub.sabotage("workflows/toolbuilder.yml", sound, sound.replace("exec ", "").replace("\n\n", "; true\n\n"))
    cancelled = in_the_second_stage(fresh_hub, lambda: cancel(fresh_hub))

    def landed(moved: frozenset[str]) -> None:
        cancelled(moved)
        if TIP in moved and len(stages_on(fresh_hub)) > 1:
            fresh_hub.kill()

    fresh_hub.host.landed = landed
    fresh_hub.run("workflow_dispatch", inputs=BUY)
    assert stages_on(fresh_hub) == STAGES[:2], "the sound one had stopped before the second stage was done"
