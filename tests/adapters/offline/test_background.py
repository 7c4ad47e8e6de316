import asyncio
import inspect
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from toolbuilder.adapters.offline import background
from toolbuilder.adapters.offline.background import in_background

PATIENCE = 20.0  # seconds
WAITING = """
    import asyncio, sys, types
    module = types.ModuleType("background")
    exec(sys.argv[1], module.__dict__)
    from pathlib import Path
    from toolbuilder.adapters.offline.searching import SandboxedSolver
    from toolbuilder.adapters.sandbox.choice import choose_sandbox
    from toolbuilder.synthesis import Example, Task
    hang = (sys.executable, "-I", "-S", "-c", "print('searching', flush=True)\\nwhile True: pass")
    solver = SandboxedSolver(choose_sandbox(), hang)
    task = Task("t", "d", "text", "text", (), (Example("E1", "a", "b"),))
    async def main():
        print("started", flush=True)
        await module.in_background(lambda: solver(task))
    asyncio.run(main())
"""


def test_the_result_comes_back() -> None:
    assert asyncio.run(in_background(lambda: 7)) == 7


def test_the_error_comes_back() -> None:
    with pytest.raises(ZeroDivisionError):
        asyncio.run(in_background(lambda: 1 // 0))


def searching(pid: int) -> list[int]:
    """Give the processes below a process that run the endless search."""
    found = subprocess.run(["ps", "-eo", "pid,ppid,args"], check=True, capture_output=True, text=True).stdout
    rows = [line.split(maxsplit=2) for line in found.splitlines()[1:]]
    below = {pid}
    while grown := {int(child) for child, parent, _ in rows if int(parent) in below} - below:
        below |= grown
    return [int(child) for child, _, args in rows if int(child) in below and "print('searching'" in args]


def interrupted(source: str) -> tuple[bool, list[int]]:
    """Interrupt a program while it searches; tell whether it ended soon, and what still searches then."""
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(WAITING), source], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(Path(background.__file__).parents[3])},
    )  # fmt: skip
    with process:
        assert process.stdout is not None
        process.stdout.readline()
        until = time.monotonic() + PATIENCE
        while not (below := searching(process.pid)):
            assert time.monotonic() < until
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=PATIENCE / 4)
        except subprocess.TimeoutExpired:
            process.kill()
            return False, below
        until = time.monotonic() + PATIENCE
        while (left := [pid for pid in below if Path(f"/proc/{pid}").exists()]) and time.monotonic() < until:
            pass
        return True, left


def test_an_interrupt_ends_the_program_and_the_search() -> None:
    assert interrupted(inspect.getsource(background)) == (True, [])


@pytest.mark.slow
def test_a_thread_that_is_waited_for_would_hold_up_the_interrupt() -> None:
    source = inspect.getsource(background)
    assert source.count("daemon=True") == 1
    ended, _ = interrupted(source.replace("daemon=True", "daemon=False"))
    assert not ended
