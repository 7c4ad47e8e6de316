"""A sandbox and a scaffolder in which everything succeeds and nothing runs: what commands would leave behind is there.

The tool that is "installed" drops repeated lines, so that the examples of `pipeline_world.SPEC` come out right.
"""

import json
import sys
from collections.abc import Mapping

from toolbuilder.ports import Command, Ran

HELP = b"usage: it is used\n"
JUNIT = '<testsuite tests="3" failures="0" errors="0" skipped="0">'
COVERAGE = {"totals": {"percent_covered": 100.0}}


class Agreeable:
    """Says of every command that it went well."""

    kind = "none"

    def run(self, command: Command) -> Ran:
        words = command.argv[1:3]
        if "--help" in command.argv:
            return Ran(0, HELP, b"")
        if words == ("-m", "pytest"):
            (command.folder / "junit.xml").write_text(JUNIT)
            (command.folder / "coverage.json").write_text(json.dumps(COVERAGE))
        if words == ("-m", "hatchling"):
            [package] = [path.name for path in (command.folder / "src").iterdir()]
            (command.folder / ".toolbuilder-built").mkdir()
            (command.folder / f".toolbuilder-built/{package}-1-py3-none-any.whl").write_bytes(b"wheel")
        if words[:1] == ("venv",):
            (command.folder / "env/lib" / f"python{sys.version_info.major}" / "site-packages").mkdir(parents=True)
        if words[:1] == ("pip",):
            name = command.argv[-1].partition("-")[0].replace("_", "-")
            (command.folder / "env/bin").mkdir()
            (command.folder / "env/bin" / name).write_text("")
        lines = dict.fromkeys(command.stdin.splitlines(keepends=True))
        return Ran(0, b"".join(lines), b"")


class TwoFiles:
    """A scaffolder with a template of two files."""

    def render(self, template: str, answers: Mapping[str, object]) -> Mapping[str, bytes]:
        about = f"# {template}, {len(answers)} answers\n".encode()
        return {"pyproject.toml": about, f"src/{answers['package']}/__init__.py": b""}
