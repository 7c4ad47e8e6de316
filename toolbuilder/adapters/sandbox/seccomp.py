"""The system call filter: a list of refusals, compiled to the classic BPF program that seccomp runs.

What newer kernels add is answered "not implemented", which programs know how to live without; so is the x32 calling
convention, whose numbers are all large. A program built for another machine type is killed: its numbers mean other
things.
"""

import errno
import os
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from toolbuilder.adapters.sandbox.syscalls import (
    FILE_MODES,
    HIDDEN_MEMORY,
    KERNEL,
    NAMESPACES,
    NEWEST,
    OTHER_PROCESSES,
    PARTLY,
    SESSIONS,
    SIGNALS,
    SOCKETS,
    WATCHING,
    XATTRS,
    Numbers,
)
from toolbuilder.errors import SandboxUnavailable

MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column of the tables, AUDIT_ARCH
LOAD, AND, EQUAL, GREATER, RETURN = 0x20, 0x54, 0x15, 0x25, 0x06  # BPF: ld [k], and #k, jeq #k, jgt #k, ret #k
NUMBER, ARCH, ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data
KILL, ERRNO, ALLOW = 0x80000000, 0x00050000, 0x7FFF0000
PRETEND = 0  # as an errno: the call says that it worked, and does nothing
WORD = 0xFFFFFFFF
NEW_NAMESPACE = 0x7E020000  # the CLONE_NEW* flags of clone


@dataclass(frozen=True)
class Refusal:
    """Answer a call with an errno, always or when `argument & mask` is (or with `unless`, is not) `value`."""

    call: str
    errno: int = errno.EPERM
    argument: int = -1
    mask: int = WORD
    value: int = 0
    unless: bool = False


def _all(numbers: Numbers, answer: int = errno.EPERM) -> tuple[Refusal, ...]:
    return tuple(Refusal(name, answer) for name in numbers)


ATTACK_SURFACE = (
    *(_all(NAMESPACES) + _all(OTHER_PROCESSES) + _all(KERNEL) + _all(HIDDEN_MEMORY)),
    Refusal("clone", argument=0, mask=NEW_NAMESPACE, unless=True),
    Refusal("clone3", errno.ENOSYS),  # its flags are in memory, where no filter can look; libraries then use clone
    Refusal("ioctl", argument=1, value=0x5412),  # TIOCSTI types into a terminal
    Refusal("ioctl", argument=1, value=0x541C),  # TIOCLINUX pastes into one
)
NEIGHBOURS = (  # what namespaces would keep apart
    *(_all(SOCKETS, errno.EACCES) + _all(WATCHING) + _all(XATTRS, errno.EOPNOTSUPP)),
    Refusal("socketpair", errno.EACCES, argument=0, value=1, unless=True),  # AF_UNIX only,
    Refusal("socketpair", errno.EACCES, argument=1, mask=0xF, value=2),  # and no datagrams,
    Refusal("socketpair", errno.EACCES, argument=1, mask=0xF, value=3),  # which can be sent to any address
    *(
        Refusal(name, argument=0, unless=True)  # 0 is the calling process
        for name in ("prlimit64", "sched_setaffinity", "sched_setattr", "sched_setparam", "sched_setscheduler")
    ),
)
UNSCOPED_SIGNALS = (  # for kernels whose Landlock cannot keep signals inside
    *_all(SIGNALS),
    Refusal("fcntl", argument=1, value=8),  # F_SETOWN, F_SETOWN_EX, FIOSETOWN, SIOCSPGRP: whom to send SIGIO
    Refusal("fcntl", argument=1, value=15),
    Refusal("ioctl", argument=1, value=0x8901),
    Refusal("ioctl", argument=1, value=0x8902),
)
SAME_OWNER = _all(FILE_MODES, PRETEND)  # for a command that runs as the owner of files outside
# For a command whose processes the kernel does not count: Linux shares time among sessions first, so that a fork bomb
# in a session of its own leaves others their time, and one with many sessions does not.
UNCOUNTED = _all(SESSIONS, PRETEND)


def compile_filter(refusals: Iterable[Refusal], machine: str = "") -> bytes:
    """Give the BPF program for a machine type, by default this one. Raises SandboxUnavailable for an unknown one."""
    machine = machine or os.uname().machine
    if machine not in MACHINES:
        raise SandboxUnavailable(f"no system call numbers are known for {machine}, only for {', '.join(MACHINES)}")
    column, arch = MACHINES[machine]
    steps = [(LOAD, 0, 0, ARCH), (EQUAL, 1, 0, arch), (RETURN, 0, 0, KILL), (LOAD, 0, 0, NUMBER)]
    steps += [(GREATER, 0, 1, NEWEST), (RETURN, 0, 0, ERRNO | errno.ENOSYS)]
    for refusal in refusals:
        number = NUMBERS[refusal.call][column]
        if number >= 0:
            steps += _steps(refusal, number)
    steps.append((RETURN, 0, 0, ALLOW))
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def _steps(refusal: Refusal, number: int) -> Iterator[tuple[int, int, int, int]]:
    answer = (RETURN, 0, 0, ERRNO | refusal.errno)
    if refusal.argument < 0:
        yield from ((EQUAL, 0, 1, number), answer)
        return
    yield (EQUAL, 0, 5, number)
    yield (LOAD, 0, 0, ARGUMENTS + 8 * refusal.argument)  # the low half, on machines that begin with it
    yield (AND, 0, 0, refusal.mask)
    yield (EQUAL, *((1, 0) if refusal.unless else (0, 1)), refusal.value)
    yield answer
    yield (LOAD, 0, 0, NUMBER)


NUMBERS = {
    name: numbers
    for table in (
        *(NAMESPACES, OTHER_PROCESSES, KERNEL, HIDDEN_MEMORY, SOCKETS),
        *(WATCHING, XATTRS, FILE_MODES, SESSIONS, SIGNALS, PARTLY),
    )
    for name, numbers in table.items()
}
