import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.pipeline_world import SPEC
from toolbuilder import bootstrap
from toolbuilder.build import Order
from toolbuilder.errors import AnswerMissing, BudgetReached, FileIsWrong, RepositoryError
from toolbuilder.pipeline import build
from toolbuilder.spec.file import parse_spec
from toolbuilder.stages import STAGES

Git = Callable[..., str]
ORDER = Order(parse_spec(SPEC.encode(), "specs/dedupe.yaml"), SPEC.encode(), until="requirements")


def an_engine_that_there_is_not_is_refused(folder: Path, part: Any) -> None:
    with pytest.raises(FileIsWrong, match="there is no engine 'of-line'"):
        asyncio.run(build(ORDER, part.workshop(folder, engine="of-line")))


def replay_asks_nobody(folder: Path, part: Any) -> None:
    with pytest.raises(AnswerMissing, match="run once with another engine than `replay`"):
        asyncio.run(build(ORDER, part.workshop(folder, engine="replay")))


@pytest.mark.parametrize("check", [an_engine_that_there_is_not_is_refused, replay_asks_nobody])
def test_an_engine_is_what_was_asked_for(git_repo: Path, check: Callable[[Path, Any], None]) -> None:
    check(git_repo, bootstrap)


def test_only_a_cap_of_the_day_brings_a_purse_and_it_begins_with_nothing(
    git_repo: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOOLBUILDER_RUN_USD", "2")
    assert (bootstrap.engines(git_repo).ledger.caps, bootstrap.engines(git_repo).purse) == (("run",), None)
    bootstrap.workshop(git_repo).finish()
    monkeypatch.setenv("TOOLBUILDER_DAY_USD", "1")
    made = bootstrap.engines(git_repo)
    assert made.ledger.caps == ("run", "day")
    made.finish()
    assert "refs/toolbuilder" not in git(git_repo, "for-each-ref")
    made.ledger.draw(Decimal("0.5"), "a call", datetime.now(UTC))
    assert made.ledger.reserve(Decimal("0.5"), "a call").grant
    assert "refs/toolbuilder/budget" in git(git_repo, "for-each-ref")
    with pytest.raises(BudgetReached, match=r"granted to another run .*, process "):
        bootstrap.engines(git_repo).ledger.draw(Decimal("0.5"), "a call", datetime.now(UTC))


def test_the_engine_of_the_settings_is_used_when_none_is_named(git_repo: Path) -> None:
    (git_repo / "toolbuilder.toml").write_text('engine = "replay"\n')
    with pytest.raises(AnswerMissing):
        asyncio.run(build(ORDER, bootstrap.workshop(git_repo)))


def test_a_workshop_has_the_five_stages_and_the_patterns(git_repo: Path) -> None:
    here = bootstrap.workshop(git_repo)
    assert here.stages == STAGES
    assert {"incremental_save", "microtask_executor"} <= {pattern.id for pattern in here.patterns}
    assert len(here.fingerprint("python-cli")) == 32


def test_the_repositorys_own_patterns_are_used_and_a_broken_one_is_located(git_repo: Path) -> None:
    (git_repo / "patterns").mkdir()
    (git_repo / "patterns/mine.yaml").write_text("id: mine\n")
    with pytest.raises(FileIsWrong, match=r"patterns/mine\.yaml:1:1: "):
        bootstrap.workshop(git_repo)


def test_outside_a_repository_it_is_told_what_to_type(tmp_path: Path) -> None:
    with pytest.raises(RepositoryError, match="git init"):
        bootstrap.workshop(tmp_path)


def test_answers_are_dated_by_the_commit_that_is_built_on(git_repo: Path, git: Git) -> None:
    asyncio.run(build(ORDER, bootstrap.workshop(git_repo, engine="offline")))
    dates = git(git_repo, "log", "--format=%ct", "refs/toolbuilder/journal/dedupe").split()
    assert set(dates) == {git(git_repo, "log", "-1", "--format=%ct", "HEAD")}
