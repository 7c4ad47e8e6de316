"""The whole pipeline over the real SDK: what is asked, what is paid, what is never lost."""

import asyncio
import json
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.paid_provider import KEY, MODEL, Provider, price
from tests.pipeline_world import DATE, SPEC, STAGES, World
from toolbuilder import pipeline
from toolbuilder.adapters.budgeted_backend import BudgetedBackend
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.adapters.journaled_backend import JournaledBackend
from toolbuilder.adapters.limited_backend import CallLimit, LimitedBackend
from toolbuilder.adapters.retrying_backend import Patience, RetryingBackend
from toolbuilder.bootstrap import workshop
from toolbuilder.budget import Ledger
from toolbuilder.build import Built, Order, Workshop
from toolbuilder.errors import BudgetReached, ToolbuilderError
from toolbuilder.journal import Journal
from toolbuilder.ports import Answer, ModelBackend, Question
from toolbuilder.pricing import Model
from toolbuilder.spec import Spec
from toolbuilder.spec.file import parse_spec
from toolbuilder.spending import bought_by, build_cap, run_cap

Git = Callable[..., str]
LADDER = ("small", "small", "large")


async def no_pause(_seconds: float) -> None:
    """Wait for nobody: storms are not slowed by their waiting."""
    await asyncio.sleep(0)


@dataclass
class Shop:
    """The decorators in their order around one provider, for many tools."""

    folder: Path
    provider: Provider
    ledger: Ledger
    limit: CallLimit
    attempts: int = 6

    @classmethod
    def of(cls, folder: Path, provider: Provider, ledger: Ledger | None = None, most: int = 8) -> "Shop":
        return cls(folder, provider, ledger or Ledger(), CallLimit(most, window=0))

    def backend(self, spec: Spec) -> ModelBackend:
        journal = Journal(GitRepository(self.folder), spec.name, DATE)
        model = Model("anthropic", MODEL, price)
        paid = BudgetedBackend(self.provider.backend(), self.ledger, model, journal.record)
        retrying = RetryingBackend(paid, Patience(self.attempts), self.limit.heed, sleep=no_pause)
        return JournaledBackend(LimitedBackend(retrying, self.limit), journal)

    @property
    def workshop(self) -> Workshop:
        return replace(World(self.folder, stages=STAGES).workshop, backend=self.backend, ladder=LADDER)


def order(name: str = "dedupe", **how: str) -> Order:
    source = SPEC.replace("name: dedupe", f"name: {name}").encode()
    return Order(parse_spec(source, f"specs/{name}.yaml"), source, **how)  # type: ignore[arg-type]


def build(shop: Shop, name: str = "dedupe") -> Built:
    return asyncio.run(pipeline.build(order(name), shop.workshop))


def spent(folder: Path, *tools: str) -> Decimal:
    """Give what the journals know for certain; a call whose end is unknown is booked beside it, at its worst."""
    bought = bought_by(GitRepository(folder), tools)
    return sum((one.usd for one in bought if one.purchase.cost == "exact"), Decimal(0))


def test_a_tool_is_built_by_a_model_over_the_real_sdk(git_repo: Path, git: Git) -> None:
    provider = Provider()
    shop = Shop.of(git_repo, provider)
    here = replace(workshop(git_repo), backend=shop.backend, ladder=LADDER)
    assert asyncio.run(pipeline.build(order(), here)).complete
    trailers = git(git_repo, "log", "--format=%(trailers:key=Toolbuilder-Model,valueonly)", "main..toolbuilder/dedupe")
    assert set(trailers.split()) == {MODEL}
    assert spent(git_repo, "dedupe") == provider.billed > 0
    asked = len(provider.bodies)
    assert asyncio.run(pipeline.build(order(), here)).landed == {}
    assert len(provider.bodies) == asked


def test_no_request_holds_an_example_that_is_held_out(git_repo: Path) -> None:
    extra = '  - {input: "held-out-word-Q\\nheld-out-word-Q\\n", output: "held-out-word-Q\\n"}\nconstraints'
    text = SPEC.replace("constraints", extra)
    spec = parse_spec(text.encode(), "specs/dedupe.yaml")
    [held] = spec.held_out
    held_text = spec.examples[int(held[1:]) - 1].input or ""
    provider = Provider()
    asyncio.run(pipeline.build(Order(spec, text.encode()), Shop.of(git_repo, provider).workshop))
    shown = [one.input or "" for i, one in zip(spec.example_ids, spec.examples, strict=True) if i != held]
    requests = json.dumps(provider.bodies)
    assert all(json.dumps(json.dumps(one))[3:-3] in requests for one in shown)
    assert json.dumps(json.dumps(held_text))[3:-3] not in requests


def test_the_prefix_that_a_build_shares_is_read_from_the_cache(git_repo: Path) -> None:
    provider = Provider()
    shop = Shop.of(git_repo, provider)
    asyncio.run(pipeline.build(order(), replace(workshop(git_repo), backend=shop.backend, ladder=LADDER)))
    prefixes = {body["system"][0]["text"] for body in provider.bodies}
    assert len(prefixes) == 1
    assert all(body["system"][0]["cache_control"] == {"type": "ephemeral"} for body in provider.bodies)
    assert provider.shared["read"] >= 0.9 * (provider.shared["read"] + provider.shared["written"])


