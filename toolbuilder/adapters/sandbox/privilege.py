"""Which unprivileged user root may become, so that the kernel's limits bind and no file of root is its own."""

import os
import threading
from pathlib import Path

from toolbuilder.adapters.sandbox.entries import NO_CHANGE, Owner

CAP_SYS_ADMIN = 21
NEEDED = (0, 2, 6, 7)  # CAP_CHOWN, CAP_DAC_READ_SEARCH, CAP_SETGID, CAP_SETUID
TRANSIENT = range(61184, 65520)  # the users that systemd too gives to services for as long as they run


def unprivileged_user(*further: int) -> int:
    """Give a user id that hardly anybody else has; 0 where this process lacks a capability for becoming another user.

    Each thread has its own, so that commands which run side by side do not count as one user's.
    """
    able = os.geteuid() == 0 and all(effective_capabilities() >> bit & 1 for bit in (*NEEDED, *further))
    return TRANSIENT[threading.get_native_id() % len(TRANSIENT)] if able and _mapped(TRANSIENT) else 0


def owner_of(uid: int) -> Owner:
    """Give the owner of what a command works on, if it runs as a user of its own; 0 is nobody in particular."""
    return (uid, uid) if uid else NO_CHANGE


def effective_capabilities() -> int:
    """Give this process's effective capabilities as a set of bits."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1], 16) for line in lines if line.startswith("CapEff:"))


def _mapped(users: range) -> bool:
    rows = (map(int, line.split()) for line in Path("/proc/self/uid_map").read_text().splitlines())
    return any(first <= users[0] and users[-1] < first + count for first, _, count in rows)
