"""What a build, a plan or a verification tells GitHub Actions once it is there: annotations, and the job summary."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from toolbuilder import actions
from toolbuilder.build import Built, Workshop
from toolbuilder.errors import FileIsWrong, ToolbuilderError
from toolbuilder.planning.verdict import Verdict
from toolbuilder.telling.annotations import of_error, of_findings, problem_of
from toolbuilder.telling.gathering import gather
from toolbuilder.telling.plan_summary import plan_summary
from toolbuilder.telling.run_summary import MOST_SHOWN, End, run_summary
from toolbuilder.telling.verify_summary import verify_summary
from toolbuilder.telling.view import ToolView
from toolbuilder.verifying import Verified


def report(ends: Mapping[str, End], workshop: Workshop, moments: actions.Moments) -> None:
    """Tell a run of GitHub Actions how builds ended; elsewhere nothing is done."""
    if not actions.in_actions():
        return
    errors = {tool: end for tool, end in ends.items() if isinstance(end, ToolbuilderError)}
    actions.annotate(one for tool, error in errors.items() for one in of_error(error, actions.folder(), tool))
    actions.summarize(run_summary(ends, moments.seen, moments.seconds, dict(_views(ends, workshop))))


def report_plan(verdicts: Sequence[Verdict]) -> None:
    """Tell a run of GitHub Actions what is to be built, and put errors of specs at their places."""
    broken = [line for one in verdicts if one.state == "broken" for line in one.why.splitlines()]
    actions.annotate(of_error(FileIsWrong([problem_of(line) for line in broken]), actions.folder()))
    actions.summarize(plan_summary(verdicts))


def report_verified(results: Sequence[Verified]) -> None:
    """Tell a run of GitHub Actions what each gate says of each tool, findings at their places."""
    failed = [one for one in results if not one.passed]
    actions.annotate(found for one in failed for found in of_findings(one.findings, one.tool))
    actions.summarize(verify_summary(results))


def _views(ends: Mapping[str, End], workshop: Workshop) -> Iterator[tuple[str, ToolView]]:
    landed = [tool for tool, end in ends.items() if isinstance(end, Built) and end.landed]
    for tool in landed[:MOST_SHOWN]:
        with suppress(ToolbuilderError):  # it has ended well; a view less is no reason to fail
            yield tool, gather(workshop, tool)
