"""Attacks on and by processes, each a function; run inside a sandbox as `python process_attacks.py NAME ARGUMENT...`."""

import os
import resource
import signal
import sys
import time
from pathlib import Path


def read_environment() -> None:
    _say(dict(os.environ))


def read_environments() -> None:
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            _say(path.read_bytes())
        except OSError:
            continue


def kill(pid: str) -> None:
    os.kill(int(pid), signal.SIGKILL)


def limit(pid: str) -> None:
    resource.prlimit(int(pid), resource.RLIMIT_CORE, (0, 0))
    _say("escaped")


def outlive(name: str) -> None:
    _leave(name)


def outlive_its_time(name: str) -> None:
    for _ in range(5):
        _leave(name)
    signal.pause()


def overrun() -> None:
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    time.sleep(1)
    _say("escaped")


def swarm(count: str) -> None:
    children = []
    for _ in range(int(count)):
        child = os.fork()
        if not child:
            os.execvp("sleep", ["sleep", "10"])  # noqa: S606
        children.append(child)
    time.sleep(0.8)
    _say("escaped")
    for child in children:
        os.kill(child, signal.SIGKILL)


def _leave(name: str) -> None:
    """Start a daemon: two forks and a session of its own, so that no parent or group leads to it."""
    if not os.fork():
        os.setsid()
        if not os.fork():
            for stream in range(3):
                os.dup2(os.open("/dev/null", os.O_RDWR), stream)
            os.execvp("sleep", ["sleep", name])  # noqa: S606
        os._exit(0)
    os.wait()


def _say(what: object) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    _say("trying")
    globals()[sys.argv[1]](*sys.argv[2:])
