"""A remote of the repository: what others see. Forward only, by object id, with a lease, and read back."""

import math
import random
import shlex
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from toolbuilder.adapters.git.ancestry import is_ancestor
from toolbuilder.adapters.git.process import Git, GitResult
from toolbuilder.adapters.git.refusal import advice, is_final, one_line, redacted, words_of
from toolbuilder.adapters.git.remote_names import AS_HERE, PATTERNS, RefNames
from toolbuilder.errors import FileIsWrong, Problem, RaceLost, RepositoryError

# Objects that are fetched hang on no ref until toolbuilder moves its own to them, as those do that it writes itself:
# git keeps what is younger than two weeks. So there is no second set of refs that could stand anywhere else.
_FETCH = (
    "fetch", "--quiet", "--stdin", "--no-tags", "--no-prune", "--no-write-fetch-head", "--no-auto-maintenance",
    "--no-recurse-submodules", "--refmap=", "--no-filter",  # a blobless clone would ask for answers one by one
)  # fmt: skip
_PUSH = ("push", "--porcelain", "--no-verify", "--no-follow-tags", "--no-signed", "--recurse-submodules=no")


@dataclass(frozen=True)
class Endurance:
    """How long a remote is waited for: a single process, and how often it is tried with which pauses."""

    seconds: float = 60.0  # of one process; fetching may take ten times as long
    attempts: int = 4
    first: float = 1.0  # seconds of the first pause; they double, each cut short by chance
    longest: float = 15.0

    def pause(self, attempt: int, chance: float) -> float:
        """Give the seconds to wait after the given attempt, counted from 1; `chance` lies between 0 and 1."""
        return min(self.longest, self.first * 2.0 ** (attempt - 1)) * (0.5 + chance / 2)


@dataclass(frozen=True)
class GitRemote:
    """A remote that is configured in the repository, by name. Raises FileIsWrong where there is none of that name.

    Whatever may pass by itself is tried again: a lost connection, no answer in time. Every other refusal is a
    RepositoryError with the server's words and what to change. No message tells the credentials of an address.
    """

    git: Git
    name: str
    names: RefNames = AS_HERE
    endurance: Endurance = Endurance()
    wait: Callable[[float], None] = time.sleep
    ends: float = math.inf  # by the monotonic clock; nothing is waited for afterwards

    def __post_init__(self) -> None:
        known = self.git.output("remote").decode().split()
        if self.name.startswith("-") or self.name not in known:
            known_as = ", ".join(known) or "`git remote add NAME URL` adds one"
            raise FileIsWrong([Problem("--remote", 0, 0, f"there is no remote {self.name!r} here: {known_as}")])

    def within(self, seconds: float) -> "GitRemote":
        """Give the same remote for whoever has no more than so many seconds, for all that is asked of it."""
        return replace(self, ends=min(self.ends, time.monotonic() + seconds))

    def tips(self) -> Mapping[str, str]:
        """Give the commit id of every ref of toolbuilder's there, by full name."""
        found: dict[str, str] = {}
        self._patiently(lambda: self._listed(PATTERNS, found), f"reading the refs of {self.name}")
        return found

    def fetch(self, refs: Collection[str] = ()) -> Mapping[str, str]:
        """Bring the commits that toolbuilder's refs (or only these) have there; give their tips. No ref here moves.

        A ref that is not there is left out.
        """
        patterns = [self.names.there(ref) for ref in refs] or PATTERNS
        found: dict[str, str] = {}

        def fetched() -> str:
            said = self._listed(patterns, found)
            return said or (self._brought(found) if found else "")

        self._patiently(fetched, f"fetching from {self.name}")
        return found

    def push(self, ref: str, new: str, old: str | None) -> None:
        """Move a ref there from `old` (None: must not exist) forward to `new`.

        Raises RaceLost when it stands elsewhere, RepositoryError naming the rule or the fault when it is refused, or
        when `new` does not follow on `old`: nothing is ever forced.
        """
        if old is not None and not is_ancestor(self.git, old, new):
            raise RepositoryError(f"{new} does not follow on {old}, so {ref} is not pushed: no push is ever forced")
        there = self.names.there(ref)
        arguments = (*_PUSH, f"--force-with-lease={there}:{old or ''}", "--", self.name, f"{new}:{there}")

        def pushed() -> str:
            result = self._run(self.endurance.seconds, *arguments)
            # What the push said is not what counts: a reply may be lost, and a hook may undo what was accepted.
            found: dict[str, str] = {}
            if said := self._listed([there], found):
                return said
            if (tip := found.get(ref)) == new:
                return ""
            if tip != old:
                raise RaceLost(f"{ref} moved to {tip} at {self.name} while {new} was made on top of {old}; run again")
            return words_of(result.stdout, result.stderr) or f"{self.name} said yes, yet {ref} has not moved"

        self._patiently(pushed, f"pushing {ref} to {self.name}", there)

    def deletion(self, ref: str) -> str:
        """Give the command that deletes a ref there."""
        return f"git push {shlex.quote(self.name)} :{self.names.there(ref)}"

    def _listed(self, patterns: Iterable[str], found: dict[str, str]) -> str:
        """Put the commit ids of refs into `found`, by name; give what was said instead."""
        result = self._run(self.endurance.seconds, "ls-remote", "--", self.name, *patterns)
        found.clear()
        if result.exit_code:
            return redacted(result.stderr) or "no message"
        found.update(self.names.read(result.stdout))
        return ""

    def _brought(self, tips: Mapping[str, str]) -> str:
        """Fetch refs; give what was said, or that their tips as they were read did not come."""
        wanted = "".join(f"{self.names.there(ref)}\n" for ref in tips).encode()
        result = self._run(self.endurance.seconds * 10, *_FETCH, "--", self.name, stdin=wanted)
        if result.exit_code:
            return redacted(result.stderr) or "no message"
        known = self.git.output(
            "cat-file", "--batch-check", stdin="".join(f"{tip}\n" for tip in tips.values()).encode()
        )
        return "its refs were moved while they were fetched" if b" missing\n" in known else ""

    def _run(self, seconds: float, *arguments: str, stdin: bytes = b"") -> GitResult:
        left = max(0.0, self.ends - time.monotonic())
        return self.git.run_within(min(seconds, left), *arguments, stdin=stdin)

    def _patiently(self, attempt: Callable[[], str], doing: str, ref: str = "refs/heads/") -> None:
        """Try until nothing is said against it. Raises RepositoryError when that cannot help, or has not."""
        for count in range(1, self.endurance.attempts + 1):
            said = attempt()
            if not said:
                return
            if is_final(said) or count == self.endurance.attempts or time.monotonic() >= self.ends:
                tried = "" if is_final(said) else f" (tried {count} times)"
                text = one_line(said)
                hint = advice(said, self.name, ref)
                raise RepositoryError("; ".join(filter(None, [f"{doing} failed{tried}: {text}", hint])))
            self.wait(self.endurance.pause(count, random.random()))  # noqa: S311  (nothing secret depends on it)
