"""Whole builds by batch over the real SDK: what is sent together, what it costs, and what a killed run leaves."""

import json
import random
import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from signal import SIGKILL

import pytest

from tests.batched_provider import BatchedProvider, BatchShop, Json, run
from tests.paid_provider import KEY
from tests.pipeline_world import DATE
from toolbuilder.adapters.batches.record import REF, Batch, OpenBatches, Sent, pledged
from toolbuilder.adapters.git.refs import JOURNALS, journal_tips
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.budget import Ledger
from toolbuilder.build import Built
from toolbuilder.errors import BudgetReached
from toolbuilder.grants import read_grants
from toolbuilder.purse import Purse, Sources
from toolbuilder.spending import Books, bought_by, run_cap, sum_of

ROOT = Path(__file__).parents[1]
NAMES = ("dedupe-a", "dedupe-b", "dedupe-c")
EXPIRED = {"type": "expired"}
OVERLOADED = {"type": "errored", "error": {"type": "error", "error": {"type": "overloaded_error", "message": "busy"}}}
INVALID = {"type": "errored", "error": {"type": "error", "error": {"type": "invalid_request_error", "message": "no"}}}
CANCELED = {"type": "canceled"}


@pytest.fixture
def provider(tmp_path: Path) -> BatchedProvider:
    folder = tmp_path / "provider"
    folder.mkdir()
    return BatchedProvider(folder=folder)


def spent(folder: Path, *names: str) -> Decimal:
    return sum_of(bought_by(GitRepository(folder), names))


def open_batches(folder: Path) -> int:
    return len(OpenBatches(GitRepository(folder), "0 +0000").all())


def sizes(provider: BatchedProvider) -> list[int]:
    return [len(batch["requests"]) for batch in provider.batches]


def complete(ends: object) -> bool:
    return isinstance(ends, dict) and all(isinstance(end, Built) and end.complete for end in ends.values())


def test_what_all_builds_can_ask_goes_as_one_batch_for_half_the_price(
    git_repo: Path, provider: BatchedProvider
) -> None:
    assert complete(run(BatchShop(git_repo, provider), *NAMES))
    assert sizes(provider) == [3, 6, 3, 3, 6]
    assert spent(git_repo, *NAMES) == provider.charged == provider.billed / 2 > 0
    assert open_batches(git_repo) == 0
    assert complete(run(BatchShop(git_repo, provider), *NAMES))
    assert len(provider.batches) == 5


def test_a_batch_holds_no_build_up_that_has_ended(git_repo: Path, provider: BatchedProvider) -> None:
    provider.fate = lambda batch, place: CANCELED if (batch, place) == (0, 0) else None
    ends = run(BatchShop(git_repo, provider), *NAMES)
    [stopped] = [name for name, end in ends.items() if not isinstance(end, Built)]
    assert "the batch was canceled; run again" in str(ends[stopped])
    assert complete({name: end for name, end in ends.items() if name != stopped})
    assert sizes(provider) == [3, 4, 2, 2, 4]


@pytest.mark.parametrize(("result", "most"), [(EXPIRED, 6), (OVERLOADED, 6), (INVALID, 6)])
def test_what_found_no_answer_is_asked_again_or_of_the_next_model(
    git_repo: Path, provider: BatchedProvider, result: Json, most: int
) -> None:
    provider.fate = lambda batch, place: result if (batch, place) == (1, 1) else None
    assert complete(run(BatchShop(git_repo, provider), "dedupe"))
    assert sizes(provider) == [1, 2, 1, 1, 1, 2]
    assert len(provider.batches) == most
    assert spent(git_repo, "dedupe") == provider.charged


def test_what_expires_again_and_again_is_given_up(git_repo: Path, provider: BatchedProvider) -> None:
    provider.fate = lambda _batch, _place: EXPIRED
    end = run(BatchShop(git_repo, provider), "dedupe")["dedupe"]
    assert "identify_problem: sent in 3 batches without an answer" in str(end)
    assert sizes(provider) == [1, 1, 1]
    assert spent(git_repo, "dedupe") == 0


def test_what_a_cap_has_no_room_for_yet_goes_with_a_later_batch(git_repo: Path, provider: BatchedProvider) -> None:
    ledger = Ledger().also(run_cap(0.05))
    assert complete(run(BatchShop(git_repo, provider, ledger), *NAMES))
    assert max(sizes(provider)) < 6
    assert sum(sizes(provider)) == 21
    assert spent(git_repo, *NAMES) == provider.charged == ledger.accounts[0].spent


def test_a_cap_is_not_passed_and_what_was_paid_below_it_is_kept(git_repo: Path, provider: BatchedProvider) -> None:
    ledger = Ledger().also(run_cap(0.02))
    ends = run(BatchShop(git_repo, provider, ledger), *NAMES)
    assert any(isinstance(end, BudgetReached) for end in ends.values())
    assert 0 < spent(git_repo, *NAMES) == provider.charged <= Decimal("0.02")
    assert ledger.book.open == set()
    assert complete(run(BatchShop(git_repo, provider), *NAMES))
    assert asked_twice(provider) == []


def purse_of(folder: Path, usd: str) -> Purse:
    """Give the purse of one more run in a repository."""
    repository = GitRepository(folder)
    books = Books(repository, lambda: journal_tips(folder))
    sent = lambda: pledged(OpenBatches(repository, DATE).all())  # noqa: E731
    sources = Sources(lambda _: None, (REF, sent), (JOURNALS, lambda: [one.cost for one in books.bought()]))
    return Purse(Decimal(usd), repository, sources, date=DATE)


