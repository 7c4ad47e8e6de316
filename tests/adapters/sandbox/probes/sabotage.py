"""Sandboxes with a protection taken out, line by line, and the attack that must get out of each.

The package is copied, the line changed, and the attack run with the copy: what is tested is that the battery would
notice if the line were lost. Where two protections stand behind each other, both are taken out.
"""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from toolbuilder.adapters.sandbox import view

PACKAGE = Path(view.__file__).parents[2]
NEEDED = (
    "*.py",
    "__pycache__/*",
    "ports/*.py",
    "ports/__pycache__/*",
    "adapters/__init__.py",
    "adapters/__pycache__/*",
    "adapters/sandbox/*.py",
    "adapters/sandbox/__pycache__/*",
)
TESTS = Path(__file__).resolve().parents[3]
Change = tuple[str, str, str]  # module, text, what stands there instead


@dataclass(frozen=True)
class Sabotage:
    """Changes to the adapters, the kinds of sandbox they weaken, and the attack that then gets out."""

    attack: str
    kinds: tuple[str, ...]
    changes: tuple[Change, ...]


def verdicts(sabotage: Sabotage, kinds: Sequence[str], root: Path) -> str:
    """Give what the attack did in sabotaged sandboxes: "out" or "held" for each kind, or how it failed."""
    for pattern in NEEDED:
        for path in PACKAGE.glob(pattern):
            copy = root / "toolbuilder" / path.relative_to(PACKAGE)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, copy)  # with its date, so that what was compiled stays good
    (root / "tests").symlink_to(TESTS)
    for module, text, instead in sabotage.changes:
        path = root / "toolbuilder" / "adapters" / "sandbox" / f"{module}.py"
        source = path.read_text()
        assert source.count(text) == 1, f"{module} has changed: {text!r} is there {source.count(text)} times"
        path.write_text(source.replace(text, instead))
    argv = [sys.executable, "-m", "tests.adapters.sandbox.probes.try_one", sabotage.attack, *kinds]
    ran = subprocess.run(argv, cwd=root, capture_output=True, text=True, check=False)
    return ran.stdout.strip() or ran.stderr
