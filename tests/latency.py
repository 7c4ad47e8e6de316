"""Measure whole builds against a server with a fixed latency: `python -m tests.latency [SECONDS [MODULES...]]`.

Prints how the wall time of `toolbuilder run`, start of the process included, relates to the time that the nine calls
of the critical path take. A measurement, not a test: what it prints depends on the machine.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.known_model import KnownModel, KnownProvider
from tests.paid_provider import KEY
from tests.pipeline_world import SPEC
from tests.served import served

DEPTH = 9  # calls of the critical path: requirements 3, architecture 2, generation 2, verification 1, packaging 1
WANTED = 1.05
SIZES = (1, 3, 6, 12)  # modules
ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Run:
    """A run of the command: its seconds, and those until its first question came."""

    wall: float
    start: float


def measured(modules: int, latency: float, folder: Path) -> Run:
    """Build a tool of so many modules in a new repository."""
    _git(folder, "init", "--quiet")
    _git(folder, "-c", "user.name=A", "-c", "user.email=a@localhost", "commit", "-q", "--allow-empty", "-m", "Begin")
    (folder / "specs").mkdir()
    (folder / "specs/dedupe.yaml").write_text(SPEC)
    provider = KnownProvider(model=KnownModel(modules))
    with served(provider, latency) as address:
        settings = {"TOOLBUILDER_BASE_URL": address, "TOOLBUILDER_API_KEY": KEY, "TOOLBUILDER_CALLS": "16"}
        command = [sys.executable, "-m", "toolbuilder", "run", "--engine", "anthropic", "--json"]
        environment = {**os.environ, **settings, "PYTHONPATH": str(ROOT), "NO_PROXY": "127.0.0.1"}
        began = time.monotonic()
        subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
        return Run(time.monotonic() - began, provider.first - began)


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", folder, *arguments], check=True)


def main(latency: float = 7.5, sizes: Sequence[int] = SIZES) -> None:
    """Print a line a size."""
    critical = DEPTH * latency
    sys.stdout.write(f"{DEPTH} calls deep, {latency:g} s a call; wanted: {WANTED} x {critical:g} s at most\n")
    sys.stdout.write("modules    wall  ratio   start  ratio without the start of the process\n")
    for modules in sizes:
        with tempfile.TemporaryDirectory() as folder:
            run = measured(modules, latency, Path(folder))
        rest = (run.wall - run.start) / critical
        line = f"{modules:>7} {run.wall:>6.2f}s  {run.wall / critical:.3f} {run.start:>6.2f}s  {rest:.3f}\n"
        sys.stdout.write(line)
        sys.stdout.flush()


if __name__ == "__main__":
    arguments = [*sys.argv[1:], "7.5"]
    main(float(arguments[0]), [int(size) for size in sys.argv[2:]] or SIZES)
