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

from pydantic import BaseModel, ConfigDict, ValidationError

from toolbuilder.commits import journal_ref
from toolbuilder.errors import BudgetReached, FileIsWrong, NeedsPerson, RaceLost, RepositoryError, ToolbuilderError
from toolbuilder.ports import Commit, Repository
from toolbuilder.schema import canonical_json

RUN_FILE = "run.json"
LIFETIME = timedelta(hours=2)  # of a claim; each stage renews it
MOST_DEATHS = 3  # at one place: the next run would most likely die there too
LONGEST = 2_000  # characters of one text
_ATTEMPTS = 100  # every lost race is somebody else's progress

Kind: TypeAlias = Literal["needs_person", "capped", "failed"]


class _Written(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)  # a newer toolbuilder may say more


class Stop(_Written):
    """Why a run stopped: a person must act, the money is used up, or it failed, and the same again may help."""

    kind: Kind
    stage: str = ""
    message: str = ""
    findings: tuple[str, ...] = ()
    advice: str = ""


class ToolHeld(ToolbuilderError):
    """Another run builds the tool."""


class RunRecord(_Written):
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
    try:
        return _record(repository, tool)
    except RepositoryError:  # its own build tells what is wrong with the journal; those of others go on
        return RunRecord()


def _record(repository: Repository, tool: str) -> RunRecord:
    tip = repository.resolve(journal_ref(tool))
    files = repository.read(tip, RUN_FILE) if tip else {}
    try:
        return RunRecord.model_validate_json(files.get(RUN_FILE, b"{}"), strict=True)
    except ValidationError:
        return RunRecord()


def stop_of(error: BaseException, stage: str) -> Stop | None:
    """Tell an error as the reason of a stop: None for an interrupt, the class alone for a bug of toolbuilder."""
    match error:
        case NeedsPerson():
            findings = tuple(_short(finding) for finding in error.findings[:20])
            return Stop(
                kind="needs_person",
                stage=stage,
                message=_short(error.message),
                findings=findings,
                advice=_short(error.advice),
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

    def begin(self, stage: str, place: str, *, afresh: bool = False) -> None:
        """Claim the tool for a stage, before anything is paid.

        `afresh` forgets earlier deaths. Raises ToolHeld when another run holds the tool, NeedsPerson when too many
        have died here.
        """
        with self.lock:
            if self.ended:  # an interrupt was faster than the thread that was to claim the tool
                return
            self.stage, self.place = stage, place
            if not self.claimant.name:
                return
            self._move(lambda old: self._claim(old, afresh=afresh))

    def end(self, error: BaseException | None = None) -> None:
        """Let go of the tool, and write down why it stopped; nothing is written where there is nothing to tell."""
        with self.lock:  # an interrupt does not stop the thread that claims the tool: what it writes comes first
            self.ended = True
            stopped = stop_of(error, self.stage) if error else None
            self._move(lambda old: self._left(old, stopped))

    def _claim(self, old: RunRecord, *, afresh: bool) -> RunRecord:
        now, mine = self.claimant.clock(), self.claimant.name
        left = self.claimant.ended(old.process)  # behind: nobody holds the tool any more
        if old.run != mine and old.held(now) and not left and not self.claimant.take_over:
            raise ToolHeld(
                f"{self.tool} is being built by {old.run}, at {old.stage}; nothing was spent. "
                f"Run again after {old.until}, or with --take-over"
            )
        died = bool(old.run) and (old.run != mine or left)  # a number, and with it a name, is given again
        self.displaced = old.run
        self.deaths = old.deaths + died if old.place == self.place and not afresh else 0
        if self.deaths >= MOST_DEATHS:
            last = f", the last one was {old.run}" if died else ""
            raise NeedsPerson(
                f"{self.deaths} runs have died at {self.stage} of {self.tool}{last}",
                advice=f"Find out what killed them (memory, time, the machine); then `toolbuilder run {self.tool} "
                f"--from {self.stage}` goes on, and so does any change of the spec or the branch.",
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

    def _move(self, change: Callable[[RunRecord], RunRecord]) -> None:
        """Change the record by compare-and-swap."""
        ref = journal_ref(self.tool)
        for _ in range(_ATTEMPTS):
            tip = self.repository.resolve(ref)
            old = _record(self.repository, self.tool)
            new = change(old)
            if new == old or not (old.run or new.run or old.stopped or new.stopped):
                return
            content = (canonical_json(new) + "\n").encode()
            message = f"{self.tool}: run record\n\nToolbuilder-Tool: {self.tool}\n"
            commit = Commit((tip,) if tip else (), message, {RUN_FILE: content}, date="" if tip else self.date)
            try:
                self.repository.swap(ref, self.repository.write(commit), tip)
            except RaceLost:
                continue
            return
        raise ToolbuilderError(f"{ref} moved {_ATTEMPTS} times while {RUN_FILE} was written; run again")


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
