"""The launcher inside the sandbox: the last trusted code before the command.

It runs under `python -I -S`, where only the standard library and this package can be imported.
"""

import base64
import json
import os
import resource
import signal
import socket
import sys

from toolbuilder.adapters.sandbox import kernel

TYPE_CHECKING = False  # typing itself would cost 3 ms of every start
if TYPE_CHECKING:
    from toolbuilder.adapters.sandbox.instruction import Instruction

CAP_DAC_READ_SEARCH = 2


def main(door_number: str, *folders: str) -> None:
    """Hand the folders to the parent, who fills them; wait for the instruction and become the command."""
    door = open_door(door_number)
    descriptors = [os.open(folder, os.O_RDONLY | os.O_DIRECTORY) for folder in folders]
    socket.send_fds(door, [b"folder"], descriptors)
    for descriptor in descriptors:
        os.close(descriptor)
    become(receive(door), door)


def open_door(number: str) -> socket.socket:
    """Give the socket to the parent, which the command shall not inherit."""
    door = socket.socket(fileno=int(number))
    door.set_inheritable(False)
    return door


def receive(door: socket.socket) -> "Instruction":
    """Read the parent's instruction, which is one line of JSON."""
    with door.makefile("rb") as lines:
        instruction: Instruction = json.loads(lines.readline())
    return instruction


def become(instruction: "Instruction", door: socket.socket) -> None:
    """Give up every right, say that all is ready, and execute the command; never returns."""
    os.umask(0o022)
    if instruction["uid"]:
        kernel.become(instruction["uid"], CAP_DAC_READ_SEARCH)  # Python may live where only root may look
    else:
        kernel.set_capabilities(0)
    os.chdir(instruction["folder"])
    for name, value in instruction["limits"].items():
        resource.setrlimit(getattr(resource, name), (value, value))
    _confine(instruction)
    door.sendall(b"ready")
    _execute(instruction["argv"], instruction["environment"])


def _confine(instruction: "Instruction") -> None:
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    if any(instruction["handled"]):
        ruleset = kernel.landlock_ruleset(instruction["handled"])
        for path, rights in instruction["allowed"]:
            kernel.landlock_allow(ruleset, path, rights)
        kernel.landlock_restrict(ruleset)
    kernel.install_filter(base64.b64decode(instruction["filter"]))


def _execute(argv: list[str], environment: dict[str, str]) -> None:
    try:
        os.execvpe(argv[0], argv, environment)  # noqa: S606 (its purpose)
    except OSError as error:
        sys.stderr.write(f"{argv[0]}: {error.strerror}\n")
        sys.stderr.flush()
        os._exit(127 if isinstance(error, FileNotFoundError) else 126)
