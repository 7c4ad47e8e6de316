"""Publishing: one pull request a tool, opened, updated or closed as git and the forge say."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import typer
from pydantic import TypeAdapter, ValidationError

from toolbuilder import actions
from toolbuilder.build import Workshop
from toolbuilder.commands.common import here, print_json, root
from toolbuilder.errors import FileIsWrong, Problem
from toolbuilder.forges import OpenForge, open_forge
from toolbuilder.planning.plan import Wanted, plan
from toolbuilder.planning.standing import View
from toolbuilder.planning.verdict import Verdict
from toolbuilder.ports import PullRequest
from toolbuilder.publishing.applying import Desk, Outcome, carry_out
from toolbuilder.publishing.deciding import decide
from toolbuilder.publishing.decision import NEEDS_PERSON, Decision, Wish, tool_of
from toolbuilder.publishing.knowing import facts_of, reviewers_of
from toolbuilder.publishing.proving import run_address
from toolbuilder.publishing.removal import put_removal, removal_text
from toolbuilder.publishing.straying import kept_drafts
from toolbuilder.reports.publishing import decision_lines, failures, outcome_lines, publish_summary
from toolbuilder.runs import Stop, record_of
from toolbuilder.settings import load_settings
from toolbuilder.telling.gathering import gather
from toolbuilder.telling.pull_request import pull_request_text
from toolbuilder.telling.view import Outside
from toolbuilder.verified import VerifiedAgain, keep_verified
from toolbuilder.viewing import ahead, viewed


@dataclass(frozen=True)
class How:
    """How to publish: as the command line says."""

    forge: str = ""
    remote: str = ""
    verified: str | None = None  # JSON: tool -> the commit that was verified again
    asked: bool = False  # propose again what a person has closed
    dry_run: bool = False


def publish(tools: Sequence[str], how: How, *, as_json: bool) -> int:
    """Decide what is to be done about each pull request, and do it; exit code 1 says that one failed."""
    wish = Wish(_verified(how.verified), load_settings(root()).new_pull_requests, how.asked, run_address(os.environ))
    wanted = Wanted(tuple(tools), asked=how.asked)
    notes: list[str] = []
    with open_forge(Path.cwd(), how.forge, how.remote, notes.append) as there:
        listed = [one for one in there.forge.pull_requests() if not tools or tool_of(one.branch) in tools]
        if how.dry_run:
            with viewed(Path.cwd(), how.remote) as view:
                decisions, _ = _decisions(view, wanted, listed, wish)
            if as_json:
                print_json([asdict(one) for one in decisions])
            else:
                typer.echo("\n".join(decision_lines(decisions)))
            return 0
        workshop = here(remote=how.remote)
        workshop.reconcile()
        with viewed(Path.cwd()) as view:
            decisions, verdicts = _decisions(view, wanted, listed, wish)
            outcomes = list(carry_out(decisions, _desk(workshop, view, there, verdicts, how.remote)))
    _show(outcomes, notes, as_json=as_json)
    return int(any(one.did == "failed" for one in outcomes))


def _decisions(
    view: View, wanted: Wanted, listed: Sequence[PullRequest], wish: Wish
) -> tuple[list[Decision], Mapping[str, Verdict]]:
    verdicts = plan(view, wanted, listed)
    decided = decide(facts_of(view.snapshot, verdicts, listed), listed, wish)
    return kept_drafts(decided, partial(ahead, Path.cwd())), {one.tool: one for one in verdicts}


def _desk(workshop: Workshop, view: View, there: OpenForge, verdicts: Mapping[str, Verdict], remote: str) -> Desk:
    return Desk(
        forge=there.forge,
        text=lambda decision: _text(decision, workshop, there, verdicts, remote),
        reviewers=lambda decision: reviewers_of(view.snapshot, decision.tool, "" if decision.removal else decision.tip),
        remove=partial(put_removal, workshop.repository),
        keep=lambda decision: keep_verified(
            workshop.repository, decision.tool, VerifiedAgain(commit=decision.verified, run=decision.run)
        ),
    )


def _text(
    decision: Decision, workshop: Workshop, there: OpenForge, verdicts: Mapping[str, Verdict], remote: str
) -> tuple[str, str]:
    if decision.removal:
        return removal_text(decision.tool)
    stop = None
    if NEEDS_PERSON in decision.labels:
        verdict = verdicts[decision.tool]
        said = Stop(kind="needs_person", stage=verdict.stage, message=verdict.why)
        stop = record_of(workshop.repository, decision.tool).stopped or said
    outside = Outside(stop, decision.verified, decision.run, there.checks_wait(), there.address, remote)
    return pull_request_text(gather(workshop, decision.tool, outside, ahead=partial(ahead, Path.cwd())))


def _verified(given: str | None) -> dict[str, str] | None:
    """Read what was verified; an empty text says that nothing was."""
    if given is None:
        return None
    try:
        return TypeAdapter(dict[str, str]).validate_json(given.strip() or "{}")
    except ValidationError:
        raise FileIsWrong([Problem("--verified", 0, 0, 'is to be JSON like {"TOOL": "COMMIT"}')]) from None


def _show(outcomes: Sequence[Outcome], notes: Sequence[str], *, as_json: bool) -> None:
    if as_json:
        print_json([asdict(one) for one in outcomes])
    else:
        typer.echo("\n".join(outcome_lines(outcomes)))
    for note in notes:
        typer.echo(note, err=True)
    actions.annotate(failures(outcomes))
    actions.summarize(publish_summary(outcomes))