def build_all(shop: Shop, names: Sequence[str]) -> list[Built | BaseException]:
    async def run() -> list[Built | BaseException]:
        here = shop.workshop
        return await asyncio.gather(*(pipeline.build(order(name), here) for name in names), return_exceptions=True)

    return asyncio.run(run())


def storm(folder: Path, shop: Shop, rounds: int = 12) -> list[str]:
    """Build twenty tools side by side, again and again until all stand; say what is wrong at the end."""
    names = [f"dedupe-{number}" for number in range(20)]
    reasons: list[BaseException] = []
    for _ in range(rounds):
        ends = build_all(shop, names)
        reasons += [end for end in ends if isinstance(end, BaseException)]
        if all(isinstance(end, Built) and end.complete for end in ends):
            break
    unnamed = [repr(reason) for reason in reasons if not isinstance(reason, ToolbuilderError)]
    unfinished = [] if rounds and isinstance(ends[0], Built) else ["not every tool was built"]
    paid = spent(folder, *names)
    unequal = (
        [f"the provider billed {shop.provider.billed}, the journals hold {paid}"]
        if paid != shop.provider.billed
        else []
    )
    return [*unnamed, *unfinished, *unequal, *twice(folder, names)]


def twice(folder: Path, names: Sequence[str]) -> list[str]:
    """Find answers that were bought although the journal held them."""
    repository = GitRepository(folder)
    return [
        f"{name}: {len(answered)} answers for {len(keys)} questions"
        for name in names
        for entries in [Journal(repository, name, DATE).entries]
        for answered, keys in [
            ([e for e in entries.values() if e.answer.purchase and e.answer.purchase.answered], entries)
        ]
        if len(answered) > len(keys)
    ]


@pytest.mark.slow
def test_a_storm_of_failures_loses_nothing_and_every_dollar_is_accounted_for(git_repo: Path) -> None:
    provider = Provider(failing=0.3, seed=20261122)
    shop = Shop.of(git_repo, provider, most=16)
    assert storm(git_repo, shop) == []
    assert provider.crowd <= 16


@pytest.mark.slow
def test_a_cap_is_never_exceeded_with_sixteen_calls_in_flight_and_the_build_goes_on_with_a_larger_one(
    git_repo: Path,
) -> None:
    provider = Provider()
    small = Shop.of(git_repo, provider, Ledger().also(run_cap(0.05)), most=16)
    names = [f"dedupe-{number}" for number in range(20)]
    ends = build_all(small, names)
    assert any(isinstance(end, BudgetReached) for end in ends)
    assert provider.billed <= Decimal("0.05")
    asked = [json.dumps(body) for body in provider.bodies]
    large = Shop.of(git_repo, provider, most=16)
    assert all(isinstance(end, Built) and end.complete for end in build_all(large, names))
    again = [json.dumps(body) for body in provider.bodies[len(asked) :]]
    assert {*again} & {*asked} == set()


def test_a_spec_that_allows_no_money_stops_capped_before_the_first_call(git_repo: Path) -> None:
    provider = Provider()
    shop = Shop.of(git_repo, provider, Ledger().also(build_cap("dedupe", 0.0, "context", ())))
    with pytest.raises(BudgetReached, match="build dedupe") as raised:
        build(shop)
    assert raised.value.exit_code == 4
    assert provider.bodies == []


def test_a_planted_key_is_nowhere_in_what_a_failing_build_leaves_behind(
    git_repo: Path, git: Git, caplog: pytest.LogCaptureFixture
) -> None:
    shop = Shop.of(git_repo, Provider(failing=1.0, seed=3))
    with pytest.raises(ToolbuilderError) as raised:
        build(shop)
    everything = ["git", "cat-file", "--batch-all-objects", "--batch"]
    objects = subprocess.run(everything, cwd=git_repo, check=True, capture_output=True).stdout
    chain = f"{raised.value!r} {raised.value} {raised.value.__cause__!r} {raised.value.__context__!r}"
    assert KEY not in git(git_repo, "for-each-ref") + chain + caplog.text
    assert KEY.encode() not in objects


def most_often_sent(folder: Path, wrap: Callable[[ModelBackend], ModelBackend]) -> int:
    """Put one question to a provider that always fails; give how often the provider was asked."""
    provider = Provider(failing=1.0, kinds=("overloaded",))
    shop = Shop.of(folder, provider)
    backend = wrap(RetryingBackend(provider.backend(), Patience(6), sleep=no_pause))
    here = replace(shop.workshop, backend=lambda _: backend, ladder=("small",))
    with pytest.raises(ToolbuilderError, match=r"did not answer|no answer|asked"):
        asyncio.run(pipeline.build(order(), here))
    return len(provider.bodies)


def test_only_one_place_retries_and_a_second_one_would_be_noticed(git_repo: Path) -> None:
    assert most_often_sent(git_repo, lambda backend: backend) == 6
    twofold = most_often_sent(git_repo, Again)
    assert twofold == 36


@dataclass
class Again:
    """A sabotaged decorator: it retries around something that retries."""

    inner: ModelBackend

    async def ask(self, question: Question) -> Answer:
        for _ in range(5):
            try:
                return await self.inner.ask(question)
            except ToolbuilderError:
                continue
        return await self.inner.ask(question)
