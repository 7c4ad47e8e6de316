import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from tests.bought import MORNING, NEXT_DAY, PaidEngine, bought
from tests.pipeline_world import World
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.metrics import committed_usd, metrics_of, spent
from toolbuilder.ports import Commit
from toolbuilder.spending import Bought, bought_by
from toolbuilder.stages import STAGES
from toolbuilder.stages.architecture import ARCHITECTURE
from toolbuilder.stages.requirements import REQUIREMENTS


def cached(one: Bought, read: int, written: int) -> Bought:
    return replace(one, answer=replace(one.answer, cache_read_tokens=read, cache_write_tokens=written))


def test_a_group_adds_calls_tokens_and_money_up() -> None:
    calls = [
        cached(bought(0.5), 60, 10),
        bought(0.25, cost="at most", answered=False),
        bought(0, cost="unknown"),
    ]
    row = spent("total", calls)

    assert (row.calls, row.unanswered_calls, row.unpriced_calls) == (3, 1, 1)
    assert (row.input_tokens, row.output_tokens, row.cache_read_tokens, row.cache_write_tokens) == (300, 60, 60, 10)
    assert (row.usd, row.at_most_usd, row.cache_hit_share) == (0.75, 0.25, 0.2)


def test_an_empty_group_has_a_cache_share_of_nothing() -> None:
    assert spent("total", []).cache_hit_share == 0


def test_calls_are_grouped_every_way_the_dearest_first_and_days_in_order() -> None:
    calls = [
        bought(1, at=NEXT_DAY),
        bought(2, tool="another", microtask="review_code", at=MORNING),
        bought(0.5, microtask="diagnose", at=NEXT_DAY),
        bought(0.25, microtask="of_an_older_version", at=NEXT_DAY),
    ]
    found = metrics_of(calls, STAGES, {})

    def shown(rows: object) -> list[tuple[str, float]]:
        return [(row.name, row.usd) for row in rows]  # type: ignore[attr-defined]

    assert shown([found.total]) == [("total", 3.75)]
    assert shown(found.tools) == [("another", 2), ("tool", 1.75)]
    assert shown(found.stages) == [("verification", 2), ("generation", 1), ("any stage", 0.5), ("unknown", 0.25)]
    assert [row.name for row in found.microtasks] == ["review_code", "write_module", "diagnose", "of_an_older_version"]
    assert shown(found.models) == [("shop-1", 3.75)]
    assert shown(found.days) == [("2026-03-01", 2), ("2026-03-02", 1.75)]


@pytest.mark.parametrize("group", ["tools", "stages", "microtasks", "models", "days"])
def test_every_group_adds_up_to_the_total(group: str) -> None:
    calls = [bought(0.1 * number, tool=f"t{number % 3}", at=(MORNING, NEXT_DAY)[number % 2]) for number in range(20)]
    found = metrics_of(calls, STAGES, {})

    assert sum(row.usd for row in getattr(found, group)) == pytest.approx(found.total.usd)
    assert sum(row.calls for row in getattr(found, group)) == found.total.calls


def test_metrics_are_plain_json() -> None:
    found = asdict(metrics_of([bought(1)], STAGES, {"tool": 1.0}))

    assert json.loads(json.dumps(found))["tools"][0]["usd"] == 1


def test_the_trailers_of_a_build_agree_with_its_journal(git_repo: Path) -> None:
    World(git_repo, PaidEngine(), stages=(REQUIREMENTS, ARCHITECTURE)).build()
    repository = GitRepository(git_repo)
    found = metrics_of(bought_by(repository, ["dedupe"]), STAGES, committed_usd(repository, ["dedupe", "never-built"]))

    assert found.total.usd == pytest.approx(0.07)
    assert found.committed_usd == {"dedupe": 0.07}
    assert {row.name for row in found.stages} == {"requirements", "architecture"}


def test_a_trailer_that_is_no_number_counts_for_nothing(git_repo: Path) -> None:
    repository = GitRepository(git_repo)
    message = "x\n\nToolbuilder-Tool: tool\nToolbuilder-Cost-USD: a fortune\n"
    commit = repository.write(Commit((), message, {}, date="1700000000 +0000"))
    repository.swap("refs/heads/toolbuilder/tool", commit, None)

    assert committed_usd(repository, ["tool"]) == {"tool": 0}
