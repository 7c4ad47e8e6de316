"""A sandbox without namespaces: Landlock closes the file system, a system call filter closes the rest.

It works where a container grants no namespaces, and is the weaker of the two. What it cannot do:
- hide that a file exists, and its size, from a command that guesses its path;
- keep the files in the folder to a size beforehand: they are counted while the command runs;
- let programs speak over sockets even among themselves, or share semaphores (so no multiprocessing.Pool);
- change file modes as an ordinary user: the call is pretended, and what looks like a program becomes executable after;
- before Linux 6.12, send any signal, because those could not be kept inside;
- bind the number of processes of a root that cannot become another user: they are counted, and cannot begin sessions.
"""

import functools
import os
import socket
import subprocess
import tempfile
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from toolbuilder.adapters.sandbox import parent
from toolbuilder.adapters.sandbox.entries import FOLDER, NO_CHANGE, Owner, kept, remove
from toolbuilder.adapters.sandbox.instruction import Confinement, Landlock, instruct
from toolbuilder.adapters.sandbox.privilege import owner_of, unprivileged_user
from toolbuilder.adapters.sandbox.seccomp import ATTACK_SURFACE, NEIGHBOURS, SAME_OWNER, UNCOUNTED, UNSCOPED_SIGNALS
from toolbuilder.adapters.sandbox.settle import Room, prepare, settle
from toolbuilder.adapters.sandbox.usage import ENTRIES, FILES, crowd, occupied
from toolbuilder.adapters.sandbox.view import environment, visible
from toolbuilder.adapters.sandbox.watch import GRACE, Watch
from toolbuilder.errors import SandboxUnavailable
from toolbuilder.ports import Command, Ran

# Rights of include/uapi/linux/landlock.h
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, TRUNCATE = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 14
REMOVE, MAKE_DIR, MAKE_REG, MAKE_FIFO, MAKE_SYM, REFER = 0b110000, 1 << 7, 1 << 8, 1 << 10, 1 << 12, 1 << 13
LOOK = EXECUTE | READ_FILE | READ_DIR
WORK = LOOK | WRITE_FILE | TRUNCATE | REMOVE | MAKE_DIR | MAKE_REG | MAKE_FIFO | MAKE_SYM | REFER
NEEDED, NETWORK, DEVICE_CALLS, SCOPES = 3, 4, 5, 6  # versions of Landlock: 3 guards truncation, the others add rights
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")


@dataclass(frozen=True)
class LandlockSandbox:
    """Runs commands under the given version of Landlock, at most the kernel's."""

    version: int

    @property
    def kind(self) -> str:
        """Name the means of isolation: "landlock", which never goes without the system call filter."""
        return "landlock"

    def run(self, command: Command) -> Ran:
        """Run a command to its end or its limits. Raises SandboxUnavailable if the sandbox itself fails."""
        try:
            with ExitStack() as stack:
                return self._run(replace(command, folder=command.folder.absolute()), stack)
        except (OSError, subprocess.SubprocessError) as error:
            raise SandboxUnavailable(f"Landlock: {error}") from error

    def _run(self, command: Command, stack: ExitStack) -> Ran:
        uid = unprivileged_user()
        private = _private(stack, owner_of(uid))
        _lend(stack, command.folder, owner_of(uid))
        most = FILES * command.limits.file_bytes + occupied(str(command.folder), ENTRIES)[0]
        process, here = parent.start([], "guard", [], stack)
        stack.callback(_stop, here, process)
        instruct(here, command, environment(command, private), self._confinement(command, private, uid))
        parent.expect(here, b"ready", process)
        full = functools.partial(_overfull, most, command.folder, private)
        return parent.attend(process, Watch(command, functools.partial(_hang_up, here), full))

    def _confinement(self, command: Command, private: Path, uid: int) -> Confinement:
        refusals = ATTACK_SURFACE + NEIGHBOURS
        refusals += UNSCOPED_SIGNALS if self.version < SCOPES else ()
        refusals += () if uid else SAME_OWNER
        refusals += () if uid or os.geteuid() else UNCOUNTED
        return Confinement(uid, refusals, self._ruleset(command, private), 0 if uid else crowd(os.getuid()))

    def _ruleset(self, command: Command, private: Path) -> Landlock:
        every = (1 << (16 if self.version >= DEVICE_CALLS else 15)) - 1
        allowed = [(path, LOOK if path.is_dir() else EXECUTE | READ_FILE) for path in visible(command)]
        allowed += [(path, WORK) for path in (command.folder, private)]
        allowed += [(Path(path), READ_FILE | WRITE_FILE) for path in DEVICES]
        handled = (every, 3 if self.version >= NETWORK else 0, 3 if self.version >= SCOPES else 0)
        return Landlock(handled, tuple((str(path), rights) for path, rights in allowed))


def _private(stack: ExitStack, owner: Owner) -> Path:
    """Make the folder that is the command's own /tmp and home."""
    private = Path(tempfile.mkdtemp(prefix="toolbuilder-"))
    stack.callback(remove, kept(stack, os.open(private.parent, FOLDER)), private.name, private.stat())
    for folder in (private, private / "home"):
        folder.mkdir(mode=0o700, exist_ok=True)
        os.chown(folder, *owner)
    return private


def _lend(stack: ExitStack, folder: Path, owner: Owner) -> None:
    """Give the folder to the command, and take it back when the stack ends, rid of all that could harm."""
    room = Room(kept(stack, os.open(folder, FOLDER)), folder, folder, owner)
    before = os.fstat(room.folder)
    known = frozenset(prepare(room))
    os.fchown(room.folder, *owner)
    back = NO_CHANGE if owner == NO_CHANGE else (before.st_uid, before.st_gid)
    stack.callback(os.fchown, room.folder, *back)
    stack.callback(settle, replace(room, owner=back), known)


def _hang_up(here: socket.socket) -> None:
    """Let the guard end the command and itself."""
    with suppress(OSError):  # it has ended
        here.shutdown(socket.SHUT_RDWR)


def _stop(here: socket.socket, process: subprocess.Popen[bytes]) -> None:
    """Wait until nobody changes the folder any more."""
    _hang_up(here)
    process.wait(GRACE)


def _overfull(most: int, *folders: Path) -> bool:
    found = [occupied(str(folder), ENTRIES) for folder in folders]
    return sum(size for size, _ in found) > most or any(count >= ENTRIES for _, count in found)
