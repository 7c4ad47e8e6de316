"""The doors to what runs and what renders: commands that nobody trusts, and templates."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol


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
