"""A copy of the ground in a folder of its own, where every program but the plainest ones is a stand-in."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PARTS = (".ci", "Makefile", "pyproject.toml", "requirements.lock")
PLAIN = (
    *("awk", "cat", "chmod", "cp", "dirname", "env", "flock", "grep", "id", "ln", "make", "mkdir", "mktemp", "mv"),
    *("printenv", "rm", "sed", "sh", "sha256sum", "timeout"),
)


@dataclass(frozen=True)
class Clone:
    """A folder with the ground in it, and the folder that is the whole PATH of what runs there."""

    folder: Path
    programs: Path

    def program(self, name: str, body: str) -> None:
        """Put a stand-in on the PATH. What it appends to "$CALLS" is what `calls` gives."""
        path = self.programs / name
        path.unlink(missing_ok=True)
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)

    def sabotage(self, file: str, right: str, wrong: str) -> None:
        """Make a mutant: replace what must stand in a file of the ground."""
        path = self.folder / file
        text = path.read_text()
        assert right in text
        path.write_text(text.replace(right, wrong))

    def environment(self, **more: str) -> dict[str, str]:
        """Give all that a command run here sees of the outside."""
        home = str(self.programs.parent)
        return {"PATH": str(self.programs), "HOME": home, "CALLS": str(self.programs.parent / "calls"), **more}

    def run(self, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the folder, with nothing on standard input."""
        environment = self.environment(**more)
        return subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False, input=""
        )

    def calls(self) -> list[str]:
        """Give what the stand-ins recorded, and forget it."""
        record = self.programs.parent / "calls"
        lines = record.read_text().splitlines() if record.exists() else []
        record.unlink(missing_ok=True)
        return lines


def clone_into(folder: Path) -> Clone:
    """Copy the ground into a folder whose name has a space in it; PYTHON there is this interpreter."""
    clone = Clone(folder / "a clone", folder / "programs")
    clone.folder.mkdir()
    clone.programs.mkdir()
    for part in PARTS:
        source = ROOT / part
        (shutil.copytree if source.is_dir() else shutil.copy)(source, clone.folder / part)
    for name in PLAIN:
        found = shutil.which(name)
        assert found, f"{name} is missing on this machine"
        (clone.programs / name).symlink_to(found)
    clone.program("python3", f'exec "{os.path.realpath(sys.executable)}" "$@"')
    return clone
