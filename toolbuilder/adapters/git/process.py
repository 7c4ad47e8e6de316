"""Running git: a clean environment, one short process a question, errors that say what to type."""

import os
import shlex
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from toolbuilder.errors import RepositoryError

NEEDED = "2.38"  # `git merge-tree --write-tree`, which merges without a work tree
NO_GIT = f"git was not found on PATH; install git {NEEDED} or newer"
AUTHOR = "toolbuilder <toolbuilder@localhost>"

# Of the variables that git reads, only those that say how to reach a remote and where the user's configuration is;
# the others (a hook sets several of them) would point git at another repository, index or history.
_KEPT = frozenset({
    "GIT_ALLOW_PROTOCOL", "GIT_ASKPASS", "GIT_CONFIG_COUNT", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM",
    "GIT_CONFIG_SYSTEM", "GIT_EXEC_PATH", "GIT_HTTP_PROXY_AUTHMETHOD", "GIT_SSH", "GIT_SSH_COMMAND",
    "GIT_SSL_CAINFO", "GIT_SSL_NO_VERIFY",
})  # fmt: skip
_KEPT_PREFIXES = ("GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_")

_PINNED = {
    "LC_ALL": "C",  # the advice below is found by git's English words
    "LANGUAGE": "C",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",  # a digest must mean the same content for everybody
    "GIT_COMMITTER_NAME": "toolbuilder",  # the reflog's entries; commits carry their own author
    "GIT_COMMITTER_EMAIL": "toolbuilder@localhost",
}

_NOTHING: Mapping[str, str] = {}

_OPTIONS = (
    "-c", "core.fsync=committed",  # git's default leaves loose objects unsynced, and a paid answer is one
    "-c", "core.filesRefLockTimeout=5000",  # milliseconds to wait for a neighbour, instead of losing to its lock
    "-c", "core.packedRefsTimeout=5000",
    "-c", "log.showSignature=false",
    "-c", "trailer.separators=:",
)  # fmt: skip

_DEAF_TO = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_NOWHERE = "fatal: not a git repository (or any "  # no other repository is meant, as of a broken worktree

_ADVICE = (
    ("dubious ownership", "if you trust it, type `git config --global --add safe.directory {folder}`"),
    (".lock': File exists", "if no other git process is running, remove that file"),
    (
        "' exists; cannot create '",
        "the first of the two is in the way: a branch is renamed with `git branch -m OLD NEW`",
    ),
    ("not a git repository", "type `git init {folder}`"),
)


@dataclass(frozen=True)
class GitResult:
    """How one git process ended; `pid` names the crash report that it may have left."""

    exit_code: int
    stdout: bytes
    stderr: str
    pid: int


@dataclass(frozen=True)
class Git:
    """Git in one folder of a repository."""

    folder: Path

    def start(
        self, *arguments: str, alone: bool = False, also: Mapping[str, str] = _NOTHING
    ) -> subprocess.Popen[bytes]:
        """Start one git process with three pipes, `alone`: in a session that can be killed as a whole.

        `also` are variables that it gets beside a clean environment. Raises RepositoryError if git is not installed.
        """
        # An interrupt at the terminal must not reach a commit that is being written. The mask is inherited; a process
        # group of its own would leave a gap between fork and setpgid.
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, _DEAF_TO)
        try:
            return subprocess.Popen(
                ["git", "-C", os.fspath(self.folder), *_OPTIONS, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**clean_environment(os.environ), **also},
                start_new_session=alone,
            )
        except FileNotFoundError:
            raise RepositoryError(NO_GIT) from None
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)

    def run(self, *arguments: str, stdin: bytes = b"") -> GitResult:
        """Run one git process to its end; a failing one is a value, not an error."""
        with self.start(*arguments) as process:
            stdout, stderr = process.communicate(stdin)
        return GitResult(process.returncode, stdout, stderr.decode(errors="replace").strip(), process.pid)

    def run_within(
        self, seconds: float, *arguments: str, stdin: bytes = b"", also: Mapping[str, str] = _NOTHING
    ) -> GitResult:
        """Run one git process that waits for others, as for a server; past its time it and all it started is killed."""
        with self.start(*arguments, alone=True, also=also) as process:
            try:
                stdout, stderr = process.communicate(stdin, timeout=seconds)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                # What has left the session may hold the pipes open for ever: nothing more is read from them.
                process.wait()
                stdout, stderr = b"", b"no answer within %g seconds" % seconds
        return GitResult(process.returncode, stdout, stderr.decode(errors="replace").strip(), process.pid)

    def output(self, *arguments: str, stdin: bytes = b"") -> bytes:
        """Give what one git process prints. Raises RepositoryError if it fails."""
        result = self.run(*arguments, stdin=stdin)
        if result.exit_code:
            raise self.error(arguments, result.stderr, result.exit_code)
        return result.stdout

    def error(self, arguments: tuple[str, ...], stderr: str, exit_code: int) -> RepositoryError:
        """Tell which command failed, what git said about it, and what to type next where that is known."""
        folder = shlex.quote(os.fspath(self.folder))
        if stderr.startswith(_NOWHERE):
            return RepositoryError(f"{folder} is not inside a git repository; type `git init {folder}`")
        said = "; ".join(line for line in stderr.splitlines() if "crash report" not in line)
        advice = [text.format(folder=folder) for words, text in _ADVICE if words in stderr]
        failed = f"`git {shlex.join(arguments)}` failed with exit code {exit_code} in {folder}: {said or 'no message'}"
        return RepositoryError("; ".join([failed, *advice]))


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Give an environment in which git sees the repository it stands in and nothing else."""
    kept = {
        name: value
        for name, value in environment.items()
        if not name.startswith("GIT_") or name in _KEPT or name.startswith(_KEPT_PREFIXES)
    }
    return kept | _PINNED
