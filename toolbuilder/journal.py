"""Every paid answer of a tool's builds, by content key, on one ref: cache, memory across kills, and replay at once."""

import asyncio
import math
import re
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import asdict, dataclass, field

from pydantic import BaseModel, ConfigDict, ValidationError

from toolbuilder.commits import journal_ref
from toolbuilder.errors import AnswerRejected, RaceLost, RefBroken, RepositoryError
from toolbuilder.ports import Answer, Commit, Repository
from toolbuilder.schema import canonical_json

_KEY = re.compile(r"[0-9a-f]{8,64}")
_ATTEMPTS = 100  # every lost race is somebody else's progress; so many in a row mean that the ref cannot be moved


class Entry(BaseModel):
    """What the journal keeps of one answer: never the instruction, the input or a held-out example."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    microtask: str
    answer: Answer


@dataclass(frozen=True)
class _Write:
    """An entry that waits for its commit."""

    entry: Entry
    saved: Future[None] = field(default_factory=Future)


class Journal:
    """The answers under `refs/toolbuilder/journal/<tool>`; `date` (of the base commit) makes its commits repeatable.

    Answers are immutable: the first one under a key stays. Opening it reads the ref and raises RepositoryError if an
    entry there is damaged.
    """

    def __init__(self, repository: Repository, tool: str, date: str):
        self.ref = journal_ref(tool)
        self._repository = repository
        self._tool = tool
        self._date = date
        self._tip, self._entries = self._load()
        self._lock = threading.Lock()
        self._writes: dict[str, _Write] = {}
        self._saving = False

    @property
    def entries(self) -> Mapping[str, Entry]:
        """Every journalled answer by key."""
        return self._entries

    def get(self, key: str) -> Answer | None:
        """Give the answer under a key, or None; only what is safely stored."""
        entry = self._entries.get(key)
        return entry.answer if entry else None

    def spent_usd(self) -> float:
        """Give what all journalled answers together have cost."""
        return math.fsum(entry.answer.cost_usd for entry in self._entries.values())

    async def record(self, key: str, microtask: str, answer: Answer) -> None:
        """Store an answer; return once the ref holds it. What is recorded at the same time shares one commit.

        A caller that is cancelled leaves its answer to be stored all the same. Raises RepositoryError if it cannot be
        stored, AnswerRejected if it could not be read back.
        """
        entry = Entry(microtask=microtask, answer=answer)
        _check(key, entry)
        saved = self._enqueue(key, entry)
        await asyncio.shield(asyncio.wrap_future(saved))

    def _enqueue(self, key: str, entry: Entry) -> Future[None]:
        with self._lock:
            if not self._saving:
                # A thread rather than a task: an interrupted event loop cancels its tasks but waits for its threads.
                asyncio.get_running_loop().run_in_executor(None, self._save_all)
                self._saving = True
            return self._writes.setdefault(key, _Write(entry)).saved

    def _save_all(self) -> None:
        while batch := self._waiting():
            failure: BaseException | None = None
            try:
                self._save({key: write.entry for key, write in batch.items()})
            except BaseException as error:  # noqa: BLE001  # whatever it is, those who wait must hear of it
                failure = error
            self._settle(batch, failure)

    def _waiting(self) -> dict[str, _Write]:
        with self._lock:
            self._saving = bool(self._writes)
            return dict(self._writes)

    def _settle(self, batch: Mapping[str, _Write], failure: BaseException | None) -> None:
        with self._lock:
            for key in batch:
                del self._writes[key]
        for write in batch.values():
            if failure:
                write.saved.set_exception(failure)
            else:
                write.saved.set_result(None)

    def _save(self, batch: Mapping[str, Entry]) -> None:
        """Put a batch, and whatever a rewound ref has lost, on top of what the ref holds now."""
        mine = {**batch, **self._entries}
        for _ in range(_ATTEMPTS):
            missing = {key: entry for key, entry in mine.items() if key not in self._entries}
            if not missing:
                return
            try:
                self._tip = self._append(missing)
            except RaceLost:
                self._tip, self._entries = self._load()
            else:
                self._entries = {**self._entries, **missing}
        raise RepositoryError(f"{self.ref} moved {_ATTEMPTS} times while answers were stored; run again")

    def _append(self, entries: Mapping[str, Entry]) -> str:
        message = f"Journal answers\n\nToolbuilder-Tool: {self._tool}\nToolbuilder-Answers: {len(entries)}\n"
        files = {_path(key): _content(entry) for key, entry in entries.items()}
        parents = (self._tip,) if self._tip else ()
        new = self._repository.write(Commit(parents, message, files, date=self._date))
        self._repository.swap(self.ref, new, self._tip)
        return new

    def _load(self) -> tuple[str | None, dict[str, Entry]]:
        try:
            tip = self._repository.resolve(self.ref)
        except RefBroken as error:
            raise RepositoryError(f"{error}, and forgets every answer: the next run asks again") from error
        files = self._repository.read(tip, "answers") if tip else {}
        return tip, dict(self._parse(path, content) for path, content in files.items())

    def _parse(self, path: str, content: bytes) -> tuple[str, Entry]:
        key = path.rpartition("/")[2].removesuffix(".json")
        try:
            entry = Entry.model_validate_json(content)
        except ValidationError as error:
            raise self._damaged(path, _reason(error)) from None
        if not _KEY.fullmatch(key) or path != _path(key):
            raise self._damaged(path, "it is not named by a content key")
        return key, entry

    def _damaged(self, path: str, reason: str) -> RepositoryError:
        return RepositoryError(
            f"{self.ref}: {path} is not a journal entry: {reason}; find the commit that broke it with "
            f"`git log {self.ref} -- {path}` and go back before it with `git update-ref {self.ref} COMMIT~1`, "
            f"or forget every paid answer with `git update-ref -d {self.ref}`"
        )


def _path(key: str) -> str:
    return f"answers/{key[:2]}/{key}.json"


def _content(entry: Entry) -> bytes:
    # Said only where something is withheld: what was journalled before there was such a field stays the same bytes.
    answer = {name: value for name, value in asdict(entry.answer).items() if value or name != "withheld"}
    return (canonical_json({"microtask": entry.microtask, "answer": answer}) + "\n").encode()


def _check(key: str, entry: Entry) -> None:
    """Let nothing in that could not be read back: it would damage the journal for every later run."""
    if not _KEY.fullmatch(key):
        raise RepositoryError(f"{key!r} is not a content key; nothing was stored")
    try:
        Entry.model_validate_json(_content(entry))
    except UnicodeEncodeError:
        raise AnswerRejected(f"{entry.microtask}: the answer holds half a surrogate pair, which is not text") from None
    except ValidationError as error:
        raise AnswerRejected(f"{entry.microtask}: the answer cannot be journalled: {_reason(error)}") from None


def _reason(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(map(str, first['loc'])) or 'the file'}: {first['msg']}"
