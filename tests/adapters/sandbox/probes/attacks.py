"""The table of attacks: what is tried, and how one tells from outside that it got out."""

import shutil
import stat
import sys
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from tests.adapters.sandbox.probes.lab import ORIGINAL, Lab, heard, planted, running, visitor
from toolbuilder.adapters.sandbox.privilege import effective_capabilities
from toolbuilder.ports import Command, Limits, Ran

PROBES = Path(__file__).resolve().parent
LIMITS = Limits(seconds=10, memory_bytes=128 << 20, processes=24, file_bytes=1 << 20, output_bytes=1 << 20)
SHORT = replace(LIMITS, seconds=0.5)
CAP_DAC_READ_SEARCH = 2

Judge = Callable[[Lab, Ran], bool]


@dataclass(frozen=True)
class Attack:
    """A function of a probe, its arguments, and the judge who tells from outside whether it got out."""

    probe: str
    function: str
    judge: Judge
    arguments: Callable[[Lab], tuple[object, ...]] = lambda _: ()
    limits: Limits = LIMITS
    visited: bool = False

    def command(self, lab: Lab) -> Command:
        """Give the command that attacks a lab."""
        argv = (sys.executable, "-I", "-S", "-B", f"{PROBES}/{self.probe}_attacks.py", self.function)
        arguments = tuple(map(str, self.arguments(lab)))
        return Command(argv + arguments, lab.folder, readable=(PROBES, lab.readable), limits=self.limits)


def gets_out(attack: Attack, run: Callable[[Command], Ran]) -> bool:
    """Tell whether an attack on a fresh lab succeeds under a way to run commands."""
    with planted() as lab, visitor(lab.free_port) if attack.visited else nullcontext():
        ran = run(attack.command(lab))
        assert ran.stdout.startswith(b"trying\n"), ran  # what never started would hold under anything
        return attack.judge(lab, ran)


def _says_so(_: Lab, ran: Ran) -> bool:
    return b"escaped" in ran.stdout


def _tells(lab: Lab, ran: Ran) -> bool:
    return lab.token.encode() in ran.stdout


def _changed(lab: Lab, _: Ran) -> bool:
    return not lab.outside.exists() or lab.outside.read_text() != ORIGINAL


def _leaves_secret(lab: Lab, _: Ran) -> bool:
    """Tell whether the host reads the secret where it expects a result."""
    out = lab.folder / "out"
    return out.is_file() and out.read_text() == lab.token


def _leaves(kind: Callable[[int], bool]) -> Judge:
    return lambda lab, _: (lab.folder / "out").exists() and kind((lab.folder / "out").lstat().st_mode)


def _outlives(lab: Lab, _: Ran) -> bool:
    return bool(running(lab.name))


