import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.sabotage import assert_guarded
from toolbuilder import runs
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.adapters.git.snapshot import snapshot
from toolbuilder.errors import BudgetReached, FileIsWrong, NeedsPerson, Problem, RepositoryError, ToolbuilderError
from toolbuilder.journal import Journal
from toolbuilder.ports import Answer, Commit

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
REF = "refs/toolbuilder/journal/x"


@pytest.fixture
def repository(git_repo: Path) -> GitRepository:
    return GitRepository(git_repo)


def a_run(repository: GitRepository, part: Any, name: str, hour: float = 0, **how: Any) -> Any:
    """Give a run of some name, at a time counted from noon."""
    claimant = part.Claimant(name, clock=lambda: NOON + timedelta(hours=hour), **how)
    return part.Run(repository, "x", claimant)


def forget(repository: GitRepository) -> None:
    tip = repository.resolve(REF)
    empty = Commit((tip,), "Forget\n", {}, removed=("run.json",)) if tip else None
    if empty:
        repository.swap(REF, repository.write(empty), tip)


def the_second_run_leaves_until_the_claim_runs_out(repository: GitRepository, part: Any) -> None:
    forget(repository)
    a_run(repository, part, "one").begin("generation", "here")
    tip = repository.resolve(REF)
    with pytest.raises(ToolbuilderError, match=r"x is being built by one, at generation; nothing was spent. Run again once that has ended, after 2026-11-22T14:00:00\+00:00 at the latest, or with --take-over") as caught:  # fmt: skip
        a_run(repository, part, "two", 1.9).begin("generation", "here")
    assert caught.value.exit_code == 1
    assert repository.resolve(REF) == tip
    a_run(repository, part, "two", 2.1).begin("generation", "here")
    assert part.record_of(repository, "x").run == "two"


def whoever_takes_over_is_not_disturbed_by_the_former(repository: GitRepository, part: Any) -> None:
    forget(repository)
    first, second = a_run(repository, part, "one"), a_run(repository, part, "two", take_over=True)
    first.begin("generation", "here")
    second.begin("generation", "here")
    first.end(RepositoryError("it failed"))
    assert (part.record_of(repository, "x").run, part.record_of(repository, "x").stopped) == ("two", None)


def three_deaths_at_one_place_need_a_person(repository: GitRepository, part: Any) -> None:
    forget(repository)
    a_run(repository, part, "zero", take_over=True).begin("architecture", "there")
    for number in (1, 2, 3):
        a_run(repository, part, f"run {number}", take_over=True).begin("generation", "here")
        assert part.record_of(repository, "x").deaths == number - 1
    fourth = a_run(repository, part, "run 4", take_over=True)
    with pytest.raises(NeedsPerson, match=r"3 runs have died at generation of x, the last one was run 3(.|\n)*toolbuilder run x --from generation") as caught:  # fmt: skip
        fourth.begin("generation", "here")
    fourth.end(caught.value)
    record = part.record_of(repository, "x")
    assert (record.run, record.deaths) == ("", 3)
    assert record.stopped_at("here") == part.stop_of(caught.value, "generation")
    with pytest.raises(NeedsPerson, match="3 runs have died"):
        a_run(repository, part, "run 5").begin("generation", "here")
    a_run(repository, part, "run 5").begin("generation", "elsewhere")
    assert part.record_of(repository, "x").deaths == 0


def asking_for_a_stage_forgets_the_deaths(repository: GitRepository, part: Any) -> None:
    forget(repository)
    for number in (1, 2, 3, 4, 5):
        a_run(repository, part, f"run {number}", take_over=True).begin("generation", "here", afresh=number > 3)
    assert part.record_of(repository, "x").deaths == 0


