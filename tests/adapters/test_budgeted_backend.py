import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from toolbuilder.adapters.budgeted_backend import BudgetedBackend
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.adapters.journaled_backend import JournaledBackend
from toolbuilder.adapters.outcomes import ProviderRefuses, RejectedAnswer, Transient
from toolbuilder.budget import Cap, Ledger, Reservation
from toolbuilder.errors import AnswerRejected, BudgetReached, FileIsWrong, RepositoryError
from toolbuilder.journal import Journal
from toolbuilder.ports import Answer, Purchase, Question
from toolbuilder.pricing import Model, Usage, worst_case
from toolbuilder.schema import digest
from toolbuilder.spending import bought_by, build_cap, run_cap, sum_of

DATE = "1700000000 +0000"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
AT = "2026-03-01T12:00:00.000000+00:00"
AT_ONCE = 16
QUESTION = Question("write_module", "Write.", "brief", "{}", "{}", deadline=10, max_tokens=1_000)


def price(_model: str, usage: Usage) -> Decimal:
    return Decimal(usage.input_tokens + 5 * usage.output_tokens) / 1_000_000


MODEL = Model("shop", "shop-1", price)
UNPRICED = Model("shop", "shop-2", lambda _model, _usage: None)
WORST = MODEL.worst(QUESTION) or Decimal(0)


def question(number: int) -> Question:
    return replace(QUESTION, input=f"{number:02}")


@dataclass
class Shop:
    """A provider with books of its own: it bills, and then answers or does not."""

    ends: Callable[[Question], BaseException | None] = lambda _: None
    share: Callable[[Question], float] = lambda _: 1.0  # of the worst case
    bill: Decimal = Decimal(0)
    asked: list[str] = field(default_factory=list)
    in_flight: int = 0
    most_in_flight: int = 0

    async def ask(self, question: Question) -> Answer:
        self.asked.append(question.input)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        for _ in range(AT_ONCE):
            await asyncio.sleep(0)
        self.in_flight -= 1
        worst, share = worst_case(question), self.share(question)
        answer = Answer("{}", "shop", "shop-1", int(worst.input_tokens * share), int(worst.output_tokens * share))
        error = self.ends(question)
        if not isinstance(error, ProviderRefuses):
            self.bill += price("", Usage(answer.input_tokens, answer.output_tokens))
        if error:
            raise error
        return answer


@dataclass
class Records:
    """What was put on record."""

    entries: dict[str, Answer] = field(default_factory=dict)

    async def record(self, key: str, microtask: str, answer: Answer) -> None:
        assert microtask == QUESTION.microtask
        self.entries[key] = answer

    @property
    def usd(self) -> float:
        return sum(answer.cost_usd for answer in self.entries.values())


def cap(usd: Decimal) -> Cap:
    return Cap("run", usd, "raise it")


def backend(shop: Shop, ledger: Ledger, records: Records | None = None, model: Model = MODEL) -> BudgetedBackend:
    return BudgetedBackend(shop, ledger, model, (records or Records()).record, now=lambda: NOW)


class SettledFirst(BudgetedBackend):
    """A sabotaged backend: it settles what it has reserved before it asks."""

    async def ask(self, question: Question) -> Answer:
        self._ledger.settle(await self._reserve(question), Decimal(0))
        answer = await self._inner.ask(question)
        self._ledger.settle(
            Ledger(book=self._ledger.book).reserve(Decimal(0), ""), self._model.cost(answer) or Decimal(0)
        )
        return answer


class CheckedAfter(BudgetedBackend):
    """A sabotaged backend: it asks first, and looks at the cap then."""

    async def ask(self, question: Question) -> Answer:
        answer = await self._inner.ask(question)
        reservation = await self._reserve(question)
        self._ledger.settle(reservation, self._model.cost(answer) or Decimal(0))
        return answer


