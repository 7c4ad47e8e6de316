import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.batches.office import ANSWER, QUESTION, WORST, Desk, Office, price
from tests.sabotage import assert_guarded
from toolbuilder.adapters.batches import post
from toolbuilder.adapters.batches.record import Asked, Batch, Outcome
from toolbuilder.adapters.outcomes import ProviderRefuses, ProviderUnavailable, RejectedAnswer, Transient
from toolbuilder.budget import Ledger
from toolbuilder.errors import BudgetReached, FileIsWrong, RepositoryError
from toolbuilder.events import BatchSent
from toolbuilder.ports import Answer, Purchase
from toolbuilder.pricing import Model, Usage
from toolbuilder.spending import run_cap


def test_answers_come_to_whom_they_belong_in_whatever_order(git_repo: Path) -> None:
    office = Office(git_repo, Desk(lambda one, _: replace(ANSWER, text=one)))
    answers = office.ask("a", "b", "c")
    assert [one.text for one in answers if isinstance(one, Answer)] == ["a", "b", "c"]
    assert len(office.desk.batches) == 1
    assert office.told == [BatchSent(3, "batch-1")]
    assert office.spent == 3 * price("", Usage(100, 10))


def a_batch_is_written_down_before_it_is_asked_after_and_struck_out_last(new: Callable[[], Path], part: Any) -> None:
    office = Office(new(), part=part)
    office.ask("a")
    assert office.desk.calls == ["open", "send", "open", "ask", "ask", "ask", "fetch", "close"]


def every_questions_worst_case_is_set_aside_before_it_is_sent(new: Callable[[], Path], part: Any) -> None:
    cap = float(2 * WORST + WORST / 2)
    office = Office(new(), ledger=Ledger().also(run_cap(cap)), part=part)
    office.ask("a", "b", "c")
    assert [len(batch) for batch in office.desk.batches] == [2, 1]
    assert office.ledger.accounts[0].spent == office.spent
    assert office.ledger.book.open == set()


def a_failure_reaches_those_who_wait(new: Callable[[], Path], part: Any) -> None:
    office = Office(new(), failure=RepositoryError("the disk is full"), part=part, seconds=2)
    try:
        ends = office.ask("a", "b")
    except TimeoutError:
        pytest.fail("nobody was told")
    assert all(isinstance(end, RepositoryError) for end in ends)


def what_may_be_billed_is_not_free(new: Callable[[], Path], part: Any) -> None:
    desk = Desk(lambda _input, _batch: Transient("cut", maybe_billed=True))
    office = Office(new(), desk, Ledger().also(run_cap(1.0)), part=part)
    [end] = office.ask("a")
    assert isinstance(end, ProviderUnavailable)
    assert office.ledger.accounts[0].unknown == office.spent == 3 * WORST


GUARDED = [
    (a_batch_is_written_down_before_it_is_asked_after_and_struck_out_last,
     "        await asyncio.to_thread(fetcher.open.open, sent)\n", ""),
    (a_batch_is_written_down_before_it_is_asked_after_and_struck_out_last,
     "        await asyncio.to_thread(self.fetcher.open.open, batch)\n", ""),
    (every_questions_worst_case_is_set_aside_before_it_is_sent,
     "reserved(self.ledger, self.worst or NOTHING,", "reserved(self.ledger, NOTHING,"),
    (every_questions_worst_case_is_set_aside_before_it_is_sent, "if fits and chosen:", "if not chosen:"),
    (a_failure_reaches_those_who_wait, "except Exception as error:", "except KeyError as error:"),
    (what_may_be_billed_is_not_free, "letter.ledger.forfeit(reservation)", "letter.ledger.settle(reservation, NOTHING)"),
]  # fmt: skip


@pytest.fixture
def new(tmp_path: Path, git: Callable[..., str]) -> Callable[[], Path]:
    """Give a function that makes one repository after the other."""

    def make() -> Path:
        folder = tmp_path / str(len([*tmp_path.iterdir()]))
        git(tmp_path, "init", "--quiet", str(folder))
        return folder

    return make


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(("check", "text", "instead"), GUARDED)
def test_the_post_loses_neither_answers_nor_money(
    new: Callable[[], Path], check: Callable[..., None], text: str, instead: str
) -> None:
    assert_guarded(post, (partial(check, new), text, instead))


