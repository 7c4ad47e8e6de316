"""Work on the entries of a folder that is held open, so that no link can lead elsewhere meanwhile."""

import os
import shutil
import stat
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
Owner = tuple[int, int]  # user, group
NO_CHANGE: Owner = (-1, -1)


def entries(folder: int) -> Mapping[str, os.stat_result]:
    """Give what is in an open folder, links themselves rather than what they lead to."""
    with os.scandir(folder) as found:
        return {entry.name: entry.stat(follow_symlinks=False) for entry in found}


@contextmanager
def opened(folder: int, name: str, flags: int, mode: int = 0o600) -> Iterator[int]:
    """Open an entry of an open folder for as long as the context lasts."""
    descriptor = os.open(name, flags, mode, dir_fd=folder)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def kept(stack: ExitStack, descriptor: int) -> int:
    """Close a descriptor when a stack ends, and give it."""
    stack.callback(os.close, descriptor)
    return descriptor


def plain_mode(found: os.stat_result) -> int:
    """Give the mode of a file without set-uid bits, and open to its owner."""
    return found.st_mode & 0o777 | stat.S_IRUSR | stat.S_IWUSR


def give(folder: int, name: str, owner: Owner) -> None:
    """Make a user and a group the owners of an entry of an open folder."""
    os.chown(name, *owner, dir_fd=folder, follow_symlinks=False)


def unlock(folder: int, name: str, found: os.stat_result) -> None:
    """Give the owner back the right to look into a file or a folder that the command has closed."""
    wanted = stat.S_IRWXU if stat.S_ISDIR(found.st_mode) else stat.S_IRUSR
    if wanted & ~found.st_mode:
        os.chmod(name, found.st_mode & 0o777 | wanted, dir_fd=folder)


def remove(folder: int, name: str, found: os.stat_result) -> None:
    """Remove an entry of an open folder with all that is below it."""
    if not stat.S_ISDIR(found.st_mode):
        os.unlink(name, dir_fd=folder)
        return
    try:
        shutil.rmtree(name, dir_fd=folder)
    except (OSError, RecursionError):  # closed folders, or more levels than Python can go down: these programs can
        for program in (("chmod", "-R", "u+rwX"), ("rm", "-rf")):
            subprocess.run([*program, "--", name], cwd=f"/proc/self/fd/{folder}", check=True)
