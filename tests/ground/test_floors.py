"""The floors of the house, as `make floors` checks them; and that each of them would notice."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ground.clone import ROOT

LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-c", LINT, "--no-cache"]
    environment = {"PYTHONPATH": str(folder), "COLUMNS": "200"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_imports_go_only_downward() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("spec", "import toolbuilder.pipeline", "Imports go only downward"),
        ("surplus", "", "Imports go only downward"),
        ("synthesis/surplus", "import toolbuilder.errors", "Imports go only downward"),
        ("stages/requirements", "import toolbuilder.stages.architecture", "The stages know nothing of each other"),
        ("pipeline", "import toolbuilder.adapters", "Only the wiring knows the adapters"),
        ("pipeline", "import toolbuilder.synthesis", "Only the offline backend synthesises programs"),
        ("checks", "import subprocess", "Only adapters reach outside"),
        ("ports", "import toolbuilder.stage", "There are no import circles"),
    ],
)
def test_an_import_that_climbs_is_caught(tmp_path: Path, module: str, line: str, contract: str) -> None:
    shutil.copytree(ROOT / "toolbuilder", tmp_path / "toolbuilder")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / "toolbuilder" / f"{module}.py").open("a") as source:
        source.write(f"\n{line}\n")
    broken = [shown for shown in lint(tmp_path).stdout.splitlines() if shown.endswith("BROKEN") or "BROKEN (" in shown]
    assert any(shown.startswith(contract) for shown in broken), broken
