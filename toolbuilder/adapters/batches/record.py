"""What is written down of a batch before it is sent, on `refs/toolbuilder/batches`, until it is fetched."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, TypeAlias

from pydantic import BaseModel, ConfigDict, ValidationError

from toolbuilder.budget import NOTHING
from toolbuilder.errors import RaceLost, RepositoryError, ToolbuilderError
from toolbuilder.ports import Answer, Commit, Question, Repository
from toolbuilder.schema import digest
from toolbuilder.spending import Cost

REF = "refs/toolbuilder/batches"
ATTEMPTS = 100  # every lost race is somebody else's progress

Outcome: TypeAlias = Answer | ToolbuilderError  # of one question of a batch


class _Written(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Sent(_Written):
    """What is kept of a question: whose it is, and what is needed to read and to book its answer; never its words."""

    tool: str
    key: str
    microtask: str
    max_tokens: int
    model: str
    build: str  # digest of the context that all questions of one build share
    worst: Decimal | None  # USD that were reserved; None: no price was known
    grant: str = ""  # by which it was allowed, where the day has a cap


class Batch(_Written):
    """A batch: its id at the provider, when it was made (ISO 8601, UTC), and its questions by custom id.

    No two batches share a custom id, so that one whose `id` is not known yet, and empty, can be found again.
    """

    id: str
    at: str
    sent: Mapping[str, Sent]

    @property
    def path(self) -> str:
        """Where it is written down."""
        return f"{digest(self.at, sorted(self.sent))}.json"


@dataclass(frozen=True)
class Asked:
    """A question that goes into a batch, and the model that it is for."""

    question: Question
    model: str


class BatchProvider(Protocol):
    """Where batches are answered. Every method raises Transient or ProviderRefuses."""

    async def send(self, asked: Mapping[str, Asked]) -> str:
        """Send questions by custom id; give the batch's id."""

    async def candidates(self, batch: Batch) -> Sequence[str]:
        """Give the ids of what may be a batch whose id is not known, by its time and its size."""

    async def ended(self, batch: str) -> bool:
        """Say whether all questions of a batch have come to an end."""

    async def outcomes(self, batch: Batch) -> Mapping[str, Outcome]:
        """Give what became of the questions of a batch that has ended, by custom id."""


@dataclass(frozen=True)
class OpenBatches:
    """The batches that were sent and not yet fetched; `date` makes the ref's commits repeatable."""

    repository: Repository
    date: str

    def all(self) -> tuple[Batch, ...]:
        """Give the open batches, the oldest first. Raises RepositoryError for a damaged one."""
        tip = self.repository.resolve(REF)
        files = self.repository.read(tip) if tip else {}
        return tuple(sorted((_parsed(path, content) for path, content in files.items()), key=lambda one: one.at))

    def open(self, batch: Batch) -> None:
        """Write a batch down, again once its id is known. Raises RepositoryError."""
        content = (batch.model_dump_json() + "\n").encode()
        self._move(lambda tip: Commit(tip, "Send a batch\n", {batch.path: content}, date=self.date))

    def close(self, batch: Batch) -> None:
        """Strike a batch out: what it brought is journalled. Raises RepositoryError."""
        self._move(lambda tip: Commit(tip, "Fetch a batch\n", {}, removed=(batch.path,), date=self.date))

    def _move(self, change: Callable[[tuple[str, ...]], Commit]) -> None:
        for _ in range(ATTEMPTS):
            tip = self.repository.resolve(REF)
            try:
                self.repository.swap(REF, self.repository.write(change((tip,) if tip else ())), tip)
            except RaceLost:
                continue
            return
        raise RepositoryError(f"{REF} moved {ATTEMPTS} times while a batch was written down; run again")


def pledged(batches: Iterable[Batch]) -> tuple[Cost, ...]:
    """Give what is to be paid for batches at most: nobody has journalled it yet."""
    return tuple(
        Cost(batch.at[:10], sent.grant, sent.worst or NOTHING, certain=False)
        for batch in batches
        for sent in batch.sent.values()
    )


def _parsed(path: str, content: bytes) -> Batch:
    try:
        return Batch.model_validate_json(content)
    except ValidationError:
        raise RepositoryError(
            f"{REF}: {path} is not a batch; forget what was sent and not yet fetched with `git update-ref -d {REF}`"
        ) from None
