"""The proof that a tool installs: a wheel, a clean environment without network, and its console script run there."""

import hashlib
import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from uv import find_uv_bin

from toolbuilder.artifacts import Verdict
from toolbuilder.errors import NeedsPerson
from toolbuilder.ports import Ran, Sandbox
from toolbuilder.proof.comparison import Outcome, compare
from toolbuilder.proof.example_run import OUT, arguments, files
from toolbuilder.proof.workbench import Workbench, shown, workbench
from toolbuilder.spec import Example, Spec

README = "README.md"
KIND = re.compile(r"(?:exit code|standard error|output|files|line \d+|the output)\b")  # how differences begin
BUILT = ".toolbuilder-built"  # not `dist`, where somebody may have committed a wheel
ENVIRONMENT = "env"
OFFLINE = ("--offline", "--no-config", "--no-cache", "--no-python-downloads", "--quiet")
SIDE_BY_SIDE = os.cpu_count() or 1  # examples


@dataclass(frozen=True)
class Wheel:
    """A built wheel."""

    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The wheel's SHA-256 in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Installed:
    """A tool's console script in an environment that holds nothing else."""

    command: Path
    environment: Path
    sandbox: Sandbox


def build_wheel(sandbox: Sandbox, sources: Mapping[str, bytes]) -> Wheel:
    """Build a tool's wheel, the same bytes each time. Raises NeedsPerson when its build fails."""
    with workbench(sandbox, {README: b"# Not written yet\n", **sources}) as bench:
        ran = bench.python("hatchling", "build", "--target", "wheel", "-d", BUILT, SOURCE_DATE_EPOCH="315532800")
        wheels = sorted((bench.folder / BUILT).glob("*.whl"))
        if ran.exit_code or not wheels:
            raise NeedsPerson("the wheel does not build", findings=shown(ran))
        return Wheel(wheels[0].name, wheels[0].read_bytes())


@contextmanager
def installed(sandbox: Sandbox, wheel: Wheel, command: str, dependencies: tuple[str, ...]) -> Iterator[Installed]:
    """Install a wheel into a clean environment, without network. Raises NeedsPerson when that fails."""
    with workbench(sandbox, {}) as bench:
        prepare(bench, dependencies)
        yield install(bench, wheel, command)


def prepare(bench: Workbench, dependencies: tuple[str, ...]) -> None:
    """Make a clean environment, without network, that holds the dependencies alone. Raises NeedsPerson."""
    _must(bench, find_uv_bin(), "venv", *OFFLINE, "--python", sys.executable, ENVIRONMENT)
    _copy_dependencies(dependencies, bench.folder / ENVIRONMENT)


def install(bench: Workbench, wheel: Wheel, command: str) -> Installed:
    """Install a wheel into the environment that was prepared. Raises NeedsPerson when that fails."""
    bench.put({wheel.name: wheel.content})
    environment = bench.folder / ENVIRONMENT
    python = f"{ENVIRONMENT}/bin/python"
    _must(bench, find_uv_bin(), "pip", "install", *OFFLINE, "--no-index", "--python", python, wheel.name)
    script = environment / "bin" / command
    if not script.exists():
        raise NeedsPerson(f"the wheel installs, but gives no command {command}")
    return Installed(script, environment, bench.sandbox)


def run_example(tool: Installed, spec: Spec, example: Example) -> Outcome:
    """Run one example through the console script, in a folder of its own."""
    inside = {name: text.encode() for name, text in files(spec, example).items()}
    with workbench(tool.sandbox, inside, readable=(tool.environment,)) as bench:
        stdin = (example.input or "").encode()
        ran = bench.run(str(tool.command), *arguments(spec, example), stdin=stdin)
        return _outcome(ran, _written(bench) if spec.output_type == "files" else None)


def verdicts(tool: Installed, spec: Spec) -> tuple[Verdict, ...]:
    """Run every example of a spec, held-out ones too; of these a difference tells only the kind."""
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        return tuple(pool.map(partial(_verdict, tool, spec), spec.example_ids, spec.examples))


def help_text(tool: Installed) -> str:
    """Give what the console script prints for `--help`. Raises NeedsPerson when it fails."""
    with workbench(tool.sandbox, {}, readable=(tool.environment,)) as bench:
        return _printed(tool.command.name, bench.run(str(tool.command), "--help", COLUMNS="80"))


def foreseen_help(sandbox: Sandbox, sources: Mapping[str, bytes], package: str) -> str:
    """Give what the console script will print for `--help`, before there is a wheel. Raises NeedsPerson."""
    with workbench(sandbox, sources) as bench:
        return _printed(package, bench.python(package, "--help", COLUMNS="80", PYTHONPATH="src"))


def _verdict(tool: Installed, spec: Spec, name: str, example: Example) -> Verdict:
    difference = compare(example, run_example(tool, spec, example))
    held_out = name in spec.held_out
    told = _kind(difference) if held_out else difference
    return Verdict(example=name, held_out=held_out, passed=not difference, difference=told)


def _kind(difference: str) -> str:
    """Keep back what a held-out example shows: differences reach the questions that repair the tool."""
    if not difference:
        return ""
    kind = KIND.match(difference)
    return f"{kind[0] if kind else 'the run'} differs; the rest is held back, lest it be learnt by heart"


def _outcome(ran: Ran, written: Mapping[str, str] | None) -> Outcome:
    stopped = f"stopped: over its limit of {ran.stopped}\n" if ran.stopped else ""
    stderr = stopped + ran.stderr.decode(errors="replace")
    return Outcome(ran.stdout.decode(errors="replace"), stderr, ran.exit_code, written)


def _written(bench: Workbench) -> dict[str, str]:
    folder = bench.folder / OUT
    found = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return {path.relative_to(folder).as_posix(): bench.text(str(path.relative_to(bench.folder))) for path in found}


def _printed(name: str, ran: Ran) -> str:
    if ran.exit_code:
        raise NeedsPerson(f"{name} --help fails", findings=shown(ran))
    return ran.stdout.decode()


def _must(bench: Workbench, *argv: str) -> None:
    ran = bench.run(*argv)
    if ran.exit_code:
        raise NeedsPerson(f"`{Path(argv[0]).name} {argv[1]}` fails for the built wheel", findings=shown(ran))


def _copy_dependencies(names: Sequence[str], environment: Path) -> None:
    """Copy distributions from toolbuilder's own environment: the only wheelhouse that is surely there offline."""
    target = next((environment / "lib").glob("python*")) / "site-packages"
    for distribution in _closure(names):
        for file in distribution.files or ():
            source = Path(str(distribution.locate_file(file)))
            if ".." not in file.parts and source.is_file() and source.suffix != ".pyc":
                (target / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, target / file)


def _closure(names: Sequence[str]) -> list[metadata.Distribution]:
    waiting, found = [*names], dict[str, metadata.Distribution]()
    while waiting:
        requirement = Requirement(waiting.pop())
        if requirement.name not in found and (not requirement.marker or requirement.marker.evaluate({"extra": ""})):
            found[requirement.name] = metadata.distribution(requirement.name)
            waiting += found[requirement.name].requires or []
    return list(found.values())
