"""The doors of the machine: small protocols, and the values that pass through them.

Everything that starts a process, opens a socket or reads a token stands behind one of them, in `adapters/`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from toolbuilder.schema import digest


@dataclass(frozen=True)
class Question:
    """What a backend is asked: constant parts first, so that a prompt cache can keep them."""

    microtask: str
    instruction: str  # the instruction file, word for word
    context: str  # what all questions of one build share
    input: str  # JSON of the input model
    schema: str  # JSON schema of the answer
    deadline: float  # seconds
    max_tokens: int
    feedback: str = ""  # why the answer before was rejected, or what a diagnosis advises
    rung: str = "offline"  # who is to answer: offline, small or large
    rules: str = ""  # what all questions are told first, of whatever build

    @property
    def key(self) -> str:
        """The content key under which the answer is journalled; who answers is no part of it."""
        said = (self.rules, self.instruction, self.context, self.input)
        parts = (self.microtask, *said, self.schema, self.max_tokens)
        return digest(*parts, *([self.feedback] if self.feedback else []))


@dataclass(frozen=True)
class Purchase:
    """What the books hold of a paid call."""

    at: str  # when it was made, ISO 8601 in UTC: a journal commit's date is the base commit's
    build: str  # digest of the context that all questions of one build share
    cost: Literal["exact", "at most", "unknown"] = "exact"  # what `cost_usd` is; "unknown": no price is known
    answered: bool = True  # False: paid for, but no usable answer came of it


@dataclass(frozen=True)
class Answer:
    """What a backend said: JSON text, and what it took to get it."""

    text: str
    engine: str  # "offline", or the provider
    model: str  # the model's id, or the revision of the embedded engine
    input_tokens: int = 0  # all of them, those read from or written to the cache included
    output_tokens: int = 0
    cost_usd: float = 0.0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    purchase: Purchase | None = None  # None: it was not bought


class ModelBackend(Protocol):
    """Answers questions. Raises AnswerRejected when it declines, NeedsPerson when only a person can help."""

    async def ask(self, question: Question) -> Answer:
        """Answer one question."""


@dataclass(frozen=True)
class Commit:
    """A commit to be made of objects only: nothing here touches HEAD, the index or the work tree."""

    parents: tuple[str, ...]  # commit ids; the first one's tree is the starting point, none starts empty
    message: str
    files: Mapping[str, bytes]  # path -> content to write
    removed: tuple[str, ...] = ()  # paths to delete
    executable: tuple[str, ...] = ()  # written files that carry the executable bit
    date: str = ""  # "<seconds since 1970> +0000"; empty: the first parent's


class Repository(Protocol):
    """A git repository as an object store with compare-and-swap refs."""

    def resolve(self, ref: str) -> str | None:
        """Give the commit id that a ref or revision names, or None."""

    def read(self, commit: str, under: str = "") -> Mapping[str, bytes]:
        """Give every regular file of a commit's tree below a folder: full path -> content."""

    def write(self, commit: Commit) -> str:
        """Store a commit and what it needs; give its id. No ref moves. Raises RepositoryError."""

    def swap(self, ref: str, new: str, old: str | None) -> None:
        """Move a ref from `old` (None: must not exist) to `new`. Raises RaceLost when it stands elsewhere."""

    def log(self, ref: str, limit: int = 0) -> list["LogEntry"]:
        """Give a ref's commits, newest first; empty where the ref does not exist."""

    def merge(self, base: str, ours: bytes, theirs: bytes) -> bytes | None:
        """Merge two versions of the stored file `base`, named by its object id; None on conflict or unknown base."""


class Snapshot(Repository, Protocol):
    """A repository as it stands at one moment, read for many tools at once: equal object ids need not be opened."""

    def ahead(self, places: Iterable[tuple[str, str]], contents: Iterable[str]) -> None:
        """Read now, all in one go, what stands at places (a commit and a path), and objects by id."""

    def branches(self) -> list[str]:
        """Give the tools that have a branch, in order."""

    def children(self, commit: str, folder: str) -> Mapping[str, str]:
        """Give the object ids of the regular files and folders directly in a folder, by name; none without it."""

    def ids(self, commit: str, folder: str) -> Mapping[str, str]:
        """Give the blob ids of every regular file below a folder, by path from there; none without it."""

    def id_of(self, commit: str, path: str) -> str | None:
        """Give the object id that stands at a path, or None."""

    def content(self, object_id: str) -> bytes:
        """Give the content of a blob, or of a commit. Raises RepositoryError when it is not stored here."""

    def follows(self, new: str, old: str) -> bool:
        """Say whether the commit `new` is `old` or follows on it."""

    def moved(self, ref: str, commit: str | None) -> "Snapshot":
        """Give the same moment as it would be if a ref stood at another commit, or (None) did not exist."""


