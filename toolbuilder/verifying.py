"""Verification once more, by whoever trusts nothing that the build said: no engine, no commit, a machine of its own."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from toolbuilder.artifacts import Verification
from toolbuilder.build import Order, Workshop
from toolbuilder.errors import SandboxUnavailable, ToolbuilderError
from toolbuilder.history import Done
from toolbuilder.microtask import Runner, Silent
from toolbuilder.stage import Artifact, Finding
from toolbuilder.survey import State, context, survey


@dataclass(frozen=True)
class Verified:
    """What stands on a tool's branch, and what does not hold of it; without findings, everything does."""

    tool: str
    tip: str = ""  # the commit that was looked at
    findings: tuple[str, ...] = ()
    gates: Mapping[str, int] = field(default_factory=dict)  # how many findings each gate had that was asked
    record: Verification | None = None

    @property
    def passed(self) -> bool:
        """Whether every gate let it pass, and the record claims no more than what was measured now."""
        return bool(self.tip) and not self.findings


async def verify(order: Order, workshop: Workshop) -> Verified:
    """Put what stands on a tool's branch before every gate again, and measure what its records say was measured.

    Nobody is asked: what the review said is taken from the record. Raises SandboxUnavailable; whatever is wrong with
    the tool is a finding.
    """
    tool = order.spec.name
    try:
        state = await asyncio.to_thread(survey, order, workshop, frozenset())
        if (due := state.replay.due) is not None:
            return Verified(tool, state.tip or "", (f"{due.stage.name} is not done: {due.why}",))
        return await _measured(state, workshop)
    except SandboxUnavailable:
        raise
    except ToolbuilderError as error:
        return Verified(tool, "", tuple(str(error).splitlines()))


async def _measured(state: State, workshop: Workshop) -> Verified:
    done = state.replay.done
    found = {
        one.stage.name: dict.fromkeys(
            map(str, await _held_against(one, state, workshop, state.replay.artifacts[:number]))
        )
        for number, one in enumerate(done)
    }
    findings = tuple(f"{stage}: {finding}" for stage, said in found.items() for finding in said)
    gates = {stage: len(said) for stage, said in found.items()}
    record = next((one.artifact for one in done if isinstance(one.artifact, Verification)), None)
    return Verified(state.spec.name, state.tip or state.parent, findings, gates, record)


async def _held_against(done: Done, state: State, workshop: Workshop, earlier: tuple[Artifact, ...]) -> list[Finding]:
    """Give what a stage's gate finds, and what its record claims beyond a measurement."""
    tree = state.tree
    here = replace(context(state.spec, tree, workshop, Runner(Silent()), earlier), files=tree.tool)
    files = {**tree.tool, **{path: tree.files[path] for path in done.record.files if path in tree.files}}
    try:
        claims = await done.stage.claims(here, done.artifact, files)
    except SandboxUnavailable:
        raise
    except ToolbuilderError as error:
        claims = [Finding("measuring", "", line) for line in str(error).splitlines()]
    # Whoever edits the README has another wheel than the recorded one; that it works is measured all the same.
    claims = [one for one in claims if not (done.record.adopted and (one.check, one.where) == ("wheel", "sha256"))]
    return [*done.stage.judge(here, done.artifact, files), *claims]
