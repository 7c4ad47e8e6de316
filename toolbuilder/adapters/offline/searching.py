"""The search in a sandbox: what it tries is code, so it is run where it can do nothing, and be stopped.

Its own limit is a number of evaluations, which is the same everywhere. The clock and the memory are fuses: they burn
only when a step hangs, and then say nothing about the task.
"""

import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from toolbuilder.errors import ToolbuilderError
from toolbuilder.ports import Command, Limits, Ran, Sandbox
from toolbuilder.proof.workbench import shown
from toolbuilder.synthesis import Refusal, Task, Verdict, confirmed
from toolbuilder.synthesis.passing import task_to_json, verdict_from_json

PACKAGE = Path(__file__).resolve().parents[2]
# Found by its place: Python would look for it in a list of the folder around it, which Landlock does not let it read.
LOADER = """\
import runpy, sys
from importlib.util import module_from_spec, spec_from_file_location
folder = sys.argv.pop(1)
spec = spec_from_file_location("toolbuilder", f"{folder}/__init__.py", submodule_search_locations=[folder])
package = sys.modules["toolbuilder"] = module_from_spec(spec)
spec.loader.exec_module(package)
runpy.run_module("toolbuilder.synthesis", run_name="__main__", alter_sys=True)
"""
SEARCH = (sys.executable, "-S", "-c", LOADER, str(PACKAGE))
MOST_OUTPUT = 16 << 20


@dataclass(frozen=True)
class SandboxedSolver:
    """Searches in one process of a sandbox, and sees an accepted program fit its examples in a second one."""

    sandbox: Sandbox
    search: tuple[str, ...] = SEARCH
    seconds: float = 120
    confirming: float = 20
    memory_bytes: int = 1 << 30

    def __call__(self, task: Task) -> Verdict:
        """Solve the task. Raises SandboxUnavailable, and ToolbuilderError when the search itself fails."""
        ran = self._run(self.search, json.dumps(task_to_json(task)), self.seconds)
        if ran.stopped:
            return Refusal(f"the search was stopped: it went over its limit of {ran.stopped}, so a step of it hung")
        try:
            verdict = verdict_from_json(json.loads(ran.stdout))
        except ValueError as error:
            raise ToolbuilderError(f"the search failed: {' '.join(shown(ran, limit=1)) or error}") from error
        return confirmed(task, verdict, self._start)

    def _start(self, script: str, text: str) -> str | None:
        ran = self._run((sys.executable, "-I", "-S", "-c", script), text, self.confirming)
        return None if ran.stopped or ran.exit_code else ran.stdout.decode()

    def _run(self, argv: tuple[str, ...], text: str, seconds: float) -> Ran:
        limits = Limits(seconds, self.memory_bytes, output_bytes=MOST_OUTPUT)
        environment = {"PYTHONUTF8": "1", "PYTHONHASHSEED": "0"}
        with tempfile.TemporaryDirectory(prefix="toolbuilder-") as name:
            folder = Path(name).resolve()
            return self.sandbox.run(Command(argv, folder, (PACKAGE,), text.encode(), environment, limits))