class Joiner(Protocol):
    """Merges commits of whole branches, without a work tree."""

    def news(self, ours: str, theirs: str, paths: Sequence[str]) -> bool:
        """Say whether `theirs` has changed one of these paths since both parted, to something else than ours has."""

    def join(self, ours: str, theirs: str, folder: str, agreed: Mapping[str, bytes], message: str) -> str:
        """Give a commit that holds both; no ref moves. `agreed` files are to become so, whatever both sides say.

        `folder` is what both may have in common by a squash merge. Raises NeedsPerson naming the files in conflict.
        """


@dataclass(frozen=True)
class LogEntry:
    """One commit as history shows it."""

    commit: str
    subject: str
    author: str
    date: str  # ISO 8601
    trailers: Mapping[str, str] = field(default_factory=dict)


class Remote(Protocol):
    """The repository that others see. What a call says has been read back from there."""

    def tips(self) -> Mapping[str, str]:
        """Give the commit id of every ref of toolbuilder's there, by full name."""

    def fetch(self, refs: Collection[str] = ()) -> Mapping[str, str]:
        """Bring the commits that toolbuilder's refs (or only these) have there; give their tips. No ref here moves."""

    def push(self, ref: str, new: str, old: str | None) -> None:
        """Move a ref there from `old` (None: must not exist) forward to `new`.

        Raises RaceLost when it stands elsewhere, RepositoryError naming the rule or the fault when it is refused.
        """


@dataclass(frozen=True)
class PullRequest:
    """A pull request of toolbuilder's, as the forge has it."""

    number: int
    url: str
    branch: str  # without refs/heads/
    state: Literal["open", "closed", "merged"]
    draft: bool
    tip: str  # the commit id that it ends with
    title: str
    body: str
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Proposal:
    """What a pull request is to say."""

    branch: str
    title: str
    body: str
    draft: bool = False
    labels: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()  # logins, and teams as "owner/team"


class Forge(Protocol):
    """Where pull requests stand. Every method raises ForgeError when the forge refuses or cannot be reached."""

    def pull_requests(self) -> list[PullRequest]:
        """Give every pull request from a branch of toolbuilder's, open and closed, the newest first."""

    def propose(self, proposal: Proposal, known: PullRequest | None) -> PullRequest:
        """Open a pull request, or make the known one say this; never a second one for a branch that has one open."""

    def close(self, number: int, comment: str, label: str) -> None:
        """Close a pull request with a word of why, and mark it so that it is known who closed it."""

    def comment(self, number: int, marker: str, text: str) -> None:
        """Put the comment that carries this marker in place: there is at most one."""

    def may_write(self, login: str) -> bool:
        """Say whether a person has write access."""

    def dispatch(self, workflow: str, inputs: Mapping[str, str]) -> None:
        """Start a workflow on the default branch."""


@dataclass(frozen=True)
class Limits:
    """What one sandboxed command may use."""

    seconds: float = 60
    memory_bytes: int = 1 << 30
    processes: int = 128
    file_bytes: int = 64 << 20
    output_bytes: int = 1 << 20


@dataclass(frozen=True)
class Command:
    """A command for the sandbox: an argument list, never a shell line."""

    argv: tuple[str, ...]  # argv[0] absolute, or looked up on the sandbox's own PATH
    folder: Path  # the host folder it works on, its working directory, the only place it may write to
    readable: tuple[Path, ...] = ()  # further host paths, read-only
    stdin: bytes = b""
    environment: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class Ran:
    """How a command ended; a failing command is a value, not an error."""

    exit_code: int
    stdout: bytes
    stderr: bytes
    stopped: Literal["", "time", "output", "memory"] = ""


class Sandbox(Protocol):
    """Runs commands that nobody trusts."""

    @property
    def kind(self) -> str:
        """Name the means of isolation, as it stands in the record: "bubblewrap" or "landlock"."""

    def run(self, command: Command) -> Ran:
        """Run a command to its end or its limits. Raises SandboxUnavailable if the sandbox itself fails."""


class Scaffolder(Protocol):
    """Renders a template."""

    def render(self, template: str, answers: Mapping[str, object]) -> Mapping[str, bytes]:
        """Give the files of a named template filled with answers: relative path -> content.

        Raises FileIsWrong for a template that is missing or broken.
        """
