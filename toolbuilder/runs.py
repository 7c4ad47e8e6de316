"""The run record: who builds a tool now, how often that ended in death, and why it stopped.

One file, `run.json`, beside the answers on the tool's journal ref: claim, crash counter and the reason of a stop at
once. It is advice, never truth: whoever ignores it loses money, but nothing else, for only a swap commits.
"""

import asyncio
import os
import platform
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal, TypeAlias

from toolbuilder.errors import BudgetReached, FileIsWrong, MergeConflict, NeedsPerson, ToolbuilderError
from toolbuilder.journal_files import JournalFile, Written
from toolbuilder.ports import Repository

LIFETIME = timedelta(hours=2)  # of a claim; each stage renews it
IN_A_HURRY = 5.0  # seconds to let go of a tool after an interrupt: GitHub kills after ten
IN_PEACE = 60.0  # seconds to let go of it otherwise; past that, the claim runs out by itself
MOST_DEATHS = 3  # at one place: the next run would most likely die there too
LONGEST = 2_000  # characters of one text
MOST_PATHS = 20  # and as many findings

Hurried: TypeAlias = Callable[[float], Repository]  # the repository, for whoever has no more than so many seconds
Kind: TypeAlias = Literal["needs_person", "capped", "failed"]


class Stop(Written):
    """Why a run stopped: a person must act, the money is used up, or it failed, and the same again may help."""

    kind: Kind
    stage: str = ""
    message: str = ""
    findings: tuple[str, ...] = ()
    advice: str = ""
    paths: tuple[str, ...] = ()  # in conflict, of which the place tells as well


class ToolHeld(ToolbuilderError):
    """Another run builds the tool."""


class RunRecord(Written):
    """Who holds a tool, until when, and where; `place` names all that a stage starts from."""

    run: str = ""  # empty: nobody holds the tool
    process: str = ""  # of that run, as its machine knows it; empty: it cannot be told whether that has ended
    until: str = ""  # ISO 8601 in UTC; the claim is void afterwards
    stage: str = ""
    place: str = ""
    deaths: int = 0  # of runs, at that place
    stopped: Stop | None = None

    def held(self, now: datetime) -> bool:
        """Say whether somebody holds the tool at this time."""
        try:
            return bool(self.run) and now < datetime.fromisoformat(self.until)
        except (ValueError, TypeError):  # no time, or one without a zone
            return False

    def stopped_at(self, place: str) -> Stop | None:
        """Give the reason of a stop at a place; any change of the place has lifted it."""
        return self.stopped if place == self.place else None


_FILE = JournalFile("run.json", "run record", RunRecord)


@dataclass(frozen=True)
class Claimant:
    """Who runs: its name ("": it claims nothing, as nobody else can see it), and whether it takes a held tool over."""

    name: str = ""
    take_over: bool = False
    process: str = ""  # a name that no other process ever has
    ended: Callable[[str], bool] = lambda _: False  # whether a process is known to have ended
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)


NOBODY = Claimant()


def record_of(repository: Repository, tool: str) -> RunRecord:
    """Give a tool's run record; an empty one where there is none that can be read."""
    return _FILE.read(repository, tool)


def stop_of(error: BaseException, stage: str) -> Stop | None:
    """Tell an error as the reason of a stop: None for an interrupt, the class alone for a bug of toolbuilder."""
    match error:
        case NeedsPerson():
            findings = tuple(_short(finding) for finding in error.findings[:MOST_PATHS])
            return Stop(
                kind="needs_person",
                stage=stage,
                message=_short(error.message),
                findings=findings,
                advice=_short(error.advice),
                paths=error.paths[:MOST_PATHS] if isinstance(error, MergeConflict) else (),
            )
        case FileIsWrong():
            findings = tuple(_short(str(problem)) for problem in error.problems[:20])
            return Stop(kind="needs_person", stage=stage, message="a file is wrong", findings=findings)
        case BudgetReached():
            return Stop(kind="capped", stage=stage, message=_short(str(error)))
        case ToolbuilderError() | OSError():
            return Stop(kind="failed", stage=stage, message=_short(str(error)))
        case Exception():
            return Stop(kind="failed", stage=stage, message=f"a bug of toolbuilder: {type(error).__name__}")
        case _:
            return None


