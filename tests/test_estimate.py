import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.bought import PaidEngine, bought
from tests.pipeline_world import SPEC, World
from toolbuilder.adapters.offline.backend import OfflineBackend
from toolbuilder.build import Order
from toolbuilder.estimate import Estimate, Forecast, estimate, forecast, mean_answers
from toolbuilder.foresight import Foreseen
from toolbuilder.ports import Question
from toolbuilder.pricing import Model
from toolbuilder.spec.file import parse_spec
from toolbuilder.spending import Bought, bought_by
from toolbuilder.stages import STAGES
from toolbuilder.stages.architecture import ARCHITECTURE
from toolbuilder.stages.requirements import REQUIREMENTS

QUESTION = Question("write_module", "i" * 350, "c" * 350, "{}" * 175, "s" * 350, deadline=10, max_tokens=1_000)


def per_token(price: int) -> Model:
    return Model("shop", f"shop-{price}", lambda _, usage: Decimal(price * (usage.input_tokens + usage.output_tokens)))


SMALL, LARGE = per_token(1), per_token(10)
UNPRICED = Model("shop", "shop-?", lambda _model, _usage: None)
PAID = Foreseen("generation", QUESTION, 350, free=False)
FREE = replace(PAID, free=True)


def estimated(
    world: World,
    models: Sequence[Model] = (SMALL, LARGE),
    past: Sequence[Bought] = (),
    ladder: tuple[str, ...] = ("small", "large"),
) -> Estimate:
    order = Order(parse_spec(SPEC.encode(), "specs/dedupe.yaml"), SPEC.encode())
    return asyncio.run(estimate(order, replace(world.workshop, ladder=ladder), OfflineBackend(), models, past))


def test_a_forecast_counts_tokens_and_prices_only_what_is_paid_for() -> None:
    found = forecast("generation", [PAID, FREE], [SMALL, LARGE], {})

    assert (found.calls, found.free_calls, found.input_tokens, found.output_tokens) == (2, 1, 400, 100)
    assert found.low_usd == pytest.approx(500 * 0.7)
    assert found.expected_usd == pytest.approx(500 + 0.25 * 5_000)


def test_the_high_amount_is_what_a_budget_would_reserve_on_every_rung() -> None:
    found = forecast("generation", [PAID, PAID], [SMALL, LARGE], {})
    reserved = [model.worst(QUESTION) or 0 for model in (SMALL, LARGE)]

    assert found.high_usd == float(2 * sum(reserved))


def test_low_expected_and_high_are_in_their_order() -> None:
    found = forecast("generation", [PAID], [SMALL], {})

    assert found.low_usd is not None
    assert found.expected_usd is not None
    assert found.high_usd is not None
    assert 0 < found.low_usd < found.expected_usd < found.high_usd


def test_past_answers_say_how_long_the_next_will_be_up_to_the_limit() -> None:
    assert forecast("x", [PAID], [SMALL], {"write_module": 777.4}).output_tokens == 777
    assert forecast("x", [PAID], [SMALL], {"write_module": 9_999}).output_tokens == 1_000
    assert forecast("x", [PAID], [SMALL], {"write_tests": 9_999}).output_tokens == 100


def test_the_mean_of_past_answers_leaves_out_calls_that_brought_none() -> None:
    def long(tokens: int) -> Bought:
        one = bought(1)
        return replace(one, answer=replace(one.answer, output_tokens=tokens))

    assert mean_answers([long(100), long(300), bought(1, answered=False)]) == {"write_module": 200}


def test_an_unknown_price_makes_the_amount_unknown_and_not_zero() -> None:
    found = forecast("x", [PAID], [SMALL, UNPRICED], {})

    assert (found.expected_usd, found.high_usd) == (None, None)
    assert found.low_usd is not None
    assert forecast("x", [FREE], [UNPRICED], {}).high_usd == 0


def test_without_a_paid_rung_nothing_costs_anything_and_what_is_not_free_still_shows() -> None:
    assert forecast("x", [PAID, FREE], [], {}) == Forecast("x", 2, 1, 0, 0, 0.0, 0.0, 0.0)


def test_every_stage_that_is_left_has_a_row_and_the_rows_add_up(git_repo: Path) -> None:
    found = estimated(World(git_repo, stages=STAGES))

    assert [row.stage for row in found.stages] == [stage.name for stage in STAGES]
    for name in ("calls", "free_calls", "input_tokens", "output_tokens", "low_usd", "expected_usd", "high_usd"):
        assert getattr(found.total, name) == pytest.approx(sum(getattr(row, name) for row in found.stages))
    assert (found.total.calls, found.total.free_calls, found.past) == (11, 0, None)


def test_what_the_embedded_engine_answers_is_free_where_it_is_on_the_ladder(git_repo: Path) -> None:
    total = estimated(World(git_repo, stages=STAGES), ladder=("offline", "small", "large")).total

    assert (total.free_calls, total.high_usd) == (total.calls, 0)


def test_an_estimate_changes_nothing_and_buys_nothing(git_repo: Path) -> None:
    world = World(git_repo, stages=STAGES)
    estimated(world)

    assert world.asked == []
    assert not any(git_repo.rglob("*toolbuilder*"))


def paid_build(folder: Path) -> tuple[World, tuple[Bought, ...]]:
    """Build two stages at a cent a question; give the world, and what was bought."""
    world = World(folder, PaidEngine(), stages=(REQUIREMENTS, ARCHITECTURE))
    world.build()
    return world, bought_by(world.workshop.repository, ["dedupe"])


def test_a_finished_build_costs_nothing_more_and_shows_how_far_off_an_estimate_would_be(git_repo: Path) -> None:
    world, past = paid_build(git_repo)
    found = estimated(world, past=past)

    assert (found.total.calls, found.total.high_usd) == (0, 0)
    assert found.past is not None
    assert found.past.real_usd == pytest.approx(0.07)
    assert found.past.error == pytest.approx(found.past.estimated_usd / 0.07 - 1)


def test_the_error_is_not_flattered_by_knowing_the_build_itself(git_repo: Path) -> None:
    world, past = paid_build(git_repo)
    stranger = bought(0, tool="another", microtask="identify_problem")
    shorter = replace(stranger, answer=replace(stranger.answer, output_tokens=0))
    alone, advised = estimated(world, past=past).past, estimated(world, past=(*past, shorter)).past

    assert alone is not None
    assert advised is not None
    assert alone.estimated_usd == estimated(world, past=(*past, *past)).past.estimated_usd  # type: ignore[union-attr]
    assert advised.estimated_usd < alone.estimated_usd


def test_an_unfinished_build_is_no_measure(git_repo: Path) -> None:
    world, past = paid_build(git_repo)
    longer = replace(world, stages=STAGES)

    assert estimated(longer, past=past).past is None


def test_journalled_answers_are_free_even_if_the_branch_is_lost(git_repo: Path, git: Callable[..., str]) -> None:
    world, _ = paid_build(git_repo)
    git(git_repo, "update-ref", "-d", "refs/heads/toolbuilder/dedupe")
    found = estimated(world)

    assert (found.total.calls, found.total.free_calls) == (7, 7)
