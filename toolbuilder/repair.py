"""Repair of what verification found: only modules at fault, and never a test, a template or a pattern."""

import asyncio

from toolbuilder.artifacts import Architecture, Module
from toolbuilder.metacognition import shown
from toolbuilder.microtask import Microtask
from toolbuilder.patterns.carried import Carried, carried
from toolbuilder.proof.jobs import tidied
from toolbuilder.spec import Words
from toolbuilder.stage import Context, Files
from toolbuilder.together import every


class ToRepair(Words):
    """A module, what was found when it ran, what a diagnosis advises, and the patterns' modules that it may use."""

    module: Module
    architecture: Architecture
    source: str
    findings: tuple[str, ...]
    advice: str
    patterns: tuple[Carried, ...] = ()


class Repaired(Words):
    """The whole module, repaired."""

    source: str


REPAIR_MODULE = Microtask("repair_module", ToRepair, Repaired, deadline=300, max_tokens=16_000)


async def repairs(context: Context) -> Files:
    """Give the repaired sources for another attempt, on top of the best attempt so far; none for the first one.

    Where nothing is advised, something outside failed, and nothing is repaired.
    """
    if not context.attempts:
        return {}
    best = min(context.attempts, key=lambda attempt: len(attempt.findings))
    if not context.advice:
        return best.repairs
    start = {**context.files, **best.repairs}
    paths = {f"src/{context.spec.package}/{module.name}.py": module for module in _at_fault(context)}
    answers = await every(_repair(context, module, start[path]) for path, module in paths.items())
    repaired = {**best.repairs, **{path: one.source.encode() for path, one in zip(paths, answers, strict=True)}}
    return await asyncio.to_thread(tidied, context.sandbox, {**start, **repaired}, tuple(repaired))


async def _repair(context: Context, module: Module, source: bytes) -> Repaired:
    architecture = context.artifact(Architecture)
    question = ToRepair(
        module=module,
        architecture=architecture,
        source=source.decode(),
        findings=shown(context.attempts[-1].findings),
        advice=context.advice,
        patterns=carried(context.patterns, {one.pattern for one in architecture.modules}, context.spec.package),
    )
    return await context.runner.ask(REPAIR_MODULE, question)


def _at_fault(context: Context) -> list[Module]:
    """Give the modules that findings name by path or by their test's path; the entry when they name none."""
    architecture = context.artifact(Architecture)
    text = "\n".join(map(str, context.attempts[-1].findings))
    own = [module for module in architecture.modules if module.pattern is None]
    named = [m for m in own if f"{context.spec.package}/{m.name}.py" in text or f"tests/test_{m.name}.py" in text]
    return named or [module for module in own if module.name == architecture.entry.module]