class ForgetsTheUnknown(BudgetedBackend):
    """A sabotaged backend: a call that ends without an answer was free."""

    def _forfeited(self, answer: Answer, bought: Purchase, reservation: Reservation) -> Answer:
        self._ledger.settle(reservation, Decimal(0))
        return replace(answer, purchase=bought)


def storm(kind: type[BudgetedBackend], limit: Decimal, seed: int) -> tuple[Shop, Ledger]:
    """Ask a hundred questions, sixteen at a time; a third of the calls are billed and then time out."""
    dice = Random(seed)  # noqa: S311  # repeatable, not secret
    lots = {f"{number:02}": dice.random() for number in range(100)}
    shop = Shop(
        ends=lambda question: TimeoutError() if lots[question.input] < 1 / 3 else None,
        share=lambda question: 1.0 if lots[question.input] < 1 / 3 else lots[question.input],
    )
    ledger = Ledger().also(cap(limit))
    budgeted = kind(shop, ledger, MODEL, Records().record, now=lambda: NOW)

    async def all_of_them() -> None:
        places = asyncio.Semaphore(AT_ONCE)

        async def one(number: int) -> None:
            async with places:
                await budgeted.ask(question(number))

        ends = await asyncio.gather(*map(one, range(100)), return_exceptions=True)
        for end in ends:
            assert end is None or isinstance(end, TimeoutError | BudgetReached), end

    asyncio.run(all_of_them())
    return shop, ledger


@pytest.mark.parametrize("seed", range(5))
def test_sixteen_calls_in_flight_do_not_pass_the_cap(seed: int) -> None:
    shop, ledger = storm(BudgetedBackend, 30 * WORST, seed)
    (account,) = ledger.accounts

    assert shop.most_in_flight == AT_ONCE
    assert shop.bill <= 30 * WORST
    assert shop.bill == account.spent + account.unknown
    assert shop.bill > 28 * WORST, "the cap is used, not feared"
    assert account.reserved == 0


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("sabotaged", [SettledFirst, CheckedAfter, ForgetsTheUnknown])
def test_the_same_storm_catches_a_sabotaged_backend(sabotaged: type[BudgetedBackend], seed: int) -> None:
    shop, _ = storm(sabotaged, 30 * WORST, seed)

    assert shop.bill > 30 * WORST


def test_an_answer_carries_its_cost_its_time_and_its_build() -> None:
    ledger = Ledger().also(cap(2 * WORST))
    answer = asyncio.run(backend(Shop(share=lambda _: 0.5), ledger).ask(QUESTION))

    assert answer.cost_usd == float(price("", Usage(answer.input_tokens, answer.output_tokens))) > 0
    assert answer.purchase == Purchase(AT, digest("brief"))
    assert ledger.accounts[0].spent == Decimal(str(answer.cost_usd))


def test_a_call_that_does_not_fit_is_not_made() -> None:
    shop = Shop()
    with pytest.raises(BudgetReached, match="write_module of shop-1 may cost"):
        asyncio.run(backend(shop, Ledger().also(cap(WORST / 2))).ask(QUESTION))

    assert shop.asked == []


def test_a_call_waits_when_only_calls_in_flight_stand_in_its_way() -> None:
    shop = Shop(share=lambda _: 0.1)
    budgeted = backend(shop, Ledger().also(cap(Decimal("1.5") * WORST)))

    async def five() -> None:
        await asyncio.gather(*(budgeted.ask(question(number)) for number in range(5)))

    asyncio.run(five())
    assert (len(shop.asked), shop.most_in_flight) == (5, 1)


def test_a_call_waits_for_others_no_longer_than_its_deadline() -> None:
    shop = Shop()
    ledger = Ledger().also(cap(Decimal("1.5") * WORST))
    held = ledger.reserve(WORST, "a call that does not end")
    with pytest.raises(BudgetReached, match=r"reserved of .* was not asked"):
        asyncio.run(backend(shop, ledger).ask(replace(QUESTION, deadline=0.01)))
    assert shop.asked == []
    ledger.settle(held, Decimal(0))
    assert ledger.accounts[0].reserved == 0


