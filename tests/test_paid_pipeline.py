"""The whole pipeline over the real SDK: what is asked, what is paid, what is never lost."""

import asyncio
import json
import socket
import subprocess
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.known_model import KnownProvider
from tests.paid_provider import KEY, MICROTASKS, MODEL, Provider
from tests.paid_shop import LADDER, Shop, build, no_pause, order
from tests.pipeline_world import SPEC
from toolbuilder import pipeline
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.adapters.retrying_backend import Patience, RetryingBackend
from toolbuilder.bootstrap import workshop
from toolbuilder.budget import Ledger
from toolbuilder.build import Built, Order
from toolbuilder.errors import BudgetReached, NeedsPerson, ToolbuilderError
from toolbuilder.ports import Answer, ModelBackend, Question
from toolbuilder.spec.file import parse_spec
from toolbuilder.spending import bought_by, build_cap, run_cap
from toolbuilder.stages import STAGES

Git = Callable[..., str]
NAMES = {task.name for task in MICROTASKS.values()}


def spent(folder: Path, *tools: str) -> Decimal:
    """Give what the journals know for certain; a call whose end is unknown is booked beside it, at its worst."""
    bought = bought_by(GitRepository(folder), tools)
    return sum((one.usd for one in bought if one.purchase.cost == "exact"), Decimal(0))


def test_a_tool_is_built_by_a_model_over_the_real_sdk(git_repo: Path, git: Git) -> None:
    provider = Provider()
    shop = Shop(git_repo, provider)
    here = replace(workshop(git_repo), backend=shop.backend, ladder=LADDER)
    assert asyncio.run(pipeline.build(order(), here)).complete
    trailers = git(git_repo, "log", "--format=%(trailers:key=Toolbuilder-Model,valueonly)", "main..toolbuilder/dedupe")
    assert set(trailers.split()) == {MODEL}
    assert spent(git_repo, "dedupe") == provider.billed > 0
    asked = len(provider.bodies)
    assert asyncio.run(pipeline.build(order(), here)).landed == {}
    assert len(provider.bodies) == asked


HELD_OUT = '  - {input: "held-out-word-Q\\nheld-out-word-Q\\n", output: "%s\\n"}\nconstraints'


@pytest.mark.parametrize(
    ("output", "never"), [("held-out-word-Q", {"diagnose", "repair_module"}), ("x", {"write_readme"})]
)
def test_no_request_holds_an_example_that_is_held_out(git_repo: Path, output: str, never: set[str]) -> None:
    text = SPEC.replace("constraints", HELD_OUT % output)
    spec = parse_spec(text.encode(), "specs/dedupe.yaml")
    [held] = spec.held_out
    provider = KnownProvider()
    with nullcontext() if "diagnose" in never else pytest.raises(NeedsPerson, match="the same findings came back"):
        asyncio.run(pipeline.build(Order(spec, text.encode()), Shop(git_repo, provider).whole_workshop(STAGES)))
    assert {MICROTASKS[body["system"][1]["text"]].name for body in provider.bodies} == {*NAMES} - never
    shown = [one.input or "" for i, one in zip(spec.example_ids, spec.examples, strict=True) if i != held]
    requests = json.dumps(provider.bodies)
    assert all(json.dumps(json.dumps(one))[3:-3] in requests for one in shown)
    assert "held-out-word-Q" not in requests


@pytest.mark.slow
def test_a_tool_that_was_paid_for_is_rebuilt_byte_for_byte_without_a_socket(
    git_repo: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = KnownProvider()
    here = replace(workshop(git_repo), backend=Shop(git_repo, provider).backend, ladder=LADDER)
    built = asyncio.run(pipeline.build(order(), here))
    git(git_repo, "branch", "-D", "toolbuilder/dedupe")
    asked = len(provider.bodies)
    for name in ("connect", "connect_ex", "bind"):
        monkeypatch.setattr(socket.socket, name, no_socket)
    again = asyncio.run(pipeline.build(order(), workshop(git_repo, engine="replay")))
    assert (again.complete, again.tip, len(provider.bodies)) == (True, built.tip, asked)


def no_socket(*_: object) -> None:
    raise AssertionError("a replay asks nobody")


def test_the_prefix_that_a_build_shares_is_read_from_the_cache(git_repo: Path) -> None:
    provider = Provider()
    shop = Shop(git_repo, provider)
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


@pytest.mark.slow
def test_a_cap_is_never_exceeded_with_sixteen_calls_in_flight_and_the_build_goes_on_with_a_larger_one(
    git_repo: Path,
) -> None:
    provider = Provider()
    small = Shop(git_repo, provider, Ledger().also(run_cap(0.05)), most=16)
    names = [f"dedupe-{number}" for number in range(20)]
    ends = build_all(small, names)
    assert any(isinstance(end, BudgetReached) for end in ends)
    assert provider.billed <= Decimal("0.05")
    asked = [json.dumps(body) for body in provider.bodies]
    large = Shop(git_repo, provider, most=16)
    assert all(isinstance(end, Built) and end.complete for end in build_all(large, names))
    again = [json.dumps(body) for body in provider.bodies[len(asked) :]]
    assert {*again} & {*asked} == set()


def test_a_spec_that_allows_no_money_stops_capped_before_the_first_call(git_repo: Path) -> None:
    provider = Provider()
    shop = Shop(git_repo, provider, Ledger().also(build_cap("dedupe", 0.0, "context", ())))
    with pytest.raises(BudgetReached, match="build dedupe") as raised:
        build(shop)
    assert raised.value.exit_code == 4
    assert provider.bodies == []


def test_a_planted_key_is_nowhere_in_what_a_failing_build_leaves_behind(
    git_repo: Path, git: Git, caplog: pytest.LogCaptureFixture
) -> None:
    shop = Shop(git_repo, Provider(failing=1.0, seed=3))
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
    shop = Shop(folder, provider)
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
