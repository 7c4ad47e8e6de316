"""Attacks on files, each a function; run inside a sandbox as `python file_attacks.py NAME ARGUMENT...`."""

import ctypes
import os
import sys
from pathlib import Path

LIBC = ctypes.CDLL(None, use_errno=True)


def read(path: str) -> None:
    _say(Path(path).read_text())


def write(path: str) -> None:
    Path(path).write_text("escaped")


def delete(path: str) -> None:
    Path(path).unlink()


def move_here(path: str) -> None:
    Path(path).rename("moved")


def truncate(path: str) -> None:
    os.truncate(path, 0)


def open_to_all(path: str) -> None:
    Path(path).chmod(0o777)


def date_back(path: str) -> None:
    os.utime(path, (0, 0))


def link_symbolically(path: str) -> None:
    Path("out").symlink_to(path)


def link_through_links(path: str) -> None:
    Path("p").symlink_to(".")
    ups = len(Path.cwd().parts) - 1
    Path("out").symlink_to("p/" * ups + "../" * ups + path)


def link_hard(path: str) -> None:
    Path("out").hardlink_to(path)


def leave_pipe() -> None:
    os.mkfifo("out")


def leave_set_uid() -> None:
    Path("out").write_bytes(Path("/bin/true").read_bytes())
    Path("out").chmod(0o4755)


def leave_depth() -> None:
    for _ in range(1500):
        Path("d").mkdir()
        os.chdir("d")


def open_by_handle(handle: str) -> None:
    for mount in ("/usr", "."):  # anything on the same file system will do
        descriptor = LIBC.open_by_handle_at(os.open(mount, os.O_RDONLY), bytes.fromhex(handle), os.O_RDONLY)
        if descriptor >= 0:
            _say(os.read(descriptor, 100).decode())


def find_open() -> None:
    for descriptor in range(3, 64):
        try:
            os.fstat(descriptor)
        except OSError:
            continue
        _say("escaped")


def _say(what: object) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    _say("trying")
    globals()[sys.argv[1]](*sys.argv[2:])