def test_a_call_that_is_cancelled_while_it_waits_leaves_the_others_alone() -> None:
    shop = Shop(share=lambda _: 0.1)
    ledger = Ledger().also(cap(Decimal("1.5") * WORST))
    budgeted = backend(shop, ledger)

    async def three() -> list[object]:
        tasks = [asyncio.create_task(budgeted.ask(question(number))) for number in range(3)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        tasks[1].cancel()
        return await asyncio.gather(*tasks, return_exceptions=True)

    ends = asyncio.run(three())
    assert [type(end) for end in ends] == [Answer, asyncio.CancelledError, Answer]
    assert ledger.accounts[0].reserved == ledger.accounts[0].unknown == 0


@pytest.mark.parametrize(
    "error",
    [TimeoutError(), Transient("cut off", maybe_billed=True), ValueError("a bug"), RepositoryError("an odd one")],
    ids=lambda error: type(error).__name__,
)
def test_a_reservation_stays_spent_when_nobody_knows_how_the_call_ended(error: BaseException) -> None:
    ledger, records = Ledger().also(cap(2 * WORST)), Records()
    with pytest.raises(type(error)):
        asyncio.run(backend(Shop(ends=lambda _: error), ledger, records).ask(QUESTION))

    (account,) = ledger.accounts
    assert [account.spent, account.unknown, account.reserved] == [0, WORST, 0]
    (kept,) = records.entries.values()
    assert kept == Answer(
        "", "shop", "shop-1", cost_usd=float(WORST), purchase=Purchase(AT, digest("brief"), "at most", answered=False)
    )


def test_a_cancelled_call_keeps_its_reservation_too() -> None:
    ledger, records = Ledger().also(cap(2 * WORST)), Records()

    async def cancelled() -> None:
        task = asyncio.create_task(backend(Shop(), ledger, records).ask(QUESTION))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])

    asyncio.run(cancelled())
    assert ledger.accounts[0].unknown == WORST
    assert records.usd == float(WORST)


