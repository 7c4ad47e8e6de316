"""The parent's side of a sandbox: starting a launcher, and moving what goes in and comes out until all has ended.

The launcher is trusted until it says that it is ready; after that nothing the processes do is believed.
"""

import os
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO

from toolbuilder.adapters.sandbox.usage import CHILDREN
from toolbuilder.adapters.sandbox.view import PACKAGE
from toolbuilder.adapters.sandbox.watch import GRACE, Watch
from toolbuilder.errors import SandboxUnavailable
from toolbuilder.ports import Ran

START = 10.0  # seconds that a launcher may take
GLANCE = 0.1  # seconds between two looks at what the command uses
FOLDERS = 3  # descriptors that a launcher sends at most
CHUNK = 65536
PIPES = {"stdin": selectors.EVENT_WRITE, "stdout": selectors.EVENT_READ, "stderr": selectors.EVENT_READ}
BOOT = "import sys, importlib; sys.path.append(sys.argv[1]); importlib.import_module(sys.argv[2]).main(*sys.argv[3:])"


def start(
    around: Sequence[str], module: str, arguments: Sequence[str], stack: ExitStack
) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """Start a launcher, which is a module of this package, and give it with the socket to speak to it.

    It runs in a session of its own, with an empty environment and three pipes, in a Python that sees the standard
    library and this package only. It ends with the stack at the latest. Raises SandboxUnavailable.
    """
    if not Path(CHILDREN).exists():
        raise SandboxUnavailable(f"the kernel does not tell which processes descend from one ({CHILDREN} is missing)")
    here, there = socket.socketpair()
    stack.enter_context(here)
    boot = [sys.executable, "-I", "-S", "-c", BOOT, str(PACKAGE.parent), f"{__package__}.{module}", str(there.fileno())]
    with there:
        process = subprocess.Popen(
            [*around, *boot, *arguments],
            env={},  # what the launcher inherited could be read back from /proc by the command
            cwd="/",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=(there.fileno(),),
            start_new_session=True,
        )
    stack.enter_context(process)
    stack.callback(process.kill)
    return process, here


def expect(door: socket.socket, word: bytes, process: subprocess.Popen[bytes]) -> list[int]:
    """Wait for a word of the launcher and give the descriptors that came with it. Raises SandboxUnavailable."""
    door.settimeout(START)
    try:
        said, descriptors, _, _ = socket.recv_fds(door, len(word), FOLDERS)
    except OSError as error:
        said, descriptors = str(error).encode(), []
    if said == word:
        return descriptors
    raise SandboxUnavailable(_complaint(door, process) or f"its launcher said {said!r} instead of {word!r}")


def _complaint(door: socket.socket, process: subprocess.Popen[bytes]) -> str:
    """End a launcher that failed; give the last line it wrote, which is what went wrong."""
    with suppress(OSError):  # it has closed its end
        door.shutdown(socket.SHUT_RDWR)
    try:
        _, written = process.communicate(timeout=GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        return f"its launcher did not start within {START + GRACE:g} seconds"
    return written.decode(errors="replace").strip().rpartition("\n")[2]


def attend(process: subprocess.Popen[bytes], watch: Watch) -> Ran:
    """Feed, read, time and measure a command until it and all its pipes have ended. Raises SandboxUnavailable."""
    with selectors.DefaultSelector() as selector, open(os.pidfd_open(process.pid), "rb") as end:  # noqa: PTH123
        selector.register(end, selectors.EVENT_READ, "end")
        for name, event in PIPES.items():
            pipe: IO[bytes] = getattr(process, name)
            os.set_blocking(pipe.fileno(), False)
            selector.register(pipe, event, name)
        _pump(selector, process.pid, watch)
    return watch.result(process.wait())


def _pump(selector: selectors.BaseSelector, pid: int, watch: Watch) -> None:
    glance = time.monotonic() + GLANCE
    while selector.get_map():
        for key, _ in selector.select(GLANCE):
            pipe: IO[bytes] = key.fileobj  # type: ignore[assignment]  # only files are registered
            if key.data == "end" or not _move(pipe, key.data, watch):
                selector.unregister(pipe)
                pipe.close()
        now = time.monotonic()
        if now > watch.deadline:
            watch.expire()
        if now > glance:
            began = time.thread_time()
            watch.glance(pid)
            glance = now + max(GLANCE, 10 * (time.thread_time() - began))  # looking takes a tenth of the time


def _move(pipe: IO[bytes], name: str, watch: Watch) -> bool:
    """Move one chunk; False once the pipe is done."""
    if name == "stdin":
        return _feed(pipe, watch)
    chunk = os.read(pipe.fileno(), CHUNK)
    room = watch.command.limits.output_bytes - sum(map(len, watch.written.values()))
    watch.written[name] += chunk[:room]
    if len(chunk) > room:
        watch.end("output")
    return bool(chunk)


def _feed(pipe: IO[bytes], watch: Watch) -> bool:
    try:
        watch.unfed = watch.unfed[os.write(pipe.fileno(), watch.unfed[:CHUNK]) :]
    except BrokenPipeError:  # it does not read its input to the end, as it may
        return False
    return bool(watch.unfed)
