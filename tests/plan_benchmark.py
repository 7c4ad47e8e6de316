"""What a plan costs: `python -m tests.plan_benchmark` makes repositories of many specs and measures the whole command.

Half of the tools are built. A row tells the median and the least of several runs, in seconds and per tool, how much of
it was spent in Python, and how many git processes were started.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.planted import ROOT, spec_text, stream_of

SIZES = (250, 500, 1_000)
RUNS = 5
PLAN = (sys.executable, "-m", "toolbuilder", "plan", "--matrix")


def say(line: str) -> None:
    """Print a line as soon as it is known."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Measure, and print a table."""
    say("| specs | git processes | seconds, median | least | ms a tool | seconds of CPU |\n|---|---|---|---|---|---|")
    for size in SIZES:
        with tempfile.TemporaryDirectory(prefix="plan-") as folder:
            repository = Path(folder, "repository")
            make(repository, size)
            say(row(repository, size))


def make(repository: Path, size: int) -> None:
    """Make a repository with so many specs, every other one built."""
    text = (ROOT / "specs/log-levels.yaml").read_text().replace("name: log-levels\n", "name: dedupe\n")
    specs = {name: spec_text(name, text) for name in (f"tool-{number:04}" for number in range(size))}
    built = {name: text for name, text in specs.items() if int(name[-1]) % 2}
    _git(repository.parent, "init", "--quiet", "--initial-branch=main", str(repository))
    _git(repository, "fast-import", "--quiet", stdin=b"".join(stream_of(specs, built)))


def row(repository: Path, size: int) -> str:
    """Measure the plan of one repository."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    times = sorted(_seconds(repository) for _ in range(RUNS))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / RUNS
    middle = median(times)
    processes = sum(1 for _ in git_processes(repository))
    return f"| {size} | {processes} | {middle:.2f} | {times[0]:.2f} | {middle / size * 1000:.2f} | {cpu:.2f} |"


def git_processes(repository: Path) -> Iterator[str]:
    """Give the command line of every git process that a plan starts, as git itself tells it."""
    with tempfile.TemporaryDirectory(prefix="trace-") as folder:
        trace, settings = Path(folder, "trace"), Path(folder, "settings")
        settings.write_text(f"[trace2]\n\teventTarget = {trace}\n")
        subprocess.run(
            PLAN,
            cwd=repository,
            env={**os.environ, "GIT_CONFIG_GLOBAL": str(settings)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )
        yield from (line for line in trace.read_text().splitlines() if '"event":"start"' in line)


def _seconds(repository: Path) -> float:
    start = time.perf_counter()
    subprocess.run(PLAN, cwd=repository, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def _git(folder: Path, *arguments: str, stdin: bytes = b"") -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], input=stdin, check=True, capture_output=True)


if __name__ == "__main__":
    main()
