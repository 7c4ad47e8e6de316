"""A sandbox of Linux namespaces, made by bubblewrap: the command sees only what is mounted for it.

Its folder is a copy in memory, of limited size, at the same path; the parent takes the results out after every process
has ended. Root becomes an unprivileged user inside, because the kernel's limits do not bind root; an ordinary user
stays who they are, in a user namespace whose processes the kernel counts by themselves since Linux 5.14. No cgroup is
asked for: the memory of all processes together is watched, and what exceeds is stopped a moment later.
"""

import os
import select
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from toolbuilder.adapters.sandbox import parent
from toolbuilder.adapters.sandbox.entries import FOLDER, kept
from toolbuilder.adapters.sandbox.instruction import Confinement, instruct
from toolbuilder.adapters.sandbox.privilege import CAP_SYS_ADMIN, owner_of, unprivileged_user
from toolbuilder.adapters.sandbox.seccomp import ATTACK_SURFACE
from toolbuilder.adapters.sandbox.transfer import Passage, copy_tree
from toolbuilder.adapters.sandbox.usage import ENTRIES, FILES, children, occupied
from toolbuilder.adapters.sandbox.view import environment, visible
from toolbuilder.adapters.sandbox.watch import GRACE, Watch
from toolbuilder.errors import SandboxUnavailable
from toolbuilder.ports import Command, Ran

APART = ("--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try")
AS_USER = ("--unshare-user", "--disable-userns", "--uid", "1000", "--gid", "1000", "--cap-drop", "ALL")
ALWAYS = ("--die-with-parent", "--new-session", "--clearenv")
PRIVATE = Path("/tmp")  # noqa: S108 (the one of the sandbox)
MEMORY = Path("/dev/shm")  # noqa: S108


@dataclass(frozen=True)
class BubblewrapSandbox:
    """Runs commands under the bubblewrap at `program`, with the namespaces `apart`."""

    program: str
    apart: tuple[str, ...] = APART

    @property
    def kind(self) -> str:
        """Name the means of isolation: "bubblewrap", whoever the command runs as."""
        return "bubblewrap"

    def run(self, command: Command) -> Ran:
        """Run a command to its end or its limits. Raises SandboxUnavailable if the sandbox itself fails."""
        try:
            with ExitStack() as stack:
                return self._run(replace(command, folder=command.folder.absolute()), stack)
        except (OSError, subprocess.SubprocessError) as error:
            raise SandboxUnavailable(f"bubblewrap: {error}") from error

    def _run(self, command: Command, stack: ExitStack) -> Ran:
        uid = unprivileged_user(CAP_SYS_ADMIN)
        process, here = parent.start(self._arguments(command, uid), "child", _filled(command), stack)
        inside = [kept(stack, folder) for folder in parent.expect(here, b"folder", process)]
        outside = kept(stack, os.open(command.folder, FOLDER))
        init = kept(stack, os.pidfd_open(_first(process.pid)))
        copy_tree(Passage(outside, inside[0], command.folder, command.folder, outward=False, owner=owner_of(uid)))
        instruct(here, command, environment(command, PRIVATE), Confinement(uid, ATTACK_SURFACE))
        parent.expect(here, b"ready", process)
        ran = parent.attend(process, Watch(command, lambda: _kill(init), lambda: any(map(_overfull, inside))))
        _kill(init)  # what the command left behind ends with the first process of its namespace
        if not select.select([init], [], [], GRACE)[0]:
            raise SandboxUnavailable("the processes of the command could not be ended")
        copy_tree(Passage(inside[0], outside, command.folder, command.folder, outward=True))
        return ran

    def _arguments(self, command: Command, uid: int) -> list[str]:
        return [self.program, *self.apart, *(() if uid else AS_USER), *ALWAYS, *_mounts(command), "--"]


def _first(pid: int) -> int:
    """Give the process that all others in the sandbox end with. Raises SandboxUnavailable if there is none."""
    for child in children(pid):
        return child
    raise SandboxUnavailable("bubblewrap has made no sandbox")


def _filled(command: Command) -> list[str]:
    """Give the folders that the command can write to: its own first."""
    return [str(command.folder), str(PRIVATE), str(MEMORY)]


def _mounts(command: Command) -> Iterator[str]:
    """Give the mounts, outer ones first, each with its parents: bubblewrap would make those closed to all but root."""
    size = FILES * command.limits.file_bytes + occupied(str(command.folder), ENTRIES)[0]
    shown = frozenset(visible(command))
    mounts: dict[Path, tuple[str, ...]] = {path: ("--ro-bind", str(path)) for path in shown}
    mounts |= {Path(path): ("--perms", "1777", "--size", str(size), "--tmpfs") for path in _filled(command)}
    yield from ("--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev")
    for path in sorted(mounts, key=lambda path: len(path.parts)):
        for folder in reversed(path.parents) if shown.isdisjoint(path.parents) else ():
            yield from ("--perms", "0755", "--dir", str(folder))
        yield from (*mounts[path], str(path))
    yield from ("--perms", "1777", "--dir", str(PRIVATE / "home"), "--remount-ro", "/", "--chdir", "/")


def _overfull(folder: int) -> bool:
    found = os.fstatvfs(folder)
    return found.f_files - found.f_ffree > ENTRIES


def _kill(init: int) -> None:
    with suppress(ProcessLookupError):
        signal.pidfd_send_signal(init, signal.SIGKILL)
