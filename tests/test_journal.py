import asyncio
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from toolbuilder.adapters.git.objects import object_reader, read_files
from toolbuilder.adapters.git.process import Git
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.adapters.pushed_repository import NoCommit
from toolbuilder.errors import AnswerRejected, RaceLost, RepositoryError
from toolbuilder.journal import Journal
from toolbuilder.ports import Answer, Commit

RunGit = Callable[..., str]
DATE = "1700000000 +0000"
REF = "refs/toolbuilder/journal/tool"
KEYS = [f"{number:032x}" for number in range(20)]
ANSWER = Answer('{"é": 1}', "shop", "shop-1", input_tokens=10, output_tokens=5, cost_usd=0.125)


class BrokenRepository(GitRepository):
    """Breaks down when a ref is to be moved, as often as told."""

    failures = 1
    failure: Exception = RepositoryError("the disk is full")

    def swap(self, ref: str, new: str, old: str | None) -> None:
        if self.failures:
            self.failures -= 1
            raise self.failure
        super().swap(ref, new, old)


def journal_of(folder: Path) -> Journal:
    return Journal(GitRepository(folder), "tool", DATE)


def record(journal: Journal, *keys: str, answer: Answer = ANSWER) -> None:
    async def all_at_once() -> None:
        async with asyncio.timeout(30), asyncio.TaskGroup() as group:
            for key in keys:
                group.create_task(journal.record(key, "micro", answer))

    asyncio.run(all_at_once())


def test_a_recorded_answer_is_there_for_this_journal_and_the_next(git_repo: Path) -> None:
    journal = journal_of(git_repo)
    assert journal.get(KEYS[0]) is None
    record(journal, KEYS[0])
    for each in (journal, journal_of(git_repo)):
        assert each.get(KEYS[0]) == ANSWER
        assert each.entries[KEYS[0]].microtask == "micro"


def test_an_entry_is_one_line_of_canonical_json_with_nothing_but_the_answer(git_repo: Path, git: RunGit) -> None:
    record(journal_of(git_repo), KEYS[1])
    stored = git(git_repo, "show", f"{REF}:answers/00/{KEYS[1]}.json")
    answer = (
        '{"text":"{\\"é\\": 1}","engine":"shop","model":"shop-1","input_tokens":10,"output_tokens":5,"cost_usd":0.125,'
        '"cache_read_tokens":0,"cache_write_tokens":0,"purchase":null}'
    )
    assert stored == f'{{"microtask":"micro","answer":{answer}}}'


def test_answers_recorded_at_once_share_commits(git_repo: Path) -> None:
    journal = journal_of(git_repo)
    record(journal, *KEYS)
    log = GitRepository(git_repo).log(REF)
    assert len(log) < len(KEYS) / 2
    assert sum(int(entry.trailers["Toolbuilder-Answers"]) for entry in log) == len(KEYS)
    assert {entry.subject for entry in log} == {"Journal answers"}
    assert journal_of(git_repo).entries == journal.entries


def test_the_same_answers_make_the_same_commits(git_repo: Path, git: RunGit) -> None:
    git(git_repo, "clone", "--quiet", ".", "../other")
    tips = set()
    for folder in (git_repo, git_repo.parent / "other"):
        record(journal_of(folder), KEYS[0])
        tips.add(git(folder, "rev-parse", REF))
    assert len(tips) == 1


def test_the_first_answer_under_a_key_stays(git_repo: Path) -> None:
    journal, late = journal_of(git_repo), journal_of(git_repo)
    other = Answer("other", "shop", "shop-1")
    record(journal, KEYS[0])
    for each in (journal, late):
        record(each, KEYS[0], answer=other)
        assert each.get(KEYS[0]) == ANSWER
    assert len(GitRepository(git_repo).log(REF)) == 1


def test_the_cost_of_all_answers_adds_up_exactly(git_repo: Path) -> None:
    journal = journal_of(git_repo)
    assert journal.spent_usd() == 0
    record(journal, *KEYS[:10], answer=Answer("x", "shop", "shop-1", cost_usd=0.1))
    assert journal.spent_usd() == journal_of(git_repo).spent_usd() == 1.0


