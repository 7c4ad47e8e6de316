"""Attacks by greed, each a function; run inside a sandbox as `python resource_attacks.py NAME ARGUMENT...`.

What is only stopped, not prevented, has a while to be found before it counts as an escape.
"""

import mmap
import os
import sys
import tempfile
import time
from pathlib import Path

MEBIBYTE = b"x" * (1 << 20)


def allocate(mebibytes: str) -> None:
    _say(f"escaped {len(MEBIBYTE * int(mebibytes))}")


def allocate_together(processes: str, mebibytes: str) -> None:
    for _ in range(int(processes)):
        if not os.fork():
            kept = MEBIBYTE * int(mebibytes)
            time.sleep(1)
            os._exit(len(kept) % 2)
    _survive()


def allocate_shared(processes: str, mebibytes: str) -> None:
    for _ in range(int(processes)):
        if not os.fork():
            shared = mmap.mmap(-1, int(mebibytes) << 20)
            for _ in range(int(mebibytes)):
                shared.write(MEBIBYTE)
            time.sleep(1)
            os._exit(0)
    _survive()


def hide_memory(mebibytes: str) -> None:
    kept = [os.memfd_create("hidden") for _ in range(int(mebibytes))]
    for descriptor in kept:
        os.write(descriptor, MEBIBYTE)
    _say("escaped")


def fill(folder: str, files: str) -> None:
    written = [Path(folder) / f"fill-{os.getpid()}-{number}" for number in range(int(files))]
    try:
        for path in written:
            path.write_bytes(MEBIBYTE)
        _survive()
    finally:
        for path in written:
            path.unlink(missing_ok=True)


def fill_temporary(files: str) -> None:
    fill(tempfile.gettempdir(), files)


def write_much(mebibytes: str) -> None:
    Path("out").write_bytes(MEBIBYTE * int(mebibytes))
    _say("escaped")


def flood(mebibytes: str) -> None:
    for _ in range(int(mebibytes)):
        sys.stdout.buffer.write(MEBIBYTE)


def _survive() -> None:
    time.sleep(0.8)
    _say("escaped")


def _say(what: object) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    _say("trying")
    globals()[sys.argv[1]](*sys.argv[2:])
