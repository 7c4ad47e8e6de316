"""A thin server for a model's client, over standard input and output (Model Context Protocol).

It validates and runs; it commits nothing, and generated code runs in the sandbox only.
"""

import signal
from dataclasses import dataclass
from pathlib import Path

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import BaseModel

from toolbuilder import __version__, fleet
from toolbuilder.bootstrap import workshop
from toolbuilder.build import Workshop
from toolbuilder.checks import parses
from toolbuilder.errors import FileIsWrong, ToolbuilderError
from toolbuilder.patterns.compliance import check_compliance
from toolbuilder.places import find_root
from toolbuilder.proof.jobs import tests
from toolbuilder.spec.file import parse_spec

READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
INSTRUCTIONS = "Validates tool specs and generated Python, and runs generated tests in a sandbox without network."


class Verdict(BaseModel):
    """Whether something is good, and every finding with its place."""

    good: bool
    findings: list[str]


class TestRun(BaseModel):
    """How tests ended, in which sandbox."""

    sandbox: str
    passed: int
    failed: int
    coverage_percent: float
    findings: list[str]


class ToolStatus(BaseModel):
    """How far a tool is."""

    tool: str
    done: list[str]
    due: str
    why: str
    error: str


@dataclass(frozen=True)
class Tools:
    """The tools, for the repository that a folder lies in."""

    folder: Path
    here: Workshop

    def validate_python_syntax(self, source: str, path: str = "module.py") -> Verdict:
        """Check that Python source parses; a finding names the line."""
        return _verdict([str(finding) for finding in parses(path, source.encode())])

    def validate_spec(self, yaml: str, name: str = "spec") -> Verdict:
        """Check a tool spec; each finding is `file:line:column: message`, often with the word that was meant."""
        try:
            parse_spec(yaml.encode(), name)
        except FileIsWrong as error:
            return _verdict([str(problem) for problem in error.problems])
        return _verdict([])

    def check_pattern_compliance(self, pattern: str, files: dict[str, str]) -> Verdict:
        """Check sources (path below the package -> source) against a pattern by its id."""
        known = {one.id: one for one in self.here.patterns}
        if pattern not in known:
            raise ToolError(f"there is no pattern {pattern!r}; there are {', '.join(sorted(known))}")
        return _verdict(check_compliance(files, known[pattern]))

    def test_generated_code(self, package: str, files: dict[str, str]) -> TestRun:
        """Run pytest on a package in the sandbox: files by path, sources below src/, tests below tests/."""
        _refuse_strange(package, files)
        try:
            ran = tests(self.here.sandbox, {path: source.encode() for path, source in files.items()}, package)
        except ToolbuilderError as error:
            raise ToolError(str(error)) from error
        return TestRun(
            sandbox=self.here.sandbox.kind,
            passed=ran.passed,
            failed=ran.failed,
            coverage_percent=ran.coverage_percent,
            findings=list(ran.check.findings),
        )

    def status(self) -> list[ToolStatus]:
        """Say how far the tool of every spec is: what is done, what is due and why."""
        try:
            paths = fleet.find_specs(find_root(self.folder), [])
        except ToolbuilderError as error:
            raise ToolError(str(error)) from error
        rows = [fleet.status_of(path, self.here) for path in paths]
        return [ToolStatus(tool=r.tool, done=list(r.done), due=r.due, why=r.why, error=r.error) for r in rows]


def server(folder: Path) -> MCPServer:
    """Give the server for the repository that a folder lies in. Raises ToolbuilderError when there is none."""
    made = MCPServer("toolbuilder", version=__version__, instructions=INSTRUCTIONS, log_level="WARNING")
    tools = Tools(folder, workshop(folder))
    for tool in (
        tools.validate_python_syntax,
        tools.validate_spec,
        tools.check_pattern_compliance,
        tools.test_generated_code,
        tools.status,
    ):
        made.tool(annotations=READS)(tool)
    return made


def serve(folder: Path) -> None:
    """Serve until standard input ends, or until the process is told to end."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)  # the thread that waits for a line would hold up a softer end
    server(folder).run("stdio")


def _verdict(findings: list[str]) -> Verdict:
    return Verdict(good=not findings, findings=findings)


def _refuse_strange(package: str, files: dict[str, str]) -> None:
    strange = [path for path in files if path.startswith("/") or ".." in path.split("/") or "\0" in path or not path]
    if strange:
        raise ToolError(f"{strange[0]!r} is not a plain relative path; give paths such as src/{package}/module.py")
    if not package.isidentifier():
        raise ToolError(f"{package!r} is not the name of a package; give the folder's name below src/")
