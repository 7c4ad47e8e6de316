"""A model that writes what looks like a credential: it is told so, and nobody keeps a word of it."""

import asyncio
import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.anthropic.peer import QUESTION
from tests.batched_provider import BatchedProvider, BatchShop, run
from tests.known_model import KnownProvider
from tests.paid_provider import MODEL, price, question_of
from tests.paid_shop import Shop, order, untouched
from tests.pipeline_world import DATE
from tests.sabotage import Protection, assert_guarded
from toolbuilder import pipeline
from toolbuilder.adapters import budgeted_backend
from toolbuilder.adapters.batches import booking
from toolbuilder.adapters.batches.record import Batch, Sent
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.adapters.journaled_backend import JournaledBackend
from toolbuilder.budget import Ledger
from toolbuilder.build import Built
from toolbuilder.errors import NeedsPerson
from toolbuilder.journal import Journal
from toolbuilder.ports import Answer, ModelBackend, Question
from toolbuilder.pricing import Model
from toolbuilder.spending import bought_by, sum_of
from toolbuilder.stages import STAGES

SECRET = "sk-ant-" + "a" * 24  # made up, and put together here so that no scanner takes it for a real one
LEAKED = f'\nKEY = "{SECRET}"\n'
ASKED_FOR = {"write_module": "source", "write_readme": "summary", "identify_problem": "problem"}
LADDER = ("small", "small", "large")


def leaking(answer: str, field_name: str) -> str:
    value = json.loads(answer)
    return json.dumps({**value, field_name: value[field_name] + LEAKED})


@dataclass
class Leaky(KnownProvider):
    """A provider whose model writes a credential into the first answers to one microtask."""

    microtask: str = "write_module"
    times: int = 1
    leaks: int = 0

    async def _think(self, body: dict[str, Any]) -> str:
        answer = await super()._think(body)
        if question_of(body).microtask != self.microtask or self.leaks == self.times:
            return answer
        self.leaks += 1
        return leaking(answer, ASKED_FOR[self.microtask])


@dataclass
class LeakyByPost(BatchedProvider):
    """The same by batch."""

    leaks: int = 0

    async def _think(self, body: dict[str, Any]) -> str:
        answer = await super()._think(body)
        if question_of(body).microtask != "identify_problem" or self.leaks:
            return answer
        self.leaks += 1
        return leaking(answer, "problem")


@dataclass
class Keeping:
    """A sabotaged engine: the words that were withheld are there again."""

    inner: ModelBackend
    seen: list[str] = field(default_factory=list)

    async def ask(self, question: Question) -> Answer:
        answer = await self.inner.ask(question)
        said = {"source": LEAKED, "notes": []}
        return replace(answer, text=json.dumps(said), withheld="") if answer.withheld else answer


def everything_in(folder: Path) -> str:
    command = ["git", "cat-file", "--batch-all-objects", "--batch"]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True).stdout.decode(errors="replace")


def built(shop: Shop) -> Built:
    return asyncio.run(pipeline.build(order(), shop.whole_workshop(STAGES)))


def told(provider: KnownProvider | LeakyByPost) -> list[str]:
    """Give what requests said of an answer before."""
    return [str(one["messages"]) for one in provider.bodies if "<feedback>" in str(one["messages"])]


def wrong(folder: Path, provider: Leaky, retried: Callable[[ModelBackend], ModelBackend] = untouched) -> list[str]:
    """Build a tool whose model leaks once; say what is wrong with what is left."""
    shop = Shop(folder, provider, retried=retried)
    try:
        complete = built(shop).complete
    except Exception as error:  # noqa: BLE001  (whatever it is, it is no finished build)
        return [f"the build stopped: {error}", *(["kept"] if SECRET in everything_in(folder) else [])]
    bought = bought_by(GitRepository(folder), ["dedupe"])
    feedback = told(provider)
    return [
        *([] if complete else ["not complete"]),
        *(["kept"] if SECRET in everything_in(folder) else []),
        *(["repeated to the model"] if SECRET in json.dumps(provider.bodies) else []),
        *([] if sum_of(bought) == provider.billed else ["the books do not agree"]),
        *([] if sum(not one.purchase.answered for one in bought) == 1 else ["the purchase is not told apart"]),
        *(
            []
            if len(feedback) == 1 and "holds what looks like an API key" in feedback[0]
            else ["the model is not told"]
        ),
        *([] if "YOUR_KEY_HERE" in str(feedback) else ["no placeholder is named"]),
    ]