def test_a_rejected_answer_is_paid_for_journalled_once_and_told(git_repo: Path) -> None:
    office = Office(git_repo, Desk(lambda _input, _batch: RejectedAnswer("refused", ANSWER)))
    [end] = office.ask("a")
    assert isinstance(end, RejectedAnswer)
    assert office.spent == price("", Usage(100, 10))
    [entry] = office.journal.entries.values()
    assert (entry.answer.text, entry.answer.purchase and entry.answer.purchase.answered) == ("", False)


def test_an_answer_that_another_run_has_bought_meanwhile_is_booked_too(git_repo: Path) -> None:
    office = Office(git_repo)
    theirs = replace(ANSWER, cost_usd=0.5, purchase=Purchase("2026-03-01T12:00:00.000000+00:00", "brief"))
    asyncio.run(office.journal.record(replace(QUESTION, input="a").key, "name_it", theirs))
    office.ask("a")
    assert office.spent == price("", Usage(100, 10)) + Decimal("0.5")


def test_an_answer_that_the_journal_cannot_hold_is_rejected_and_booked(git_repo: Path) -> None:
    office = Office(git_repo, Desk(lambda _input, _batch: replace(ANSWER, text="half \ud800")))
    [end] = office.ask("a")
    assert isinstance(end, RejectedAnswer)
    assert office.spent == price("", Usage(100, 10))


def test_a_question_that_the_batch_lost_counts_at_its_worst_and_is_asked_again(git_repo: Path) -> None:
    office = Office(git_repo)
    whole = office.desk.outcomes

    async def lossy(batch: Batch) -> Mapping[str, Outcome]:
        found = await whole(batch)
        return found if batch.id == "batch-2" else {}

    office.desk.outcomes = lossy  # type: ignore[method-assign]
    [answer] = office.ask("a")
    assert isinstance(answer, Answer)
    assert office.spent == WORST + price("", Usage(100, 10))


def test_a_busy_provider_is_sent_the_same_again_and_a_deaf_one_is_not_trusted(git_repo: Path) -> None:
    office = Office(git_repo, Desk(refusals=[Transient("busy", crowded=True)] * 9))
    assert isinstance(office.ask("a")[0], Answer)
    assert office.spent == price("", Usage(100, 10))
    deaf = Office(git_repo, Desk(refusals=[Transient("cut off", maybe_billed=True)] * 3))
    [end] = deaf.ask("b")
    assert "cut off" in str(end)
    assert deaf.desk.calls == ["open", "send", "look", "close"] * 3
    assert deaf.spent == 3 * WORST + price("", Usage(100, 10))


def test_a_batch_that_arrived_though_nobody_said_so_is_found_again_and_no_other_is_taken_for_it(git_repo: Path) -> None:
    cut_off = Transient("cut off", maybe_billed=True)
    office = Office(git_repo, Desk(lambda one, _: replace(ANSWER, text=one), refusals=[cut_off], hears=True))
    office.desk.batches.append({"0-stranger": Asked(replace(QUESTION, input="stranger"), "small")})
    [answer] = office.ask("a")
    assert isinstance(answer, Answer)
    assert answer.text == "a"
    assert office.desk.calls.count("send") == 1
    assert office.spent == price("", Usage(100, 10))
    assert office.open.all() == ()


def test_a_refusal_costs_nothing_and_is_not_repeated(git_repo: Path) -> None:
    office = Office(git_repo, Desk(refusals=[ProviderRefuses("a wrong key")]), Ledger().also(run_cap(1.0)))
    assert [str(end) for end in office.ask("a", "b")] == ["a wrong key"] * 2
    assert office.desk.calls == ["open", "send", "close"]
    assert office.spent == office.ledger.accounts[0].unknown == 0


def test_a_cap_without_room_stops_and_a_cap_without_a_price_is_refused(git_repo: Path) -> None:
    poor = Office(git_repo, ledger=Ledger().also(run_cap(float(WORST / 2))))
    assert [type(end) for end in poor.ask("a", "b")] == [BudgetReached] * 2
    unpriced = Model("anthropic", "dear", lambda _model, _usage: None)
    unknown = Office(git_repo, ledger=Ledger().also(run_cap(1.0)), model=unpriced)
    [end] = unknown.ask("a")
    assert isinstance(end, FileIsWrong)
    assert poor.desk.calls == unknown.desk.calls == []
    free = Office(git_repo, model=unpriced)
    [answer] = free.ask("a")
    assert isinstance(answer, Answer)
    assert answer.purchase
    assert answer.purchase.cost == "unknown"