@dataclass
class Run:
    """One run's hold on one tool, from its first stage to its end."""

    repository: Repository
    tool: str
    claimant: Claimant
    date: str = "0 +0000"  # of the first commit of a journal
    stage: str = ""
    place: str = ""
    deaths: int = 0
    displaced: str = ""  # the run that died here, or was taken over
    ended: bool = False
    lock: AbstractContextManager[object] = field(default_factory=threading.Lock)  # of one stage's begin or the end
    hurried: Hurried | None = None  # None: the repository keeps nobody waiting

    def begin(self, stage: str, place: str, *, afresh: bool = False, again: str = "") -> None:
        """Claim the tool for a stage, or for what comes before the stages, before anything is paid or moved.

        `afresh` forgets earlier deaths; a person asks for that by the stage `again`, the same stage if empty. Raises
        ToolHeld when another run holds the tool, NeedsPerson when too many have died here.
        """
        with self.lock:
            if self.ended:  # an interrupt was faster than the thread that was to claim the tool
                return
            self.stage, self.place = stage, place
            if not self.claimant.name:
                return
            self._move(lambda old: self._claim(old, again or stage, afresh=afresh), self.repository)

    def end(self, error: BaseException | None = None) -> None:
        """Let go of the tool, and write down why it stopped; nothing is written where there is nothing to tell.

        A remote that hangs is not waited for beyond a bound. Raises what moving the journal raises.
        """
        with self.lock:  # an interrupt does not stop the thread that claims the tool: what it writes comes first
            self.ended = True
            stopped = stop_of(error, self.stage) if error else None
            seconds = IN_PEACE if error is None or isinstance(error, Exception) else IN_A_HURRY
            repository = self.hurried(seconds) if self.hurried else self.repository
            self._move(lambda old: self._left(old, stopped), repository)

    def _claim(self, old: RunRecord, again: str, *, afresh: bool) -> RunRecord:
        now, mine = self.claimant.clock(), self.claimant.name
        left = self.claimant.ended(old.process)  # behind: nobody holds the tool any more
        if old.run != mine and old.held(now) and not left and not self.claimant.take_over:
            raise ToolHeld(
                f"{self.tool} is being built by {old.run}, at {old.stage}; nothing was spent. "
                f"Run again once that has ended, after {old.until} at the latest, or with --take-over"
            )
        died = bool(old.run) and (old.run != mine or left)  # a number, and with it a name, is given again
        self.displaced = old.run
        self.deaths = old.deaths + died if old.place == self.place and not afresh else 0
        if self.deaths >= MOST_DEATHS:
            last = f", the last one was {old.run}" if died else ""
            raise NeedsPerson(
                f"{self.deaths} runs have died at {self.stage} of {self.tool}{last}",
                advice=f"Find out what killed them (memory, time, the machine); then `toolbuilder run {self.tool} "
                f"--from {again}` goes on, and so does any change of the spec or the branch.",
            )
        until = (now + LIFETIME).isoformat(timespec="seconds")
        process = self.claimant.process
        return RunRecord(run=mine, process=process, until=until, stage=self.stage, place=self.place, deaths=self.deaths)

    def _left(self, old: RunRecord, stopped: Stop | None) -> RunRecord:
        claimed = old.run not in {"", self.claimant.name, self.displaced}
        stands = old.held(self.claimant.clock()) and not self.claimant.ended(old.process)
        if claimed and (not self.claimant.name or stands):
            return old  # it is another's to tell
        deaths = self.deaths if self.deaths >= MOST_DEATHS else 0
        return RunRecord(stage=self.stage, place=self.place, deaths=deaths, stopped=stopped)

    def _move(self, change: Callable[[RunRecord], RunRecord], repository: Repository) -> None:
        """Change the record; one that says nothing is not written beside another."""

        def telling(old: RunRecord) -> RunRecord:
            new = change(old)
            return new if old.run or new.run or old.stopped or new.stopped else old

        _FILE.change(repository, self.tool, telling, self.date)


@asynccontextmanager
async def held(run: Run) -> AsyncIterator[None]:
    """Let go of the tool however the block ends; where that cannot be written down, the claim runs out by itself."""
    try:
        yield
    except BaseException as error:
        await _let_go(run, error)
        raise
    await _let_go(run)


async def _let_go(run: Run, error: BaseException | None = None) -> None:
    def end() -> None:
        with suppress(ToolbuilderError, OSError):
            run.end(error)

    # Not a task: an interrupted event loop cancels its tasks, also those that let go, but waits for its threads.
    await asyncio.shield(asyncio.get_running_loop().run_in_executor(None, end))


def run_name(environment: Mapping[str, str]) -> str:
    """Name this run: by its address at GitHub Actions, else by machine and process."""
    if run := environment.get("GITHUB_RUN_ID"):
        place = f"{environment.get('GITHUB_SERVER_URL', '')}/{environment.get('GITHUB_REPOSITORY', '')}".strip("/")
        return f"{place}/actions/runs/{run}/attempts/{environment.get('GITHUB_RUN_ATTEMPT', '1')}"
    return f"{platform.node() or 'here'}, process {os.getpid()}"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
