"""No sandbox at all: what a program does that runs commands as plain subprocesses and stops them politely."""

import os
import subprocess

from toolbuilder.ports import Command, Ran


def run(command: Command) -> Ran:
    """Run a command with everything that this process has; after its time ask it to end, and wait until it does."""
    with subprocess.Popen(
        command.argv,
        cwd=command.folder,
        env={**os.environ, **command.environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        close_fds=False,
    ) as process:
        try:
            stdout, stderr = process.communicate(timeout=command.limits.seconds)
        except subprocess.TimeoutExpired:
            process.terminate()
            stdout, stderr = process.communicate()
    return Ran(process.returncode, stdout, stderr)
