"""Makes a folder fit for a command that works on it in place, and harmless again after it.

The rules are those of `transfer`, applied where there is no second folder to copy to.
"""

import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from toolbuilder.adapters.sandbox.entries import (
    FOLDER,
    NO_CHANGE,
    READ,
    WRITE,
    Owner,
    entries,
    give,
    opened,
    plain_mode,
    remove,
    unlock,
)
from toolbuilder.adapters.sandbox.transfer import stays_inside
from toolbuilder.adapters.sandbox.usage import DEEPEST

OWN = ".toolbuilder-own"  # name of a copy until it takes the place of what it copies
PROGRAMS = (b"#!", b"\x7fELF")  # how a file begins that says how it is to be run

Known = frozenset[tuple[Path, str]]  # what was there before: where, and for links what they say


@dataclass(frozen=True)
class Room:
    """An open folder, the path by which the command knows it, and whose its files shall be."""

    folder: int
    here: Path
    top: Path
    owner: Owner = NO_CHANGE

    def inner(self, folder: int, name: str) -> "Room":
        """Give the room that a folder within this one is."""
        return replace(self, folder=folder, here=self.here / name)


def prepare(room: Room) -> Iterator[tuple[Path, str]]:
    """Give the files their owner, part them from their other names elsewhere, and say what is there."""
    for name, found in entries(room.folder).items():
        if stat.S_ISDIR(found.st_mode):
            with opened(room.folder, name, FOLDER) as folder:
                yield from prepare(room.inner(folder, name))
        elif stat.S_ISREG(found.st_mode) and found.st_nlink > 1:
            _part(room.folder, name, found)
        yield room.here / name, _goal(room, name, found)
        give(room.folder, name, room.owner)


def settle(room: Room, known: Known) -> None:
    """Remove all that could harm whoever reads the folder next, and make plain files of the rest."""
    for name, found in entries(room.folder).items():
        here = (room.here / name, _goal(room, name, found))
        if not _harmless(room, here, found, known):
            remove(room.folder, name, found)
            continue
        give(room.folder, name, room.owner)
        if stat.S_ISDIR(found.st_mode):
            if here not in known:
                unlock(room.folder, name, found)
            with opened(room.folder, name, FOLDER) as folder:
                settle(room.inner(folder, name), known)
        elif stat.S_ISREG(found.st_mode):
            _make_plain(room.folder, name, found, new=here not in known)


def _harmless(room: Room, here: tuple[Path, str], found: os.stat_result, known: Known) -> bool:
    if stat.S_ISLNK(found.st_mode):
        return here in known or stays_inside(here[1], room.here, room.top)
    if stat.S_ISDIR(found.st_mode):
        return here in known or len(here[0].parts) - len(room.top.parts) <= DEEPEST
    return stat.S_ISREG(found.st_mode)


def _goal(room: Room, name: str, found: os.stat_result) -> str:
    return os.readlink(name, dir_fd=room.folder) if stat.S_ISLNK(found.st_mode) else ""


def _make_plain(folder: int, name: str, found: os.stat_result, *, new: bool) -> None:
    """Clear set-uid bits; make new programs executable, because the command's own chmod may have been pretended."""
    mode = plain_mode(found) if new else found.st_mode & 0o777
    if new:
        unlock(folder, name, found)
        with opened(folder, name, READ) as file:
            mode |= 0o111 if os.read(file, 4).startswith(PROGRAMS) else 0
    if mode != stat.S_IMODE(found.st_mode):
        os.chmod(name, mode, dir_fd=folder)


def _part(folder: int, name: str, found: os.stat_result) -> None:
    """Replace a hard link by a copy: what the command writes to it must not be written elsewhere too."""
    with opened(folder, name, READ) as source, opened(folder, OWN, WRITE, stat.S_IMODE(found.st_mode)) as target:
        with open(source, "rb", closefd=False) as reader, open(target, "wb", closefd=False) as writer:
            shutil.copyfileobj(reader, writer, 1 << 20)
        os.utime(target, ns=(found.st_atime_ns, found.st_mtime_ns))
    os.rename(OWN, name, src_dir_fd=folder, dst_dir_fd=folder)