def capped_by_the_day(folder: Path, provider: BatchedProvider, usd: str) -> set[str]:
    """Build under a cap of the day; give the grants that its purchases name."""
    purse = purse_of(folder, usd)
    run(BatchShop(folder, provider, Ledger(purse=purse, book=purse.book)), *NAMES)
    purse.give_back()
    assert read_grants(GitRepository(folder)).files == {}
    return {one.purchase.grant for one in bought_by(GitRepository(folder), NAMES)}


def test_the_cap_of_a_day_is_not_passed_by_batches_and_a_run_after_the_other_goes_on(
    git_repo: Path, provider: BatchedProvider
) -> None:
    provider.verbose = True  # every answer is as dear as it may be
    first = capped_by_the_day(git_repo, provider, "0.06")
    assert 0 < provider.charged <= Decimal("0.06")
    assert len(first) == 1
    second = capped_by_the_day(git_repo, provider, "0.12")
    assert Decimal("0.06") < provider.charged <= Decimal("0.12")
    assert first < second
    assert "" not in second


def test_a_batch_that_a_dead_run_has_sent_counts_at_its_worst_until_it_is_fetched(git_repo: Path) -> None:
    sent = {
        "1": Sent(tool="dedupe-a", key="k", microtask="m", max_tokens=1, model="x", build="b", worst=Decimal("0.05"))
    }
    OpenBatches(GitRepository(git_repo), DATE).open(
        Batch(id="lost", at=datetime.now(UTC).isoformat(timespec="microseconds"), sent=sent)
    )
    other = purse_of(git_repo, "0.06")
    with pytest.raises(BudgetReached, match=r"\$0.0500 of unknown outcome of \$0.0600"):
        other.draw(Decimal("0.02"), "a call", datetime.now(UTC))
    other.draw(Decimal("0.01"), "a call", datetime.now(UTC))


@pytest.mark.slow
def test_a_storm_in_batches_loses_nothing_and_every_dollar_is_accounted_for(
    git_repo: Path, provider: BatchedProvider
) -> None:
    provider.failing, provider.kinds = 0.3, ("overloaded", "broken", "crowded", "cut", "refused", "misfit")
    dice = random.Random(20261122)  # noqa: S311  (a storm that can be repeated)
    provider.fate = lambda _batch, _place: EXPIRED if dice.random() < 0.1 else None
    names = [f"dedupe-{number}" for number in range(8)]
    for _ in range(12):
        if complete(run(BatchShop(git_repo, provider), *names)):
            break
    assert complete(run(BatchShop(git_repo, provider), *names))
    assert spent(git_repo, *names) == provider.charged
    assert open_batches(git_repo) == 0


def test_no_key_and_no_word_of_a_question_is_written_down(git_repo: Path, provider: BatchedProvider) -> None:
    seen: list[bytes] = []

    class Reading(OpenBatches):
        def close(self, batch: object) -> None:
            tip = self.repository.resolve(REF)
            seen.extend(self.repository.read(tip).values() if tip else [])
            super().close(batch)  # type: ignore[arg-type]

    assert complete(run(BatchShop(git_repo, provider, records=Reading), "dedupe"))
    text = b"".join(seen).decode()
    assert json.loads(seen[0])["id"] == "msgbatch_000"
    assert KEY not in text
    assert "duplicate" not in text


def asked_twice(provider: BatchedProvider) -> list[str]:
    """Find the questions that were paid for more than once."""
    asked = [json.dumps(one["params"], sort_keys=True) for batch in provider.batches for one in batch["requests"]]
    return sorted({one for one in asked if asked.count(one) > 1})


def killed_and_resumed(folder: Path, provider: BatchedProvider, moment: str, sabotage: str = "") -> list[str]:
    """Kill a run at its second batch, then build with another; say what is wrong."""
    command = [sys.executable, "-m", "tests.batch_client", folder, provider.folder, "2", moment, sabotage]
    killed = subprocess.run(list(map(str, command)), cwd=ROOT, check=False, capture_output=True, text=True)
    assert killed.returncode == -SIGKILL, killed.stderr
    assert sizes(provider) == [2, 4]
    ends = run(BatchShop(folder, provider, ignores=sabotage == "ignores"), *NAMES[:2])
    return [
        *([] if complete(ends) else [f"not complete: {ends}"]),
        *([] if spent(folder, *NAMES[:2]) == provider.charged else ["the books do not agree"]),
        *([] if open_batches(folder) == 0 else ["a batch is still open"]),
        *(f"bought twice: {one[:40]}" for one in asked_twice(provider)),
    ]


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["waiting", "sending"])
def test_a_run_that_is_killed_at_a_batch_has_its_answers_fetched_by_the_next_one(
    git_repo: Path, provider: BatchedProvider, moment: str
) -> None:
    assert killed_and_resumed(git_repo, provider, moment) == []
    assert sizes(provider) == [2, 4, 2, 2, 4]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("moment", "sabotage"), [("waiting", "late"), ("waiting", "ignores"), ("sending", "unannounced")]
)
def test_a_batch_written_down_late_or_never_looked_for_would_be_noticed(
    git_repo: Path, provider: BatchedProvider, moment: str, sabotage: str
) -> None:
    assert any(wrong.startswith("bought twice") for wrong in killed_and_resumed(git_repo, provider, moment, sabotage))
