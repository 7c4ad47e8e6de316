"""Which processes descend from one, and how much memory they hold, as /proc tells it.

Kernel limits bind each process, not their sum; only a cgroup binds the sum, and an unprivileged user seldom has one.
Looking often is the next best: what exceeds is stopped within a glance, not prevented. Imported by a launcher too,
so it needs nothing but the standard library, and little of that.
"""

import os
from collections.abc import Iterator
from contextlib import suppress

FILES = 4  # the command's folder may hold as many of the largest files that it may write
ENTRIES = 100_000  # and no more files and folders than these,
DEEPEST = 64  # not deeper in each other than this
HELD = (b"RssAnon:", b"RssShmem:")  # pages of programs and libraries are shared and would be counted once a process


CHILDREN = "/proc/thread-self/children"  # kernels without CONFIG_PROC_CHILDREN have none: nothing could be counted


def descendants(pid: int) -> Iterator[int]:
    """Give the process ids below a process; those that end meanwhile may be missing."""
    for child in children(pid):
        yield child
        yield from descendants(child)


def children(pid: int) -> list[int]:
    """Give the process ids of a process's children; none once it has ended."""
    found: list[int] = []
    with suppress(OSError):  # it ended between two reads
        for thread in os.listdir(f"/proc/{pid}/task"):  # noqa: PTH208 (pathlib would cost 5 ms of every start)
            found += map(int, _read(f"/proc/{pid}/task/{thread}/children").split())
    return found


def memory(pid: int) -> int:
    """Give the bytes of memory that only a process's end gives back."""
    with suppress(OSError):
        held = (line.split()[1] for line in _read(f"/proc/{pid}/status").splitlines() if line.startswith(HELD))
        return sum(map(int, held)) * 1024
    return 0


def crowd(uid: int) -> int:
    """Give how many threads a user runs on this machine."""
    found = 0
    for pid in filter(str.isdigit, os.listdir("/proc")):  # noqa: PTH208
        with suppress(OSError):
            if os.stat(f"/proc/{pid}").st_uid == uid:  # noqa: PTH116
                found += len(os.listdir(f"/proc/{pid}/task"))  # noqa: PTH208
    return found


def occupied(folder: str, most: int) -> tuple[int, int]:
    """Give the bytes and the entries of a folder, links not followed; counting ends at `most` entries or too deep."""
    size, count, waiting = 0, 0, [(folder, 0)]
    while waiting and count < most:
        path, depth = waiting.pop()
        if depth > DEEPEST:
            return size, most  # the paths of what lies deeper could become too long to be seen at all
        with suppress(OSError), os.scandir(path) as found:
            for entry in found:
                count += 1
                size += entry.stat(follow_symlinks=False).st_blocks * 512
                if entry.is_dir(follow_symlinks=False):
                    waiting.append((entry.path, depth + 1))
    return size, count


def _read(path: str) -> bytes:
    with open(path, "rb") as file:  # noqa: PTH123
        return file.read()