NETWORK: Mapping[str, Attack] = {
    "connect to a server": Attack("network", "connect", _says_so, lambda lab: (lab.port(lab.server),)),
    "ask a name server": Attack(
        "network",
        "ask_name_server",
        lambda lab, _: heard(lab.name_server, lab.token),
        lambda lab: (lab.port(lab.name_server), lab.token),
    ),
    "be a server": Attack("network", "listen", _says_so, lambda lab: (lab.free_port,), visited=True),
    "connect to a socket file": Attack(
        "network", "connect_to_path", _says_so, lambda lab: (lab.at_path.getsockname(),)
    ),
    "connect to an abstract socket": Attack("network", "connect_to_abstract", _says_so, lambda lab: (lab.token,)),
    "send from a socket pair": Attack(
        "network",
        "send_from_pair",
        lambda lab, _: heard(lab.datagrams, lab.token),
        lambda lab: (lab.datagrams.getsockname(), lab.token),
    ),
}
FILES: Mapping[str, Attack] = {
    "read a file at home": Attack("file", "read", _tells, lambda lab: (lab.at_home,)),
    "read another file": Attack("file", "read", _tells, lambda lab: (lab.secret,)),
    "write outside": Attack("file", "write", _changed, lambda lab: (lab.outside,)),
    "write to what is readable": Attack(
        "file",
        "write",
        lambda lab, _: (lab.readable / "file").read_text() != ORIGINAL,
        lambda lab: (lab.readable / "file",),
    ),
    "delete outside": Attack("file", "delete", _changed, lambda lab: (lab.outside,)),
    "move inside": Attack("file", "move_here", _changed, lambda lab: (lab.outside,)),
    "truncate outside": Attack("file", "truncate", _changed, lambda lab: (lab.outside,)),
    "open to all": Attack(
        "file", "open_to_all", lambda lab, _: lab.secret.stat().st_mode & 0o777 == 0o777, lambda lab: (lab.secret,)
    ),
    "change a date": Attack(
        "file", "date_back", lambda lab, _: not lab.secret.stat().st_mtime, lambda lab: (lab.secret,)
    ),
    "leave a symbolic link": Attack("file", "link_symbolically", _leaves_secret, lambda lab: (lab.secret,)),
    "leave a link through links": Attack("file", "link_through_links", _leaves_secret, lambda lab: (lab.secret,)),
    "leave a hard link": Attack("file", "link_hard", _leaves_secret, lambda lab: (lab.secret,)),
    "write to a hard link": Attack("file", "write", _changed, lambda lab: (lab.shared,)),
    "leave a pipe": Attack("file", "leave_pipe", _leaves(stat.S_ISFIFO)),
    "leave a set-uid program": Attack("file", "leave_set_uid", _leaves(lambda mode: bool(mode & stat.S_ISUID))),
    "leave a depth": Attack("file", "leave_depth", lambda lab, _: lab.folder.joinpath(*["d"] * 100).exists()),
    "find open files": Attack("file", "find_open", _says_so),
}
ASK_AGENT = Attack("network", "ask_agent", _says_so, lambda lab: (lab.agent,))
BY_HANDLE = Attack("file", "open_by_handle", _tells, lambda lab: (lab.handle,))
PROCESSES: Mapping[str, Attack] = {
    "read the environment": Attack("process", "read_environment", _tells),
    "read every environment": Attack("process", "read_environments", _tells),
    "kill a process": Attack(
        "process", "kill", lambda lab, _: lab.victim.poll() is not None, lambda lab: (lab.victim.pid,)
    ),
    "limit a process": Attack("process", "limit", _says_so, lambda lab: (lab.victim.pid,)),
    "outlive the command": Attack("process", "outlive", _outlives, lambda lab: (lab.name,)),
    "outlive the time": Attack("process", "outlive_its_time", _outlives, lambda lab: (lab.name,), SHORT),
    "overrun the time": Attack("process", "overrun", _says_so, limits=SHORT),
    "fork": Attack("process", "swarm", _says_so, lambda _: (60,)),
}
RESOURCES: Mapping[str, Attack] = {
    "allocate memory": Attack("resource", "allocate", _says_so, lambda _: (256,)),
    "allocate memory together": Attack("resource", "allocate_together", _says_so, lambda _: (4, 60)),
    "allocate shared memory": Attack("resource", "allocate_shared", _says_so, lambda _: (4, 60)),
    "hide memory": Attack("resource", "hide_memory", _says_so, lambda _: (160,)),
    "fill the folder": Attack("resource", "fill", _says_so, lambda _: (".", 12)),
    "fill the temporary folder": Attack("resource", "fill_temporary", _says_so, lambda _: (12,)),
    "fill shared memory": Attack("resource", "fill", _says_so, lambda _: ("/dev/shm", 12)),
    "write a large file": Attack("resource", "write_much", _says_so, lambda _: (2,)),
    "flood": Attack(
        "resource", "flood", lambda _, ran: len(ran.stdout + ran.stderr) > LIMITS.output_bytes, lambda _: (4,)
    ),
}
ATTACKS: Mapping[str, Attack] = {
    **NETWORK,
    **({"ask an ssh-agent": ASK_AGENT} if shutil.which("ssh-agent") else {}),
    **FILES,
    **({"open by handle": BY_HANDLE} if effective_capabilities() >> CAP_DAC_READ_SEARCH & 1 else {}),
    **PROCESSES,
    **RESOURCES,
}