def a_stop_holds_at_its_place_alone(repository: GitRepository, part: Any) -> None:
    forget(repository)
    run = a_run(repository, part, "one")
    run.begin("generation", "here")
    run.end(NeedsPerson("no", findings=["E1 fails"], advice="Change E1."))
    record = part.record_of(repository, "x")
    assert record.stopped_at("here") == part.Stop(
        kind="needs_person", stage="generation", message="no", findings=("E1 fails",), advice="Change E1."
    )
    assert (record.run, record.stopped_at("there")) == ("", None)
    done = a_run(repository, part, "two")
    done.begin("generation", "here")
    done.end()
    assert part.record_of(repository, "x").stopped is None


def a_local_run_claims_nothing_but_tells_why_it_stopped(repository: GitRepository, part: Any) -> None:
    forget(repository)
    tip = repository.resolve(REF)
    run = a_run(repository, part, "")
    run.begin("generation", "here")
    assert repository.resolve(REF) == tip
    run.end()
    assert repository.resolve(REF) == tip
    run.end(BudgetReached("the cap"))
    assert part.record_of(repository, "x").stopped_at("here").kind == "capped"
    other = a_run(repository, part, "one")
    other.begin("generation", "here")
    tip = repository.resolve(REF)
    for hour in (1, 3):
        run = a_run(repository, part, "", hour)
        run.begin("generation", "here")
        run.end(RepositoryError("it failed"))
    assert repository.resolve(REF) == tip, "a claim is not a local run's to end, however old"


def what_a_dead_process_held_is_left_behind(repository: GitRepository, part: Any) -> None:
    """A process of this machine that was killed, as far as `ended` knows; of another's nothing is known."""
    forget(repository)
    for number, name in ((1, "vm, process 7"), (2, "vm, process 8"), (3, "vm, process 8")):  # 8 is given again
        run = a_run(
            repository,
            part,
            name,
            process=f"p{number}",
            ended={"p1", "p2", "p3"}.difference({f"p{number}"}).__contains__,
        )
        run.begin("generation", "here")
        run.begin("generation", "here")
        record = part.record_of(repository, "x")
        assert (record.run, record.process, record.deaths) == (name, f"p{number}", number - 1)
    with pytest.raises(part.ToolHeld, match="x is being built by vm, process 8, at generation"):
        a_run(repository, part, "elsewhere", process="p4").begin("generation", "here")
    a_run(repository, part, "vm, process 9", ended=lambda other: other == "p3").end()
    assert part.record_of(repository, "x").run == ""


@dataclass
class Observed:
    """A repository whose first move meets the end of the run that makes it, as an interrupt does."""

    inner: GitRepository
    meet: Callable[[], None]
    met: bool = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def swap(self, ref: str, new: str, old: str | None) -> None:
        if not self.met:
            self.met = True
            self.meet()
        self.inner.swap(ref, new, old)


@dataclass
class Lock:
    """A lock that tells when a second thread comes to it."""

    second: threading.Event
    lock: Any = field(default_factory=threading.Lock)

    def __enter__(self) -> None:
        if not self.lock.acquire(blocking=False):
            self.second.set()
            self.lock.acquire()

    def __exit__(self, *_: object) -> None:
        self.lock.release()


def an_interrupt_while_a_tool_is_claimed_lets_go_of_it(repository: GitRepository, part: Any) -> None:
    forget(repository)
    either = threading.Event()  # the end waits, or it is over

    def end() -> None:
        run.end(KeyboardInterrupt())
        either.set()

    ending = threading.Thread(target=end)

    def meet() -> None:
        ending.start()
        assert either.wait(60)

    run = a_run(repository, part, "one")
    run.repository, run.lock = Observed(repository, meet), Lock(either)
    run.begin("generation", "here")
    ending.join()
    assert (part.record_of(repository, "x").run, part.record_of(repository, "x").stopped) == ("", None)


def a_tool_is_not_claimed_after_the_interrupt(repository: GitRepository, part: Any) -> None:
    forget(repository)
    run = a_run(repository, part, "one")
    run.end(KeyboardInterrupt())
    run.begin("generation", "here")
    assert part.record_of(repository, "x").run == ""


