"""How builds ended, and how far tools are."""

from collections import Counter
from collections.abc import Sequence

from toolbuilder.artifacts import Generation, Packaging, Requirements, Verification
from toolbuilder.build import Built
from toolbuilder.errors import BudgetReached, FileIsWrong, NeedsPerson, ToolbuilderError
from toolbuilder.fleet import Status
from toolbuilder.runs import ToolHeld
from toolbuilder.yaml_files.models import read_model


def built_lines(built: Built) -> list[str]:
    """Tell how a build ended: what was shown to work, and what to type next."""
    if not built.landed:
        return [f"{built.tool}: nothing was left to do"]
    name = built.branch.removeprefix("refs/heads/")
    facts = [fact for done in built.done for fact in _facts(done.artifact)]
    if not built.complete:
        return [*facts, f"{built.tool}: done as far as ordered, on branch {name}"]
    return [*facts, f"{built.tool}: built on branch {name}; look with `git log -p {name}`"]


def summary_line(ends: Sequence[Built | ToolbuilderError]) -> str:
    """Count how the builds of a run ended."""
    counts = Counter(map(_kind, ends))
    return f"{len(ends)} tools: " + ", ".join(f"{n} {_verb(kind, n)}" for kind, n in counts.items())


def _verb(kind: str, count: int) -> str:
    return kind.replace("need ", "needs ", 1) if count == 1 else kind


def _kind(end: Built | ToolbuilderError) -> str:
    match end:
        case Built():
            return "built" if end.landed else "up to date"
        case NeedsPerson():
            return "need a person"
        case BudgetReached():
            return "capped"
        case FileIsWrong():
            return "with a wrong file"
        case ToolHeld():
            return "held by another run"
        case _:
            return "failed"


def built_rows(tool: str, end: Built | ToolbuilderError) -> dict[str, object]:
    """Give how a build ended, for programs."""
    if isinstance(end, ToolbuilderError):
        return {"tool": tool, "exit_code": end.exit_code, "error": str(end)}
    stages = [
        {"stage": done.stage.name, "ran": done.stage.name in end.landed, "notes": list(done.notes)} for done in end.done
    ]
    return {
        "tool": tool,
        "exit_code": 0,
        "branch": end.branch,
        "commit": end.tip,
        "complete": end.complete,
        "stages": stages,
    }


def status_lines(rows: Sequence[Status]) -> list[str]:
    """Tell how far each tool is, a line each."""
    width = max((len(row.tool) for row in rows), default=0)
    return [f"{row.tool:{width}}  {_standing(row)}" for row in rows] or ["there are no specs"]


def requirement_lines(tool: str, text: str) -> list[str]:
    """Show the requirements artifact to read."""
    artifact = read_model(text.encode(), f"{tool}: requirements", Requirements)
    return [
        f"{tool}: {artifact.problem}",
        *(f"  {one.id:4} {'model' if one.by == 'ai' else 'code '} {one.text}" for one in artifact.requirements),
        *(f"  flow: {flow.source} -> {flow.target} ({flow.carries})" for flow in artifact.flows),
        *(f"  thinks: {agent.id}: {agent.task}" for agent in artifact.agents),
    ]


def _standing(row: Status) -> str:
    if row.error:
        return f"cannot be read: {row.error.splitlines()[0]}"
    notes = f" ({'; '.join(row.notes)})" if row.notes else ""
    if not row.due:
        return f"up to date, {row.tip[:12] or 'merged'}{notes}"
    stages = "1 stage" if len(row.done) == 1 else f"{len(row.done)} stages"
    return f"{stages} done, next {row.due}: {row.why}{notes}"


def _facts(artifact: object) -> list[str]:
    match artifact:
        case Generation():
            judged = [f"  {i} is for a reviewer to judge" for i in artifact.for_reviewer]
            return [*(f"  {note}" for note in artifact.notes), *judged]
        case Verification():
            right = sum(one.passed for one in artifact.examples)
            held_out = sum(one.held_out for one in artifact.examples)
            tests = f"{artifact.tests_passed} of {artifact.tests_passed + artifact.tests_failed} tests"
            examples = f"{right} of {len(artifact.examples)} examples ({held_out} held out)"
            passed = f"  {tests}, {examples} passed in {artifact.sandbox}"
            return [f"{passed}; coverage {artifact.coverage_percent} %, quality {artifact.quality:.2f}"]
        case Packaging():
            return [f"  {artifact.wheel} installs offline into a clean environment and reproduces every example"]
        case _:
            return []
