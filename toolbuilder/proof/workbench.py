"""A folder on disk with a tool's files in it, and commands run there inside the sandbox."""

import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ruff import find_ruff_bin  # type: ignore[import-untyped]  # it brings no types

from toolbuilder.ports import Command, Limits, Ran, Sandbox

MINUTES = 60


@dataclass(frozen=True)
class Workbench:
    """A folder, and the sandbox that commands in it run in."""

    folder: Path
    sandbox: Sandbox
    readable: tuple[Path, ...] = ()
    limits: Limits = field(default_factory=lambda: Limits(seconds=5 * MINUTES, memory_bytes=4 << 30))

    def run(self, *argv: str, stdin: bytes = b"", **environment: str) -> Ran:
        """Run a command in the folder."""
        fixed = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0", "PYTHONUTF8": "1", "NO_COLOR": "1"}
        command = Command(
            argv=argv,
            folder=self.folder,
            readable=self.readable,
            stdin=stdin,
            environment={**fixed, **environment},
            limits=self.limits,
        )
        return self.sandbox.run(command)

    def python(self, module: str, *arguments: str, **environment: str) -> Ran:
        """Run a module of this Python, toolbuilder's own, in the folder."""
        return self.run(sys.executable, "-m", module, *arguments, stdin=b"", **environment)

    def ruff(self, *arguments: str) -> Ran:
        """Run ruff in the folder: itself, since the start of a Python before it takes longer than its work."""
        return self.run(find_ruff_bin(), *arguments)

    def put(self, files: Mapping[str, bytes]) -> None:
        """Write files into the folder."""
        for name, content in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    def text(self, name: str) -> str:
        """Give the text of a file in the folder, empty if there is none."""
        path = self.folder / name
        return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


@contextmanager
def workbench(sandbox: Sandbox, files: Mapping[str, bytes], readable: tuple[Path, ...] = ()) -> Iterator[Workbench]:
    """Lay files out in a folder of their own, which goes when the work is done."""
    with tempfile.TemporaryDirectory(prefix="toolbuilder-", ignore_cleanup_errors=True) as name:
        bench = Workbench(Path(name).resolve(), sandbox, readable)
        bench.put(files)
        yield bench


def shown(ran: Ran, limit: int = 20) -> tuple[str, ...]:
    """Give the last lines of what a command printed."""
    text = (ran.stdout + ran.stderr).decode(errors="replace")
    stopped = [f"stopped: over its limit of {ran.stopped}"] if ran.stopped else []
    return tuple([line for line in text.splitlines() if line.strip()][-limit:] + stopped)