def all_of_an_interrupted_runs_tools_are_let_go(repository: GitRepository, part: Any) -> None:
    """Even those whose turn comes after the event loop has cancelled, once more, all that is left."""
    forget(repository)
    run = a_run(repository, part, "one")
    run.begin("generation", "here")
    free = threading.Event()

    async def building(begun: asyncio.Event) -> None:
        async with part.held(run):
            begun.set()
            await asyncio.Event().wait()

    async def interrupted() -> None:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(1))
        begun = asyncio.Event()
        task = asyncio.create_task(building(begun))
        await begun.wait()
        loop.run_in_executor(None, free.wait)  # as a neighbour's last push
        for _ in range(2):
            task.cancel()
            await asyncio.wait({task}, timeout=0)
        free.set()

    asyncio.run(interrupted())
    assert part.record_of(repository, "x").run == ""


def letting_go_is_bounded(repository: GitRepository, part: Any) -> None:
    forget(repository)
    waited: list[float] = []

    def hurried(seconds: float) -> GitRepository:
        waited.append(seconds)
        return repository

    for error in (KeyboardInterrupt(), asyncio.CancelledError(), RepositoryError("it failed"), None):
        run = a_run(repository, part, "one")
        run.hurried = hurried
        run.begin("generation", "here")
        run.end(error)
        assert part.record_of(repository, "x").run == ""
    assert waited == [part.IN_A_HURRY] * 2 + [part.IN_PEACE] * 2
    assert part.IN_A_HURRY < 10 <= part.IN_PEACE < 120


GUARDED = [
    (letting_go_is_bounded, "self.hurried(seconds) if self.hurried else self.repository", "self.repository"),
    (letting_go_is_bounded, "if error is None or isinstance(error, Exception) else IN_A_HURRY", ""),
    (what_a_dead_process_held_is_left_behind, "not left and not", "not"),
    (what_a_dead_process_held_is_left_behind, "(old.run != mine or left)", "(old.run != mine)"),
    (what_a_dead_process_held_is_left_behind, "run=mine, process=process, ", "run=mine, "),
    (what_a_dead_process_held_is_left_behind, " and not self.claimant.ended(old.process)\n", "\n"),
    (an_interrupt_while_a_tool_is_claimed_lets_go_of_it, "        with self.lock:  # an interrupt", "        if True:  # an interrupt"),
    (a_tool_is_not_claimed_after_the_interrupt, "            if self.ended:", "            if False:"),
    (all_of_an_interrupted_runs_tools_are_let_go, "await asyncio.shield(asyncio.get_running_loop().run_in_executor(None, end))", "await asyncio.to_thread(end)"),
    (the_second_run_leaves_until_the_claim_runs_out, "old.held(now) and not left and not self.claimant.take_over", "False"),
    (the_second_run_leaves_until_the_claim_runs_out, "now < datetime.fromisoformat(self.until)", "True"),
    (whoever_takes_over_is_not_disturbed_by_the_former, "            return old  # it is another's to tell\n", "            pass\n"),
    (three_deaths_at_one_place_need_a_person, "old.deaths + died if", "old.deaths if"),
    (three_deaths_at_one_place_need_a_person, "old.place == self.place and not afresh", "not afresh"),
    (three_deaths_at_one_place_need_a_person, '{"", self.claimant.name, self.displaced}', '{"", self.claimant.name}'),
    (three_deaths_at_one_place_need_a_person, "deaths = self.deaths if self.deaths >= MOST_DEATHS else 0", "deaths = 0"),
    (asking_for_a_stage_forgets_the_deaths, " and not afresh else", " else"),
    (a_stop_holds_at_its_place_alone, "return self.stopped if place == self.place else None", "return self.stopped"),
    (a_local_run_claims_nothing_but_tells_why_it_stopped, "            if not self.claimant.name:\n                return\n", ""),
    (a_local_run_claims_nothing_but_tells_why_it_stopped, "not self.claimant.name or stands", "stands"),
]  # fmt: skip


@pytest.mark.parametrize(("check", "text", "instead"), GUARDED)
def test_what_a_run_record_promises_is_guarded(
    repository: GitRepository, check: Callable[..., None], text: str, instead: str
) -> None:
    assert_guarded(runs, (partial(check, repository), text, instead))


