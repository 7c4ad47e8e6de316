"""The launcher where no namespace ends all processes at once: it stays, outside the command's rules, and ends them.

Processes whose parent ends become its children (it is a "subreaper"), so what a command leaves behind is found.
"""

import os
import select
import signal
import socket
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import suppress

from toolbuilder.adapters.sandbox import kernel
from toolbuilder.adapters.sandbox.child import become, open_door, receive
from toolbuilder.adapters.sandbox.usage import descendants

EVERYBODY = -1  # all processes that this one may signal
REFER = 1 << 13  # Landlock's right to move a file to another folder
SIGNALS = 2  # Landlock's scope of signals
TICK = 0.2  # seconds between two collections of orphans that have ended
MOST = 1000  # orphans that are collected at a time


def main(door_number: str) -> None:
    """Start the command, wait for its end or the parent's word, end all that is left, and give its exit code."""
    door = open_door(door_number)
    instruction = receive(door)
    kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
    sealed = _seal()
    command = os.fork()
    if not command:
        os.setsid()
        os.nice(10)  # so that this process comes first when there are too many
        become(instruction, door)
    for stream in range(3):
        os.close(stream)
    code = os.waitstatus_to_exitcode(_wait(command, door))
    _end_all(EVERYBODY if sealed else -command)
    sys.exit(code if code >= 0 else 128 - code)


def _wait(command: int, door: socket.socket) -> int:
    """Collect what ends until the command does, or the parent closes the door or ends itself."""
    alive, closed = os.pidfd_open(command), door.fileno()
    while True:
        ready, _, _ = select.select([alive, closed], [], [], TICK)
        if closed in ready:
            return signal.SIGKILL
        for pid, status in _ended():
            if pid == command:
                return status


def _seal() -> bool:
    """Keep signals of this process and its descendants among themselves; tell whether that was seen to be so.

    After that, a signal to everybody reaches just the command's processes, all at once: no fork can outrun it. Whoever
    started this process must be within reach before and out of reach after, or such a signal will never be sent.
    """
    outsider = os.getppid()
    if not _reaches(outsider):
        return False
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    try:
        ruleset = kernel.landlock_ruleset([REFER, 0, SIGNALS])
        kernel.landlock_allow(ruleset, "/", REFER)  # every ruleset takes this right away, asked to or not
        kernel.landlock_restrict(ruleset)
    except OSError:  # a kernel older than 6.12, or one that allows no such thing
        return False
    return not _reaches(outsider)


def _reaches(pid: int) -> bool:
    """Tell whether this process may signal another one, which must exist."""
    try:
        os.kill(pid, 0)
    except PermissionError:
        return False
    return True


def _end_all(group: int) -> None:
    """Kill until no child is left: first what a signal reaches at once, then one by one whatever remains."""
    with suppress(ProcessLookupError):
        os.kill(group, signal.SIGKILL)
    with suppress(ChildProcessError):  # no child is left
        while True:
            for pid in descendants(os.getpid()):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            os.waitpid(-1, 0)
            deque(_ended(), maxlen=0)


def _ended() -> Iterator[tuple[int, int]]:
    """Collect children that have ended, but not for ever: a fork bomb ends them faster than that can be done."""
    for _ in range(MOST):
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        yield pid, status
