"""A running command as its parent sees it: what it was given, what it wrote, and why it was stopped if it was."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from toolbuilder.adapters.sandbox.usage import descendants, memory
from toolbuilder.errors import SandboxUnavailable
from toolbuilder.ports import Command, Ran

GRACE = 5.0  # seconds that the kernel may take to end what was killed

Stopped = Literal["", "time", "output", "memory"]


@dataclass
class Watch:
    """A running command: what is left to feed it, what it wrote so far, why it was stopped if it was."""

    command: Command
    stop: Callable[[], None]  # must end every process of the command
    overfull: Callable[[], bool]  # tells whether the command's folders hold more than they may
    unfed: memoryview = field(init=False)
    deadline: float = field(init=False)
    written: dict[str, bytearray] = field(default_factory=lambda: {"stdout": bytearray(), "stderr": bytearray()})
    stopped: Stopped = ""

    def __post_init__(self) -> None:
        self.unfed = memoryview(self.command.stdin)
        self.deadline = time.monotonic() + self.command.limits.seconds

    def end(self, reason: Stopped) -> None:
        """Stop the command, once; what it holds open closes with it."""
        if not self.stopped:
            self.stopped, self.deadline = reason, time.monotonic() + GRACE
            self.stop()

    def expire(self) -> None:
        """Stop the command because its time is over. Raises SandboxUnavailable if it was stopped and still runs."""
        if self.stopped:
            raise SandboxUnavailable("the processes of the command could not be ended")
        self.end("time")

    def glance(self, pid: int) -> None:
        """Stop the command if its processes, their memory or its files are more than they may be."""
        limits, processes = self.command.limits, list(descendants(pid))
        if len(processes) > limits.processes or sum(map(memory, processes)) > limits.memory_bytes:
            self.end("memory")
        elif self.overfull():
            self.end("output")

    def result(self, exit_code: int) -> Ran:
        """Give how the command ended; a signal's number counts from 128, as in a shell."""
        code = exit_code if exit_code >= 0 else 128 - exit_code
        return Ran(code, bytes(self.written["stdout"]), bytes(self.written["stderr"]), self.stopped)
