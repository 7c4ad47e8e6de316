"""What a plan costs: `python -m tests.plan_benchmark` makes repositories of many specs and measures the whole command.

A row tells how the tools stand and how many lines a spec has; the median and the least of several runs, in seconds and
per tool; how much of it was spent in Python and git, by their own clocks; and how many git processes were started.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median

from tests.planted import ROOT, spec_text, stream_of

SIZES = (250, 500, 1_000)
RUNS = 5
PLAN = (sys.executable, "-m", "toolbuilder", "plan", "--matrix")
STANDINGS = ("nothing built", "half built", "all built", "all merged", "merged, branches kept")
FAT_STANDINGS = ("nothing built", "all merged")
COLUMNS = ("tools", "lines a spec", "specs", "git processes", "seconds, median", "least", "ms a tool", "seconds of CPU")


def say(*cells: object) -> None:
    """Print a row as soon as it is known."""
    sys.stdout.write(f"| {' | '.join(map(str, cells))} |\n")
    sys.stdout.flush()


def main() -> None:
    """Measure, and print a table."""
    say(*COLUMNS)
    say(*("---" for _ in COLUMNS))
    lean = (ROOT / "specs/log-levels.yaml").read_text().replace("name: log-levels\n", "name: dedupe\n")
    cases = [(standing, lean) for standing in STANDINGS] + [(standing, fat(lean)) for standing in FAT_STANDINGS]
    for standing, text in cases:
        for size in SIZES:
            with tempfile.TemporaryDirectory(prefix="plan-") as folder:
                repository = Path(folder, "repository")
                make(repository, size, standing, text)
                say(standing, text.count("\n"), size, *measured(repository, size))


def fat(text: str, more: int = 25) -> str:
    """Give a spec with so many examples more: they are what most lines of a spec are."""
    lines = "".join(f"      2024-01-0{day} {level} something\n" for day in (1, 2) for level in ("INFO", "WARN"))
    examples = (
        f"  - name: number {number}\n    args: [--top, '{number}']\n    input: |\n{lines}    output: {{INFO: 2, WARN: 2}}\n"
        for number in range(2, more + 2)
    )
    return text.replace("examples:\n", f"examples:\n{''.join(examples)}", 1)


def make(repository: Path, size: int, standing: str = "half built", text: str = "") -> None:
    """Make a repository with so many specs, and their tools as far as that says."""
    text = text or (ROOT / "specs/log-levels.yaml").read_text().replace("name: log-levels\n", "name: dedupe\n")
    specs = {name: spec_text(name, text) for name in (f"tool-{number:04}" for number in range(size))}
    branches, merged = _parts(specs, standing)
    _git(repository.parent, "init", "--quiet", "--initial-branch=main", str(repository))
    _git(repository, "fast-import", "--quiet", stdin=b"".join(stream_of(specs, branches, merged)))


def measured(repository: Path, size: int) -> tuple[str, ...]:
    """Measure the plan of one repository; give the cells of its row."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    times = sorted(_seconds(repository) for _ in range(RUNS))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / RUNS
    middle = median(times)
    processes = sum(1 for _ in git_processes(repository))
    return str(processes), f"{middle:.2f}", f"{times[0]:.2f}", f"{middle / size * 1000:.2f}", f"{cpu:.2f}"


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


def _parts(specs: Mapping[str, str], standing: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Give the specs of those tools that have a branch, and of those that the default branch holds."""
    nothing: Mapping[str, str] = {}
    match standing:
        case "nothing built":
            return nothing, nothing
        case "half built":
            return {name: text for name, text in specs.items() if int(name[-1]) % 2}, nothing
        case "all built":
            return specs, nothing
        case "all merged":
            return nothing, specs
        case _:
            return specs, specs


def _seconds(repository: Path) -> float:
    start = time.perf_counter()
    subprocess.run(PLAN, cwd=repository, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def _git(folder: Path, *arguments: str, stdin: bytes = b"") -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], input=stdin, check=True, capture_output=True)


if __name__ == "__main__":
    main()
