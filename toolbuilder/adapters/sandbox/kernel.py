"""The few calls of the Linux kernel that the standard library does not offer, through the C library's `syscall`.

Imported by the launchers, so it needs nothing but the standard library. Constants: include/uapi/linux of Linux.
"""

import ctypes
import os

LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.syscall.restype = ctypes.c_long

PR_SET_PDEATHSIG, PR_SET_KEEPCAPS, PR_SET_SECCOMP = 1, 8, 22
PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 36, 38
PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, SECCOMP_MODE_FILTER = 47, 2, 2
CAPSET = {"x86_64": 126, "aarch64": 91}
CAPABILITY_VERSION_3 = 0x20080522
LANDLOCK_CREATE_RULESET, LANDLOCK_ADD_RULE, LANDLOCK_RESTRICT_SELF = 444, 445, 446
LANDLOCK_VERSION, LANDLOCK_PATH_BENEATH = 1, 1


class PathBeneath(ctypes.Structure):
    """A Landlock rule: these rights, on this folder and all that is below it."""

    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


class FilterProgram(ctypes.Structure):
    """A pointer to a BPF program."""

    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def prctl(option: int, *values: object) -> None:
    """Change a property of this process. Raises OSError."""
    _checked(LIBC.prctl(option, *values, *[0] * (4 - len(values))))


def install_filter(program: bytes) -> None:
    """Put this process and its descendants under a system call filter for ever; needs no-new-privileges."""
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(FilterProgram(len(program) // 8, program)))


def become(uid: int, capability: int) -> None:
    """Become an unprivileged user who keeps one capability and passes it on to what it executes."""
    prctl(PR_SET_KEEPCAPS, 1)
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    set_capabilities(1 << capability)
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability)


def set_capabilities(bits: int) -> None:
    """Keep only these of the capabilities that this process has; 0 gives up all of them."""
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    _checked(LIBC.syscall(CAPSET[os.uname().machine], header, (ctypes.c_uint32 * 6)(bits, bits, bits, 0, 0, 0)))


def landlock_version() -> int:
    """Give the version of Landlock that this kernel speaks. Raises OSError where it has none."""
    return _checked(LIBC.syscall(LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), LANDLOCK_VERSION))


def landlock_ruleset(handled: list[int]) -> int:
    """Give the descriptor of an empty ruleset that governs these file rights, network rights and scopes."""
    attributes = (ctypes.c_uint64 * 3)(*handled)
    size = 8 * (max(i for i, bits in enumerate(handled) if bits) + 1)  # older kernels know a shorter structure
    return _checked(LIBC.syscall(LANDLOCK_CREATE_RULESET, attributes, ctypes.c_size_t(size), 0))


def landlock_allow(ruleset: int, path: str, rights: int) -> None:
    """Allow rights on a file, or on a folder and all below it. Raises OSError."""
    parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    rule = PathBeneath(rights, parent)
    _checked(LIBC.syscall(LANDLOCK_ADD_RULE, ruleset, LANDLOCK_PATH_BENEATH, ctypes.byref(rule), 0))
    os.close(parent)


def landlock_restrict(ruleset: int) -> None:
    """Put this process and its descendants under a ruleset for ever; needs no-new-privileges."""
    _checked(LIBC.syscall(LANDLOCK_RESTRICT_SELF, ruleset, 0))


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
