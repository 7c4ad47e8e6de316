import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolbuilder.budget import Account, Cap, Ledger, Reservation, dollars
from toolbuilder.errors import BudgetReached

CENTS = st.integers(0, 300).map(lambda cents: Decimal(cents) / 100)
ENDS = st.sampled_from(["settle", "forfeit", "stay open"])
CALLS = st.lists(st.tuples(CENTS, st.decimals(0, 1, places=2), ENDS), max_size=40)


def cap(scope: str = "run", usd: str = "1", spent: str = "0", unknown: str = "0") -> Cap:
    return Cap(scope, Decimal(usd), f"raise `{scope}`", Decimal(spent), Decimal(unknown))


class ForgetfulLedger(Ledger):
    """A sabotaged ledger: a call with an unknown end costs nothing."""

    def forfeit(self, reservation: Reservation) -> None:
        self.settle(reservation, Decimal(0))


class BlindLedger(Ledger):
    """A sabotaged ledger: it looks at what is spent, not at what is reserved."""

    def reserve(self, usd: Decimal, what: str, at: datetime | None = None) -> Reservation:
        if not self.fits_when_idle(usd):
            raise BudgetReached(what)
        return Ledger(book=self.book).reserve(usd, what, at)

    def settle(self, reservation: Reservation, usd: Decimal) -> None:
        Ledger(book=self.book).settle(reservation, usd)
        for account in self.accounts:
            account.spent += usd


class FirstCapLedger(Ledger):
    """A sabotaged ledger: the first account alone decides."""

    def reserve(self, usd: Decimal, what: str, at: datetime | None = None) -> Reservation:
        return Ledger(self.accounts[:1], book=self.book).reserve(usd, what, at)


def billed_by(ledger: Ledger, calls: list[tuple[Decimal, Decimal, str]]) -> Decimal:
    """Make calls that are billed at a share of their worst case, known or not; give the provider's own sum."""
    bill = Decimal(0)
    for worst, share, end in calls:
        try:
            reservation = ledger.reserve(worst, "a call")
        except BudgetReached:
            continue
        if end == "settle":
            bill += worst * share
            ledger.settle(reservation, worst * share)
        else:
            bill += worst
        if end == "forfeit":
            ledger.forfeit(reservation)
    return bill


@given(calls=CALLS, run=CENTS, build=CENTS)
def test_what_a_provider_bills_never_passes_the_lowest_cap(
    calls: list[tuple[Decimal, Decimal, str]], run: Decimal, build: Decimal
) -> None:
    ledger = Ledger().also(cap(usd=str(run))).also(cap("build", str(build)))
    bill = billed_by(ledger, calls)

    assert bill <= min(run, build)
    for account in ledger.accounts:
        assert account.spent + account.unknown + account.reserved == bill


@pytest.mark.parametrize("sabotaged", [ForgetfulLedger, BlindLedger, FirstCapLedger])
def test_the_same_check_catches_a_sabotaged_ledger(sabotaged: type[Ledger]) -> None:
    dollar = Decimal(1)
    calls = [(dollar, dollar, end) for end in ("forfeit", "stay open", "settle")] * 2
    limits = cap(usd="3"), cap("build", "2")

    assert billed_by(Ledger().also(*limits), calls) <= 2
    assert billed_by(sabotaged().also(*limits), calls) > 2


def test_threads_at_once_do_not_pass_the_cap() -> None:
    ledger = Ledger().also(cap(usd="10"))
    start = threading.Barrier(16)

    def spend() -> int:
        start.wait()
        made = 0
        for _ in range(50):
            try:
                reservation = ledger.reserve(Decimal("0.1"), "a call")
            except BudgetReached:
                continue
            made += 1
            ledger.settle(reservation, Decimal("0.09"))
        return made

    with ThreadPoolExecutor(16) as threads:
        made = sum(future.result() for future in [threads.submit(spend) for _ in range(16)])
    (account,) = ledger.accounts

    assert account.spent == made * Decimal("0.09") <= account.cap.usd
    assert account.reserved == 0


def test_a_refusal_reserves_nothing_anywhere() -> None:
    ledger = Ledger().also(cap("run", "10"), cap("build", "1"))
    with pytest.raises(BudgetReached):
        ledger.reserve(Decimal(2), "a call")

    assert [account.reserved for account in ledger.accounts] == [0, 0]


def test_a_refusal_says_which_cap_what_is_spent_what_was_refused_and_what_to_type() -> None:
    ledger = Ledger().also(cap("build log-levels", "2", spent="1.5", unknown="0.25"))
    ledger.reserve(Decimal("0.125"), "a call")
    with pytest.raises(BudgetReached) as caught:
        ledger.reserve(Decimal("0.5"), "write_module of some-model")

    assert str(caught.value) == (
        "the cap of the build log-levels is reached: $1.50 spent, $0.2500 of unknown outcome, $0.1250 reserved of "
        "$2.00; write_module of some-model may cost $0.5000 and was not asked. To go on, raise `build log-levels` and "
        "type the same command again: what is paid for is kept"
    )
    assert caught.value.exit_code == 4


def test_builds_share_the_account_of_the_run_and_have_one_of_their_own() -> None:
    run = Ledger().also(cap("run", "3"))
    one, other = run.also(cap("build one", "2")), run.also(cap("build other", "2"))
    one.settle(one.reserve(Decimal(2), "a call"), Decimal(2))
    other.reserve(Decimal(1), "a call")

    with pytest.raises(BudgetReached, match="cap of the run"):
        other.reserve(Decimal("0.01"), "a call")
    assert [account.spent for account in run.accounts] == [2]


def test_a_reservation_is_closed_once() -> None:
    ledger = Ledger().also(cap())
    reservation = ledger.reserve(Decimal(1), "a call")
    ledger.forfeit(reservation)

    with pytest.raises(KeyError):
        ledger.settle(reservation, Decimal(0))
    assert ledger.accounts == (Account(cap(), Decimal(0), Decimal(1), Decimal(0)),)


def test_an_end_wakes_those_who_wait_for_room() -> None:
    run = Ledger().also(cap())
    build = run.also(cap("build"))
    reservation = build.reserve(Decimal(1), "a call")
    ended = run.next_end()

    assert run.fits_when_idle(Decimal(1))
    assert not ended.done()
    build.settle(reservation, Decimal("0.5"))
    assert ended.done()
    assert not run.fits_when_idle(Decimal(1))


def test_without_a_cap_everything_fits() -> None:
    ledger = Ledger()
    ledger.settle(ledger.reserve(Decimal(10**9), "a call"), Decimal(10**9))

    assert ledger.accounts == ()


@pytest.mark.parametrize(
    ("usd", "text"), [("0", "$0.00"), ("12.346", "$12.35"), ("0.5", "$0.5000"), ("0.00015", "$0.000150")]
)
def test_small_amounts_are_shown_with_more_places(usd: str, text: str) -> None:
    assert dollars(Decimal(usd)) == text
