import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from tests.bought import PAID
from tests.pipeline_world import DATE
from tests.sabotage import assert_guarded
from toolbuilder.adapters import shared_backend
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.adapters.journaled_backend import JournaledBackend
from toolbuilder.errors import AnswerRejected
from toolbuilder.journal import Journal
from toolbuilder.ports import Answer, Question
from toolbuilder.spending import bought_by

QUESTION = Question("name_it", "Name it.", "the same brief", "{}", "{}", deadline=5, max_tokens=10, rung="small")
MODELS = Answer('{"name": "a model\'s"}', "anthropic", "small-1", 100, 20, 0.25, purchase=PAID)
EMBEDDED = Answer('{"name": "embedded"}', "offline", "synthesis-1")


@dataclass
class Shop:
    """A paid engine that says no, and counts how often it was asked."""

    asked: list[Question] = field(default_factory=list)

    async def ask(self, question: Question) -> Answer:
        self.asked.append(question)
        raise AnswerRejected("the shop is closed")


def journal(folder: Path, tool: str) -> Journal:
    return Journal(GitRepository(folder), tool, DATE)


def stored(folder: Path, tool: str, answer: Answer) -> None:
    asyncio.run(journal(folder, tool).record(QUESTION.key, QUESTION.microtask, answer))


def ask(folder: Path, part: Any, shop: Shop, question: Question = QUESTION) -> Answer:
    shared = part.SharedBackend(shop, lambda: [journal(folder, tool) for tool in ("one", "two")])
    return asyncio.run(JournaledBackend(shared, journal(folder, "mine")).ask(question))


def what_another_tool_has_bought_is_not_bought_again(folder: Path, part: Any) -> None:
    stored(folder, "two", MODELS)
    shop = Shop()
    assert ask(folder, part, shop) == replace(MODELS, cost_usd=0.0, purchase=None)
    assert shop.asked == []
    assert journal(folder, "mine").spent_usd() == 0
    assert [one.tool for one in bought_by(GitRepository(folder), ["mine", "one", "two"])] == ["two"]


def what_the_embedded_engine_said_to_another_is_no_models_answer(folder: Path, part: Any) -> None:
    stored(folder, "one", EMBEDDED)
    shop = Shop()
    with pytest.raises(AnswerRejected):
        ask(folder, part, shop)
    assert len(shop.asked) == 1


GUARDED = [
    (what_another_tool_has_bought_is_not_bought_again, "replace(known, cost_usd=0.0, purchase=None)", "known"),
    (what_another_tool_has_bought_is_not_bought_again, "for journal in self.others()", "for journal in [*self.others()][:1]"),
    (what_the_embedded_engine_said_to_another_is_no_models_answer, "if answer and answer.engine != OFFLINE", "if answer"),
]  # fmt: skip


@pytest.mark.parametrize(("check", "text", "instead"), GUARDED)
def test_answers_are_shared_between_tools(
    tmp_path: Path, git: Callable[..., str], check: Callable[..., None], text: str, instead: str
) -> None:
    def fresh(part: Any) -> None:
        folder = tmp_path / str(len([*tmp_path.iterdir()]))
        git(tmp_path, "init", "--quiet", str(folder))
        check(folder, part)

    assert_guarded(shared_backend, (fresh, text, instead))


def test_another_question_is_asked(git_repo: Path) -> None:
    stored(git_repo, "one", MODELS)
    shop = Shop()
    with pytest.raises(AnswerRejected):
        ask(git_repo, shared_backend, shop, replace(QUESTION, input="[]"))
    assert len(shop.asked) == 1


def test_no_other_journal_is_opened_before_somebody_has_to_be_paid(git_repo: Path) -> None:
    opened: list[str] = []

    def others() -> Iterator[Journal]:
        opened.append("one")
        yield journal(git_repo, "one")

    mine = journal(git_repo, "mine")
    backend = JournaledBackend(shared_backend.SharedBackend(Seller(MODELS), others), mine)
    assert opened == []
    for _ in range(2):
        assert asyncio.run(backend.ask(QUESTION)) == MODELS
    assert opened == ["one"]


@dataclass
class Seller:
    """Sells one answer."""

    answer: Answer

    async def ask(self, question: Question) -> Answer:
        assert question == QUESTION
        return self.answer