def test_a_run_record_and_answers_share_a_ref_and_lose_nothing_to_each_other(repository: GitRepository) -> None:
    journal = Journal(repository, "x", "0 +0000")
    a_run(repository, runs, "one").begin("generation", "here")
    asyncio.run(journal.record("0" * 32, "ask", Answer("{}", "e", "m")))
    a_run(repository, runs, "one").end(RepositoryError("it failed"))
    assert Journal(repository, "x", "0 +0000").entries.keys() == {"0" * 32}
    assert runs.record_of(repository, "x").stopped_at("") is not None


def test_the_same_stop_twice_is_one_commit(repository: GitRepository) -> None:
    for _ in range(2):
        a_run(repository, runs, "").end(RepositoryError("it failed"))
    assert len(repository.log(REF)) == 1


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"run": 1}', b'{"deaths": "many"}', b"\xff"])
def test_a_record_that_cannot_be_read_holds_nobody_up(content: bytes, repository: GitRepository) -> None:
    commit = Commit((), "Broken\n", {"run.json": content}, date="0 +0000")
    repository.swap(REF, repository.write(commit), None)
    assert runs.record_of(repository, "x") == runs.RunRecord()
    a_run(repository, runs, "one").begin("generation", "here")
    assert runs.record_of(repository, "x").run == "one"


def test_a_journal_that_is_no_commit_stops_its_own_run_and_nobody_who_looks(
    repository: GitRepository, git_repo: Path, git: Callable[..., str]
) -> None:
    (git_repo / "stray").write_text("x")
    git(git_repo, "update-ref", REF, git(git_repo, "hash-object", "-w", "stray").strip())
    with snapshot(git_repo) as seen:
        assert runs.record_of(seen, "x") == runs.record_of(repository, "x") == runs.RunRecord()
    with pytest.raises(RepositoryError):
        a_run(repository, runs, "one").begin("generation", "here")


def test_a_newer_record_can_be_read_and_an_odd_time_holds_nobody_up() -> None:
    read = runs.RunRecord.model_validate_json('{"run": "one", "until": "tomorrow", "mood": "good"}')
    assert (read.run, read.held(NOON)) == ("one", False)
    assert not replace_until(read, "2030-01-01T00:00:00").held(NOON), "a time without a zone is no time"


def replace_until(record: runs.RunRecord, until: str) -> runs.RunRecord:
    return record.model_copy(update={"until": until})


STOPS = [
    (NeedsPerson("m", findings=["f" * 9_000] * 99, advice="a"), "needs_person"),
    (FileIsWrong([Problem("specs/x.yaml", 1, 2, "no")]), "needs_person"),
    (BudgetReached("m"), "capped"),
    (RepositoryError("m"), "failed"),
    (OSError("m"), "failed"),
]  # fmt: skip


@pytest.mark.parametrize(("error", "kind"), STOPS)
def test_every_error_is_told_as_a_short_reason(error: Exception, kind: str) -> None:
    stop = runs.stop_of(error, "generation")
    assert stop
    assert (stop.kind, stop.stage) == (kind, "generation")
    assert len(stop.model_dump_json()) < 60_000


def test_a_bug_is_told_by_its_class_alone_and_an_interrupt_not_at_all() -> None:
    bug = runs.stop_of(KeyError("words of a held-out example"), "generation")
    assert bug
    assert (bug.kind, bug.message) == ("failed", "a bug of toolbuilder: KeyError")
    assert runs.stop_of(KeyboardInterrupt(), "generation") is None


def test_a_run_is_named_by_its_address_or_its_machine() -> None:
    github = {
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_REPOSITORY": "o/r",
        "GITHUB_RUN_ID": "7",
        "GITHUB_RUN_ATTEMPT": "2",
    }
    assert runs.run_name(github) == "https://github.com/o/r/actions/runs/7/attempts/2"
    assert "process" in runs.run_name({})
    assert replace(runs.NOBODY, name=runs.run_name({})).name