def test_a_lost_race_keeps_the_answers_of_both_sides(git_repo: Path) -> None:
    journals = [journal_of(git_repo) for _ in range(3)]
    for key, journal in zip(KEYS, journals, strict=False):
        record(journal, key)
    assert journal_of(git_repo).entries.keys() == set(KEYS[:3])
    assert journals[2].entries.keys() == set(KEYS[:3])


def test_answers_that_a_rewound_ref_has_lost_are_put_back(git_repo: Path, git: RunGit) -> None:
    journal = journal_of(git_repo)
    record(journal, KEYS[0])
    git(git_repo, "update-ref", "-d", REF)
    record(journal, KEYS[1])
    assert journal_of(git_repo).entries.keys() == set(KEYS[:2])


def test_a_ref_that_can_never_be_moved_is_an_error_and_not_a_loop(git_repo: Path) -> None:
    repository = BrokenRepository(git_repo)
    repository.failures, repository.failure = 1000, RaceLost("moved")
    with pytest.raises(ExceptionGroup) as caught:
        record(Journal(repository, "tool", DATE), KEYS[0])
    assert f"{REF} moved 100 times" in str(caught.value.exceptions[0])


def test_when_storing_fails_everybody_who_waits_is_told_and_the_next_attempt_works(git_repo: Path) -> None:
    repository = BrokenRepository(git_repo)
    journal = Journal(repository, "tool", DATE)

    async def all_at_once() -> list[BaseException | None]:
        async with asyncio.timeout(30):
            recording = [journal.record(key, "micro", ANSWER) for key in KEYS]
            return await asyncio.gather(*recording, return_exceptions=True)

    told = asyncio.run(all_at_once())
    failed = {key for key, result in zip(KEYS, told, strict=True) if isinstance(result, RepositoryError)}
    assert failed
    assert set(KEYS) - failed == journal.entries.keys() == journal_of(git_repo).entries.keys()
    record(journal, *failed)
    assert journal_of(git_repo).entries.keys() == set(KEYS)


def test_an_answer_whose_buyer_is_cancelled_is_stored_all_the_same_and_holds_nobody_up(git_repo: Path) -> None:
    journal = journal_of(git_repo)

    async def one_of_three_leaves() -> None:
        recording = [asyncio.create_task(journal.record(key, "micro", ANSWER)) for key in (*KEYS[:2], KEYS[0])]
        await asyncio.sleep(0)
        recording[0].cancel()
        async with asyncio.timeout(30):
            await asyncio.gather(*recording[1:])

    asyncio.run(one_of_three_leaves())
    assert journal_of(git_repo).entries.keys() == set(KEYS[:2])


def test_an_answer_is_stored_even_if_the_program_ends_at_once(git_repo: Path) -> None:
    journal = journal_of(git_repo)

    async def start_and_leave() -> None:
        recording = asyncio.create_task(journal.record(KEYS[0], "micro", ANSWER))
        await asyncio.sleep(0)
        assert not recording.done()

    asyncio.run(start_and_leave())
    assert journal_of(git_repo).get(KEYS[0]) == ANSWER


UNREADABLE = [
    Answer("half \ud800", "shop", "shop-1"),
    Answer("x", "shop", "shop-1", cost_usd=float("nan")),
    Answer("x", "shop", "shop-1", input_tokens="many"),  # type: ignore[arg-type]  # the mistake under test
]


@pytest.mark.parametrize("answer", UNREADABLE, ids=["surrogate", "nan", "type"])
def test_an_answer_that_could_not_be_read_back_is_not_let_in(answer: Answer, git_repo: Path) -> None:
    journal = journal_of(git_repo)
    with pytest.raises(ExceptionGroup) as caught:
        record(journal, KEYS[0], answer=answer)
    error = caught.value.exceptions[0]
    assert isinstance(error, AnswerRejected)
    assert "\n" not in str(error)
    assert GitRepository(git_repo).resolve(REF) is None


@pytest.mark.parametrize("key", ["", "../../etc", "ABCDEF0123", "0" * 65, "xyz"])
def test_what_is_not_a_content_key_is_refused(key: str, git_repo: Path) -> None:
    with pytest.raises(ExceptionGroup) as caught:
        record(journal_of(git_repo), key)
    assert "is not a content key" in str(caught.value.exceptions[0])


