"""Files into the sandbox's folder and out again, through directory descriptors and never through a link.

A command may leave anything behind: links to what the host will read or write next, pipes that block their reader,
devices, set-uid files, folders without end. Only plain files and folders come out, and links that stay inside.
"""

import itertools
import os
import shutil
import stat
import sys
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
from toolbuilder.adapters.sandbox.usage import DEEPEST

PYTHON = Path(sys.executable).resolve()


@dataclass(frozen=True)
class Passage:
    """From one open folder to another, under the path by which the command knows them."""

    source: int
    target: int
    here: Path
    top: Path
    outward: bool  # out of the sandbox: believe nothing; into it: a link leads nowhere the command could not go itself
    owner: Owner = NO_CHANGE  # whom the copies shall belong to


def copy_tree(passage: Passage) -> None:
    """Make the target equal to what may pass from the source; what did not change is left alone.

    Raises OSError, when the target is full for one.
    """
    source, target = entries(passage.source), entries(passage.target)
    same = {name for name in source.keys() & target.keys() if _same(passage, name, source[name], target[name])}
    for name in target.keys() - same:
        remove(passage.target, name, target[name])
    for name in source.keys() - same:
        _copy(passage, name, source[name])
    for name in same:
        if stat.S_ISDIR(source[name].st_mode):
            _descend(passage, name, source[name])


def stays_inside(goal: str, here: Path, top: Path) -> bool:
    """Tell whether a link at a place leads to somewhere below the top folder, or to the Python in use.

    Going up is counted from the place itself only: after another link `..` would lead from where that one leads to.
    """
    path = Path(os.path.normpath(here / goal))
    upward = itertools.dropwhile(lambda part: part == "..", Path(goal).parts)
    return (path.is_relative_to(top) and ".." not in upward) or path.resolve() == PYTHON


def _same(passage: Passage, name: str, new: os.stat_result, old: os.stat_result) -> bool:
    if stat.S_IFMT(new.st_mode) != stat.S_IFMT(old.st_mode):
        return False
    if stat.S_ISLNK(new.st_mode):
        return os.readlink(name, dir_fd=passage.source) == os.readlink(name, dir_fd=passage.target)
    if stat.S_ISREG(new.st_mode):
        return _identity(new) == _identity(old)
    return stat.S_ISDIR(new.st_mode)


def _identity(found: os.stat_result) -> tuple[int, int, int]:
    return plain_mode(found), found.st_size, found.st_mtime_ns


def _copy(passage: Passage, name: str, found: os.stat_result) -> None:
    if stat.S_ISLNK(found.st_mode):
        goal = os.readlink(name, dir_fd=passage.source)
        if passage.outward and not stays_inside(goal, passage.here, passage.top):
            return
        os.symlink(goal, name, dir_fd=passage.target)
    elif stat.S_ISREG(found.st_mode):
        _copy_file(passage, name, found)
    elif stat.S_ISDIR(found.st_mode):
        os.mkdir(name, found.st_mode & 0o777 | stat.S_IRWXU, dir_fd=passage.target)
        _descend(passage, name, found)
    else:
        return
    give(passage.target, name, passage.owner)


def _descend(passage: Passage, name: str, found: os.stat_result) -> None:
    here = passage.here / name
    if len(here.parts) - len(passage.top.parts) > DEEPEST:
        return
    if passage.outward:
        unlock(passage.source, name, found)
    with opened(passage.source, name, FOLDER) as source, opened(passage.target, name, FOLDER) as target:
        copy_tree(replace(passage, source=source, target=target, here=here))


def _copy_file(passage: Passage, name: str, found: os.stat_result) -> None:
    mode = plain_mode(found)
    if passage.outward:
        unlock(passage.source, name, found)
    with opened(passage.source, name, READ) as source, opened(passage.target, name, WRITE, mode) as target:
        with open(source, "rb", closefd=False) as reader, open(target, "wb", closefd=False) as writer:
            shutil.copyfileobj(reader, writer, 1 << 20)
        os.fchmod(target, mode)
        os.utime(target, ns=(found.st_atime_ns, found.st_mtime_ns))
