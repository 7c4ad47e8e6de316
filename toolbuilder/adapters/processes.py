"""Processes of this machine, by names that no other process ever has: whether one has ended."""

import os
import re
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_NUMBERS = Path("/proc/self/ns/pid")  # which process numbers count: a container has its own
_NAME = re.compile(r"(\S+ \S+) ([1-9][0-9]{0,8}) ([0-9]+)")
_ENDED = frozenset("ZXx")  # states of what has ended, though nobody has asked how


def this_process() -> str:
    """Name this process: the machine since its start, its number, and when it began; empty where that is not known."""
    place = _place()
    try:
        return f"{place} {os.getpid()} {_state(os.getpid())[1]}" if place else ""
    except OSError:
        return ""


def has_ended(process: str) -> bool:
    """Say whether a process is known to have ended: it was of this machine, since its start, and is not there."""
    found = _NAME.fullmatch(process)
    if found is None or found[1] != _place():
        return False
    number = int(found[2])
    try:
        state, began = _state(number)
    except OSError:
        return not _exists(number)
    return state in _ENDED or began != found[3]  # a number is given again


def _place() -> str:
    try:
        if Path("/proc/self").readlink().name != str(os.getpid()):  # it shows the processes of others
            return ""
        return f"{_BOOT.read_text().strip()} {_NUMBERS.readlink()}"
    except OSError:
        return ""


def _state(number: int) -> tuple[str, str]:
    """Give a process's state, and when it began in ticks since the machine's start; see proc_pid_stat(5)."""
    text = Path(f"/proc/{number}/stat").read_text(errors="replace")
    fields = text.rpartition(")")[2].split()  # what stands before may hold anything
    return fields[0], fields[19]


def _exists(number: int) -> bool:
    """Say whether there is a process that /proc may hide."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
