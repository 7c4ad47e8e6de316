import errno
import struct
import sys
from pathlib import Path

import pytest

from tests.adapters.sandbox.probes.kinds import every_kind
from toolbuilder.adapters.sandbox.seccomp import (
    ATTACK_SURFACE,
    MACHINES,
    NEIGHBOURS,
    NUMBERS,
    SAME_OWNER,
    UNCOUNTED,
    UNSCOPED_SIGNALS,
    compile_filter,
)
from toolbuilder.adapters.sandbox.syscalls import NEWEST
from toolbuilder.errors import SandboxUnavailable
from toolbuilder.ports import Command, Sandbox

ALLOW, ERRNO, KILL = 0x7FFF0000, 0x00050000, 0x80000000
EVERYTHING = ATTACK_SURFACE + NEIGHBOURS + UNSCOPED_SIGNALS + SAME_OWNER + UNCOUNTED
REAL_CALLS = """
import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
for name, arguments in (("unshare", (0x10000000,)), ("ptrace", (0, 0, 0, 0)), ("memfd_create", (b"x", 0))):
    print(name, errno.errorcode.get(ctypes.get_errno() if getattr(libc, name)(*arguments) < 0 else 0))
"""

every_machine = pytest.mark.parametrize("machine", MACHINES)


def answer(program: bytes, machine: str, number: int, arguments: tuple[int, ...] = (), arch: int = 0) -> int:
    """Run a classic BPF program as the kernel would, on one system call."""
    call = struct.pack("<IIQ6Q", number, arch or MACHINES[machine][1], 0, *(*arguments, *[0] * 6)[:6])
    steps = list(struct.iter_unpack("<HBBI", program))
    value = position = 0
    while True:
        code, hit, miss, operand = steps[position]
        position += 1
        if code == 0x06:
            return int(operand)
        if code == 0x20:
            (value,) = struct.unpack_from("<I", call, operand)
        elif code == 0x54:
            value &= operand
        else:
            position += hit if (value == operand if code == 0x15 else value > operand) else miss


def test_on_every_machine_what_is_refused_outright_gets_its_errno_and_nothing_else_does() -> None:
    for machine, (column, _) in MACHINES.items():
        program = compile_filter(EVERYTHING, machine)
        outright = {NUMBERS[one.call][column]: ERRNO | one.errno for one in EVERYTHING if one.argument < 0}
        partly = {NUMBERS[one.call][column] for one in EVERYTHING if one.argument >= 0}
        for number in set(range(NEWEST + 1)) - partly:
            assert answer(program, machine, number) == outright.get(number, ALLOW), (machine, number)


@pytest.mark.parametrize(
    ("call", "arguments", "refused"),
    [
        ("clone", (0x00004111,), 0),  # what fork asks for
        ("clone", (0x10000000 | 0x11,), errno.EPERM),  # a user namespace
        ("clone", (0x00020000 | 0x11,), errno.EPERM),  # a mount namespace
        ("ioctl", (0, 0x5413), 0),  # the size of the terminal
        ("ioctl", (0, 0x5412), errno.EPERM),  # typing into it
        ("ioctl", (0, (1 << 32) | 0x5412), errno.EPERM),  # the kernel ignores the upper half
        ("socketpair", (1, 1), 0),
        ("socketpair", (1, 1 | 0x80000), 0),  # close on exec
        ("socketpair", (1, 2), errno.EACCES),
        ("socketpair", (1, 3 | 0x80000), errno.EACCES),
        ("socketpair", (30, 1), errno.EACCES),  # another family
        ("prlimit64", (0, 7), 0),
        ("prlimit64", (1234, 7), errno.EPERM),
        ("fcntl", (0, 3), 0),
        ("fcntl", (0, 8), errno.EPERM),
    ],
)
@every_machine
def test_what_is_refused_in_part_depends_on_its_arguments(
    call: str, arguments: tuple[int, ...], refused: int, machine: str
) -> None:
    column, _ = MACHINES[machine]
    number = NUMBERS[call][column]

    assert answer(compile_filter(EVERYTHING, machine), machine, number, arguments) == (
        ERRNO | refused if refused else ALLOW
    )


@every_machine
def test_newer_and_foreign_calls_are_answered_not_implemented_or_killed(machine: str) -> None:
    program = compile_filter(EVERYTHING, machine)

    assert answer(program, machine, NEWEST + 1) == ERRNO | errno.ENOSYS
    assert answer(program, machine, 0x40000000 + 41) == ERRNO | errno.ENOSYS  # x32
    assert answer(program, machine, 41, arch=0x40000003) == KILL  # i386


@every_machine
def test_no_two_calls_share_a_number(machine: str) -> None:
    column, _ = MACHINES[machine]
    numbers = [pair[column] for pair in NUMBERS.values() if pair[column] >= 0]

    assert len(numbers) == len(set(numbers))


def test_an_unknown_machine_is_refused() -> None:
    with pytest.raises(SandboxUnavailable, match="no system call numbers are known for riscv64"):
        compile_filter(EVERYTHING, "riscv64")


@every_kind
def test_the_kernel_enforces_it(sandbox: Sandbox, tmp_path: Path) -> None:
    ran = sandbox.run(Command((sys.executable, "-I", "-S", "-c", REAL_CALLS), tmp_path))

    assert ran.stdout.decode().split() == ["unshare", "EPERM", "ptrace", "EPERM", "memfd_create", "EPERM"]
