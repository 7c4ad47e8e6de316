"""The canary: a small program that tries to get out of a sandbox before anything else is run in it."""

import secrets
import socket
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from toolbuilder.errors import SandboxUnavailable
from toolbuilder.ports import Command, Limits, Sandbox

CANARY = """
import glob, os, socket, sys
secret, outside, port, token = sys.argv[1:]
def network():
    socket.create_connection(("127.0.0.1", int(port)), 2)
def home():
    open(secret).read()
def writing():
    open(outside, "w").close()
    raise OSError  # it may have been a private copy of the place: the host looks for itself
def environment():
    assert set(os.environ) - {"PATH", "HOME", "TMPDIR", "LANG"}
def processes():
    assert any(token.encode() in content(path) for path in glob.glob("/proc/*/environ"))
def content(path):
    try:
        return open(path, "rb").read()
    except OSError:
        return b""
for attempt in (network, home, writing, environment, processes):
    try:
        attempt()
    except (OSError, AssertionError):
        continue
    print(attempt.__name__)
open("work", "w").write(token)
"""


def prove(sandbox: Sandbox) -> Sandbox:
    """Give the sandbox back if plain work succeeds in it and no attempt to get out does. Raises SandboxUnavailable."""
    token = secrets.token_hex(16)
    with ExitStack() as stack:
        lab = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        # It waits for words that never come: however this process ends, the bait ends with it.
        bait = subprocess.Popen(["/bin/cat"], env={"SECRET": token}, stdin=subprocess.PIPE)
        stack.enter_context(bait)
        stack.callback(bait.kill)
        secret, outside, folder = lab / "home" / "secret", lab / "outside", lab / "work"
        secret.parent.mkdir()
        folder.mkdir()
        secret.write_text(token)
        attempt = (str(secret), str(outside), str(server.getsockname()[1]), token)
        argv = (sys.executable, "-I", "-S", "-c", CANARY, *attempt)
        ran = sandbox.run(Command(argv, folder, limits=Limits(seconds=10)))
        work = folder / "work"
        if ran.exit_code or not work.is_file() or work.read_text() != token:
            raise SandboxUnavailable(f"plain work fails in it: {ran.stderr.decode(errors='replace').strip()}")
        if ran.stdout or outside.exists():
            raise SandboxUnavailable(f"it does not hold: {', '.join(ran.stdout.decode().split())} got out")
    return sandbox
