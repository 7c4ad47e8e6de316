import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.adapters.journaled_backend import JournaledBackend
from toolbuilder.errors import AnswerMissing, AnswerRejected, RepositoryError
from toolbuilder.journal import Journal
from toolbuilder.ports import Answer, Purchase, Question
from toolbuilder.spending import bought_by

QUESTION = Question("name_it", "Name it.", "context", "{}", "{}", deadline=1.0, max_tokens=100)


@dataclass
class Shop:
    """A backend whose every answer is another one; it answers as soon as it was asked `opens_at` times."""

    opens_at: int = 1
    asked: list[Question] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)

    async def ask(self, question: Question) -> Answer:
        self.asked.append(question)
        if len(self.asked) >= self.opens_at:
            self.open.set()
        await self.open.wait()
        if self.failures:
            raise self.failures.pop()
        return Answer(f"answer {len(self.asked)}", "shop", "shop-1")


def journal_of(folder: Path) -> Journal:
    return Journal(GitRepository(folder), "tool", "1700000000 +0000")


def ask_at_once(backend: JournaledBackend, *questions: Question) -> list[Answer | BaseException]:
    async def run() -> list[Answer | BaseException]:
        async with asyncio.timeout(30):
            return await asyncio.gather(*map(backend.ask, questions), return_exceptions=True)

    return asyncio.run(run())


def test_an_answer_is_stored_before_it_is_given(git_repo: Path) -> None:
    shop = Shop()
    [answer] = ask_at_once(JournaledBackend(shop, journal_of(git_repo)), QUESTION)
    assert journal_of(git_repo).get(QUESTION.key) == answer == Answer("answer 1", "shop", "shop-1")


def test_an_answer_that_the_journal_cannot_hold_is_booked_all_the_same(git_repo: Path) -> None:
    bought = Purchase("2026-03-01T12:00:00.000000+00:00", "brief", grant="a grant")

    class Half(Shop):
        async def ask(self, question: Question) -> Answer:
            return replace(await super().ask(question), text="half \ud800", cost_usd=0.5, purchase=bought)

    [end] = ask_at_once(JournaledBackend(Half(), journal_of(git_repo)), QUESTION)
    assert isinstance(end, AnswerRejected)
    [entry] = journal_of(git_repo).entries.values()
    assert (entry.answer.text, entry.answer.cost_usd) == ("", 0.5)
    assert entry.answer.purchase == replace(bought, answered=False)
    assert journal_of(git_repo).get(QUESTION.key) is None


def test_two_runs_that_buy_the_same_answer_have_both_paid(git_repo: Path) -> None:
    @dataclass
    class Paid(Shop):
        at: str = ""

        async def ask(self, question: Question) -> Answer:
            return replace(await super().ask(question), cost_usd=0.5, purchase=Purchase(self.at, "brief"))

    runs = [JournaledBackend(Paid(at=at), journal_of(git_repo)) for at in ("2026-03-01T12:00", "2026-03-01T12:01")]
    assert [ask_at_once(one, QUESTION) for one in runs] == [[journal_of(git_repo).get(QUESTION.key)]] * 2
    assert [one.purchase.at for one in bought_by(GitRepository(git_repo), ["tool"])] == [
        "2026-03-01T12:00",
        "2026-03-01T12:01",
    ]


def test_what_the_journal_holds_is_never_asked_again(git_repo: Path) -> None:
    shop = Shop()
    for _ in range(2):
        answers = ask_at_once(JournaledBackend(shop, journal_of(git_repo)), QUESTION)
        assert answers == [Answer("answer 1", "shop", "shop-1")]
    assert shop.asked == [QUESTION]


def test_a_question_asked_many_times_at_once_is_bought_once(git_repo: Path) -> None:
    shop = Shop()
    other = replace(QUESTION, input="{1}")
    answers = ask_at_once(JournaledBackend(shop, journal_of(git_repo)), *[QUESTION] * 5, other)
    assert shop.asked == [QUESTION, other]
    assert len(set(answers[:5])) == 1


def test_different_questions_are_asked_side_by_side(git_repo: Path) -> None:
    shop = Shop(opens_at=5)
    questions = [replace(QUESTION, input=str(number)) for number in range(5)]
    answers = ask_at_once(JournaledBackend(shop, journal_of(git_repo)), *questions)
    assert all(isinstance(answer, Answer) for answer in answers)


def test_a_failed_question_is_not_journalled_and_may_be_asked_again(git_repo: Path) -> None:
    shop = Shop(failures=[AnswerRejected("no")])
    first, second = ask_at_once(JournaledBackend(shop, journal_of(git_repo)), QUESTION, QUESTION)
    assert isinstance(first, AnswerRejected)
    assert second == Answer("answer 2", "shop", "shop-1")


def test_a_buyer_that_is_cancelled_does_not_take_the_others_with_it(git_repo: Path) -> None:
    shop = Shop(opens_at=2)
    backend = JournaledBackend(shop, journal_of(git_repo))

    async def run() -> Answer:
        first, second = (asyncio.create_task(backend.ask(QUESTION)) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        async with asyncio.timeout(30):
            return await second

    assert asyncio.run(run()).text == "answer 2"


def test_an_answer_that_cannot_be_stored_is_not_given(git_repo: Path, git: Callable[..., str]) -> None:
    git(git_repo, "update-ref", "refs/toolbuilder/journal", "HEAD")  # no ref fits below this one
    shop = Shop()
    [answer] = ask_at_once(JournaledBackend(shop, journal_of(git_repo)), QUESTION)
    assert isinstance(answer, RepositoryError)


def test_of_two_runs_that_buy_the_same_answer_both_give_the_first_one(git_repo: Path) -> None:
    shop = Shop()
    backends = [JournaledBackend(shop, journal_of(git_repo)) for _ in range(2)]
    answers = [ask_at_once(backend, QUESTION) for backend in backends]
    assert answers == [[Answer("answer 1", "shop", "shop-1")]] * 2
    assert len(shop.asked) == 2


def test_a_replay_gives_what_is_stored_and_names_what_is_missing(git_repo: Path) -> None:
    shop = Shop()
    [bought] = ask_at_once(JournaledBackend(shop, journal_of(git_repo)), QUESTION)
    missing = replace(QUESTION, input="{1}")
    replay = JournaledBackend(None, journal_of(git_repo))

    assert asyncio.run(replay.ask(QUESTION)) == bought
    with pytest.raises(
        AnswerMissing, match=rf"name_it: refs/toolbuilder/journal/tool holds no answer under {missing.key}"
    ):
        asyncio.run(replay.ask(missing))
