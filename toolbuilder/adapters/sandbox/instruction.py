"""What the parent tells a launcher: one JSON object on a socket."""

import base64
import json
import socket
from dataclasses import dataclass
from typing import TypedDict

from toolbuilder.adapters.sandbox.seccomp import Refusal, compile_filter
from toolbuilder.ports import Command, Limits


class Instruction(TypedDict):
    """Everything the launcher needs to become the command."""

    argv: list[str]
    folder: str
    environment: dict[str, str]
    uid: int  # the unprivileged user to become; 0: stay who you are
    limits: dict[str, int]  # name in the resource module -> value
    filter: str  # the compiled system call filter, base64
    handled: list[int]  # Landlock: file rights, network rights, scopes that are taken away; zeros: no Landlock
    allowed: list[tuple[str, int]]  # Landlock: path, file rights given back


@dataclass(frozen=True)
class Landlock:
    """What a ruleset takes away and what it gives back."""

    handled: tuple[int, int, int] = (0, 0, 0)
    allowed: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Confinement:
    """How the launcher confines a command beyond what already surrounds it."""

    uid: int
    refusals: tuple[Refusal, ...]
    landlock: Landlock = Landlock()
    crowd: int = 0  # processes of the same user elsewhere, which the kernel counts too


def instruct(door: socket.socket, command: Command, environment: dict[str, str], confinement: Confinement) -> None:
    """Send the instruction for a command. Raises SandboxUnavailable, or OSError where the launcher has ended."""
    instruction = Instruction(
        argv=list(command.argv),
        folder=str(command.folder),
        environment=environment,
        uid=confinement.uid,
        limits=_rlimits(command.limits, confinement.crowd),
        filter=base64.b64encode(compile_filter(confinement.refusals)).decode(),
        handled=list(confinement.landlock.handled),
        allowed=list(confinement.landlock.allowed),
    )
    door.sendall(json.dumps(instruction).encode() + b"\n")


def _rlimits(limits: Limits, crowd: int) -> dict[str, int]:
    return {
        "RLIMIT_AS": 4 * limits.memory_bytes,  # addresses are reserved more freely than memory is used
        "RLIMIT_DATA": limits.memory_bytes,
        "RLIMIT_NPROC": limits.processes + crowd,
        "RLIMIT_FSIZE": limits.file_bytes,
        "RLIMIT_NOFILE": 1024,
        "RLIMIT_CORE": 0,
        "RLIMIT_MSGQUEUE": 0,
        "RLIMIT_MEMLOCK": 0,
    }