@pytest.mark.parametrize(
    "error",
    [
        Transient("too many requests", crowded=True),
        ProviderRefuses("wrong key"),
        AnswerRejected("the question is too long"),
        BudgetReached("the provider's own limit"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_call_that_was_certainly_not_billed_costs_nothing(error: BaseException) -> None:
    ledger, records = Ledger().also(cap(WORST)), Records()
    with pytest.raises(type(error)):
        asyncio.run(backend(Shop(ends=lambda _: error), ledger, records).ask(QUESTION))

    (account,) = ledger.accounts
    assert [account.spent, account.unknown, account.reserved] == [0, 0, 0]
    assert records.entries == {}


def test_a_rejected_answer_is_paid_for_exactly_and_put_on_record_without_its_text() -> None:
    ledger, records = Ledger().also(cap(WORST)), Records()
    useless = Answer("secret half", "shop", "shop-1", 100, 20)
    with pytest.raises(RejectedAnswer):
        asyncio.run(backend(Shop(ends=lambda _: RejectedAnswer("cut off", useless)), ledger, records).ask(QUESTION))

    assert ledger.accounts[0].spent == Decimal("0.0002")
    (kept,) = records.entries.values()
    assert kept == replace(
        useless, text="", cost_usd=0.0002, purchase=Purchase(AT, digest("brief"), "exact", answered=False)
    )


def test_an_unknown_price_is_refused_under_a_cap() -> None:
    shop = Shop()
    with pytest.raises(FileIsWrong, match=r"no price is known for the model 'shop-2', and a cap is set on the run"):
        asyncio.run(backend(shop, Ledger().also(cap(Decimal(100))), model=UNPRICED).ask(QUESTION))

    assert shop.asked == []


def test_an_unknown_price_without_a_cap_is_said_to_be_unknown() -> None:
    records = Records()
    answer = asyncio.run(backend(Shop(), Ledger(), records, UNPRICED).ask(QUESTION))
    with pytest.raises(TimeoutError):
        asyncio.run(backend(Shop(ends=lambda _: TimeoutError()), Ledger(), records, UNPRICED).ask(QUESTION))

    assert answer.cost_usd == 0
    assert [one.purchase and one.purchase.cost for one in (answer, *records.entries.values())] == ["unknown"] * 2


def test_a_price_that_cannot_be_computed_afterwards_costs_the_worst_case() -> None:
    once = Model("shop", "shop-1", lambda _model, usage: price("", usage) if usage.output_tokens == 1_000 else None)
    ledger = Ledger().also(cap(WORST))
    answer = asyncio.run(backend(Shop(share=lambda _: 0.5), ledger, model=once).ask(QUESTION))

    assert answer.cost_usd == float(WORST) == float(ledger.accounts[0].unknown)
    assert answer.purchase is not None
    assert answer.purchase.cost == "at most"


def test_what_cannot_be_journalled_is_noted_on_the_error_that_is_raised() -> None:
    class Full(Records):
        async def record(self, key: str, microtask: str, answer: Answer) -> None:
            raise RepositoryError(f"the disk is full, {microtask}, {key[:0]}{answer.text}")

    with pytest.raises(TimeoutError) as caught:
        asyncio.run(backend(Shop(ends=lambda _: TimeoutError()), Ledger(), Full()).ask(QUESTION))

    assert ["could not be journalled: the disk is full" in note for note in caught.value.__notes__] == [True]


@dataclass
class Office:
    """Runs of one command in a real repository: each reads the journal, and starts with an empty memory."""

    folder: Path
    shop: Shop
    remembers: bool = True

    def run(self, usd: Decimal, numbers: range) -> list[object]:
        repository = GitRepository(self.folder)
        bought = bought_by(repository, ["tool"])
        caps = build_cap("tool", float(usd), "brief", bought), run_cap(1000)
        journal = Journal(repository, "tool", DATE)
        record = journal.record if self.remembers else Records().record
        inner = BudgetedBackend(self.shop, Ledger().also(*caps), MODEL, record, now=lambda: NOW)
        asked = JournaledBackend(inner, journal)

        async def one_after_the_other() -> list[object]:
            ends: list[object] = []
            for number in numbers:
                ends += await asyncio.gather(asked.ask(question(number)), return_exceptions=True)
            return ends

        return asyncio.run(one_after_the_other())


def test_a_capped_build_goes_on_under_a_larger_cap_without_paying_twice(git_repo: Path) -> None:
    office = Office(git_repo, Shop())
    first = office.run(Decimal("2.5") * WORST, range(4))
    again = office.run(Decimal("2.5") * WORST, range(4))
    larger = office.run(4 * WORST, range(4))

    assert [type(end) for end in first] == [Answer, Answer, BudgetReached, BudgetReached]
    assert [type(end) for end in again] == [type(end) for end in first]
    assert [type(end) for end in larger] == [Answer] * 4
    assert sorted(office.shop.asked) == ["00", "01", "02", "03"]
    assert office.shop.bill == sum_of(bought_by(GitRepository(git_repo), ["tool"]))


@pytest.mark.parametrize("remembers", [True, False])
def test_calls_with_an_unknown_end_count_in_the_next_run_too(git_repo: Path, *, remembers: bool) -> None:
    office = Office(git_repo, Shop(ends=lambda _: TimeoutError()), remembers=remembers)
    for _ in range(3):
        office.run(2 * WORST, range(2))

    kept_within = office.shop.bill <= 2 * WORST
    assert kept_within == remembers, "a run that forgets them is the sabotaged one"
    if remembers:
        limit = build_cap("tool", 1, "brief", bought_by(GitRepository(git_repo), ["tool"]))
        assert [limit.spent, limit.unknown] == [0, 2 * WORST]