@pytest.mark.parametrize("microtask", ASKED_FOR)
def test_an_answer_with_a_credential_is_asked_for_again_and_not_kept(git_repo: Path, microtask: str) -> None:
    assert wrong(git_repo, Leaky(microtask=microtask)) == []


def test_an_engine_that_keeps_such_an_answer_would_be_noticed(git_repo: Path) -> None:
    assert "kept" in wrong(git_repo, Leaky(), Keeping)


def test_a_model_that_writes_one_each_time_stops_the_build_and_is_not_asked_again(git_repo: Path) -> None:
    provider = Leaky(times=99)
    for _ in range(2):
        with pytest.raises(NeedsPerson, match=r"write_module: source: line \d+ holds what looks like an API key"):
            built(Shop(git_repo, provider))
        assert provider.leaks == len(LADDER)
    assert SECRET not in everything_in(git_repo)


def test_what_was_withheld_is_rebuilt_from_the_journal_alone(git_repo: Path, git: Callable[..., str]) -> None:
    provider = Leaky()
    shop = Shop(git_repo, provider)
    first = built(shop)
    git(git_repo, "branch", "-D", "toolbuilder/dedupe")

    def replayed(_spec: object) -> ModelBackend:
        return JournaledBackend(None, Journal(GitRepository(git_repo), "dedupe", DATE))

    asked = len(provider.bodies)
    here = replace(shop.whole_workshop(STAGES), backend=replayed, ladder=("offline",) * 4)
    again = asyncio.run(pipeline.build(order(), here))
    assert (again.tip, len(provider.bodies)) == (first.tip, asked)


def test_the_same_holds_for_the_answers_of_a_batch(git_repo: Path, tmp_path: Path) -> None:
    folder = tmp_path / "provider"
    folder.mkdir()
    provider = LeakyByPost(folder=folder)
    end = run(BatchShop(git_repo, provider), "dedupe")["dedupe"]
    assert isinstance(end, Built)
    assert end.complete
    bought = bought_by(GitRepository(git_repo), ["dedupe"])
    assert sum_of(bought) == provider.charged > 0
    assert [one.purchase.answered for one in bought].count(False) == 1
    assert SECRET not in everything_in(git_repo) + json.dumps(provider.bodies)
    assert len(told(provider)) == 1


WITHHELD = Answer("", "anthropic", MODEL, 10, 5, withheld="name: line 1 holds what looks like an API key")


class Withholding:
    """A model whose answer is withheld."""

    async def ask(self, _question: Question) -> Answer:
        return WITHHELD


async def nothing(*_: object) -> None:
    """Put nothing on record."""


def a_call_whose_answer_is_withheld_brought_nothing(part: Any) -> None:
    paid = part.BudgetedBackend(Withholding(), Ledger(), Model("anthropic", MODEL, price), nothing)
    answer = asyncio.run(paid.ask(QUESTION))
    assert (answer.purchase.answered, answer.cost_usd > 0) == (False, True)


def a_letter_whose_answer_is_withheld_brought_nothing(part: Any) -> None:
    sent = Sent(tool="dedupe", key="k", microtask="m", max_tokens=9, model=MODEL, build="b", worst=None)
    answer = part.booked(WITHHELD, sent, Batch(id="b", at="2026-11-22T10:00:00Z", sent={"k": sent}), price)
    assert (answer.purchase.answered, answer.cost_usd > 0) == (False, True)


BOOKED: list[tuple[Any, Protection]] = [
    (budgeted_backend, (a_call_whose_answer_is_withheld_brought_nothing, "answered=not answer.withheld", "answered=True")),
    (booking, (a_letter_whose_answer_is_withheld_brought_nothing, "answered=not outcome.withheld", "answered=True")),
]  # fmt: skip


@pytest.mark.parametrize(("module", "protection"), BOOKED)
def test_what_was_withheld_is_booked_as_no_usable_answer(module: Any, protection: Protection) -> None:
    assert_guarded(module, protection)