GOOD = {"microtask": "micro", "answer": {"text": "x", "engine": "shop", "model": "shop-1"}}
DAMAGED: dict[str, tuple[str, bytes]] = {
    "not json": (f"answers/00/{KEYS[0]}.json", b"{"),
    "empty": (f"answers/00/{KEYS[0]}.json", b""),
    "no answer": (f"answers/00/{KEYS[0]}.json", b'{"microtask": "micro"}'),
    "unknown field": (f"answers/00/{KEYS[0]}.json", json.dumps(GOOD | {"instruction": "secret"}).encode()),
    "not utf-8": (f"answers/00/{KEYS[0]}.json", b'{"microtask": "\xff"}'),
    "wrong folder": (f"answers/11/{KEYS[0]}.json", json.dumps(GOOD).encode()),
    "wrong name": ("answers/re/readme.json", json.dumps(GOOD).encode()),
    "nested": (f"answers/00/00/{KEYS[0]}.json", json.dumps(GOOD).encode()),
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_entry_is_an_error_that_names_it_and_says_what_to_type(damage: str, git_repo: Path) -> None:
    path, content = DAMAGED[damage]
    repository = GitRepository(git_repo)
    repository.swap(REF, repository.write(Commit((), "Damage\n", {path: content}, date=DATE)), None)
    with pytest.raises(RepositoryError) as caught:
        Journal(repository, "tool", DATE)
    assert str(caught.value).startswith(f"{REF}: {path} is not a journal entry: ")
    assert f"`git update-ref -d {REF}`" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_journal_of_a_hundred_mebibytes_is_opened_and_goes_on(git_repo: Path) -> None:
    repository = GitRepository(git_repo)
    answer = json.dumps(GOOD).replace('"x"', f'"{"x" * (1 << 20)}"').encode()
    files = {f"answers/{key[:2]}/{key}.json": answer for key in (f"{number:08x}" for number in range(100))}
    tip = repository.write(Commit((), "Many answers\n", files, date=DATE))
    repository.swap(REF, tip, None)
    journal = journal_of(git_repo)
    assert len(journal.entries) == 100
    record(journal, KEYS[0])
    assert len(journal_of(git_repo).entries) == 101
    with object_reader(Git(git_repo)) as reader, pytest.raises(RepositoryError, match=r"^answers/.*ls-tree -r --long"):
        read_files(reader, tip, "answers", limit=64 << 20)  # as it once was


def what_git_says(folder: Path) -> str:
    with pytest.raises(RepositoryError) as caught:
        journal_of(folder)
    return str(caught.value)


def test_a_ref_that_git_cannot_read_is_told_with_what_removes_it(git_repo: Path) -> None:
    record(journal_of(git_repo), KEYS[0])
    (git_repo / ".git" / REF).write_text("nonsense\n")
    told = what_git_says(git_repo)
    removes = f'rm "$(git rev-parse --git-path {REF})"'
    assert (
        told
        == f"{REF} is broken, `git fsck` says how; `{removes}` removes it, and forgets every answer: the next run asks again"
    )
    subprocess.run(removes, shell=True, check=True, cwd=git_repo)  # noqa: S602  # it is what the message says to type
    record(journal_of(git_repo), KEYS[1])


def test_no_other_refusal_is_answered_by_forgetting_what_was_paid(git_repo: Path) -> None:
    (git_repo / ".git/config").write_text("[core\n")
    told = what_git_says(git_repo)
    assert "bad config" in told
    assert "forget" not in told
    assert "rm " not in told


class ApartRepository(GitRepository):
    """Has a journal that is no commit, as a repository with a remote finds it."""

    def resolve(self, ref: str) -> str | None:
        raise NoCommit(f"{ref} is no commit here; to delete it, type `git update-ref -d {ref}`; then run again")


def test_advice_that_is_there_already_is_not_given_twice(git_repo: Path) -> None:
    with pytest.raises(NoCommit, match=r"then run again$"):
        Journal(ApartRepository(git_repo), "tool", DATE)


def test_files_beside_the_answers_are_left_alone(git_repo: Path) -> None:
    repository = GitRepository(git_repo)
    repository.swap(REF, repository.write(Commit((), "A note\n", {"note.txt": b"kept"}, date=DATE)), None)
    record(journal_of(git_repo), KEYS[0])
    assert repository.read(REF)["note.txt"] == b"kept"
