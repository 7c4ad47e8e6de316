"""Which questions a build will ask: what costs nothing is answered on the way, the rest is taken down."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from toolbuilder.artifacts import Architecture, Module
from toolbuilder.brief import brief_of, obligations
from toolbuilder.errors import AnswerRejected, NeedsPerson
from toolbuilder.history import AnyStage
from toolbuilder.metacognition import DIAGNOSE
from toolbuilder.microtask import In, Microtask, Out, Runner
from toolbuilder.ports import Answer, ModelBackend, Question
from toolbuilder.repair import REPAIR_MODULE
from toolbuilder.schema import canonical_json
from toolbuilder.stage import Artifact, Context
from toolbuilder.stages.generation import WRITE_MODULE, WRITE_TESTS, ToTest, to_write
from toolbuilder.stages.packaging import WRITE_README, ToDescribe
from toolbuilder.stages.verification import REVIEW_CODE, SourceFile, ToReview

TYPICAL_INPUT = 4_000  # characters of an input that is not known yet
TYPICAL_ANSWER = {WRITE_MODULE.name: 4_500, WRITE_TESTS.name: 4_000}  # characters
SHORT_ANSWER = 1_500  # of every other question
HELP_TEXT = "x" * 1_500
SOURCE = "x" * TYPICAL_ANSWER[WRITE_MODULE.name]  # stands for a module that only a model can write; it parses
ON_FAILURE = {DIAGNOSE.name, REPAIR_MODULE.name}


@dataclass(frozen=True)
class Foreseen:
    """A question that a build will ask; `free` if its answer is journalled or the embedded engine has it."""

    stage: str
    question: Question
    answer_characters: int
    free: bool


@dataclass
class Probe:
    """A backend that buys nothing: it answers what is `known` or what the embedded engine can, and notes the rest.

    The engine's answers stand in for a model's where it may not answer itself (`may_answer` is false).
    """

    known: Callable[[str], Answer | None]
    engine: ModelBackend
    may_answer: bool
    stage: str = ""
    seen: list[Foreseen] = field(default_factory=list)

    async def ask(self, question: Question) -> Answer:
        """Answer for free. Raises AnswerRejected where only a model could."""
        known = self.known(question.key)
        answer = known or await self._stand_in(question)
        free = known is not None or (answer is not None and self.may_answer)
        # A model says more than a rule: where it is to be paid, the engine's answer is only the least it will say.
        length = max(len(answer.text) if answer else 0, TYPICAL_ANSWER.get(question.microtask, SHORT_ANSWER))
        self.seen.append(Foreseen(self.stage, question, length, free))
        if answer is None:
            raise AnswerRejected(f"{question.microtask}: only a model can answer this")
        return answer

    async def _stand_in(self, question: Question) -> Answer | None:
        try:
            return await self.engine.ask(question)
        except (AnswerRejected, NeedsPerson):
            return None


async def foresee(start: Context, stages: Sequence[AnyStage], probe: Probe) -> list[Foreseen]:
    """Give the questions that the given stages will ask, if every answer is right the first time.

    `start` is the context that the first of them finds. Nothing is run in the sandbox; what repairs would ask is left
    out.
    """
    context = replace(start, runner=Runner(probe, canonical_json(brief_of(start.spec))))
    for stage in stages:
        probe.stage = stage.name
        if not _has_inputs(stage, context):
            _guess(stage, context, probe)
        elif sketch := _SKETCHES.get(stage.name):
            await sketch(context)
        elif (made := await _artifact(stage, context)) is not None:
            context = replace(context, earlier=(*context.earlier, made))
        else:
            _guess(stage, context, probe)
    return probe.seen


def _has_inputs(stage: AnyStage, context: Context) -> bool:
    known = {"spec", "files", *(type(artifact).__name__.lower() for artifact in context.earlier)}
    return known.issuperset(stage.reads)


async def _artifact(stage: AnyStage, context: Context) -> Artifact | None:
    """Run a stage that only asks; None if it cannot be answered for free."""
    try:
        produced: Artifact = (await stage.run(context)).artifact
    except (AnswerRejected, NeedsPerson):
        return None
    return produced


def _guess(stage: AnyStage, context: Context, probe: Probe) -> None:
    """Take down the questions of a stage that were not asked yet, because their inputs are not known; each once."""
    asked = {foreseen.question.microtask for foreseen in probe.seen}
    for task in stage.microtasks:
        if task.name not in asked | ON_FAILURE:
            question = Question(
                microtask=task.name,
                instruction=task.instruction,
                context=context.runner.context,
                input="x" * TYPICAL_INPUT,
                schema=task.schema,
                deadline=task.deadline,
                max_tokens=task.max_tokens,
            )
            length = TYPICAL_ANSWER.get(task.name, SHORT_ANSWER)
            probe.seen.append(Foreseen(stage.name, question, length, free=False))


async def _try(context: Context, task: Microtask[In, Out], value: In) -> Out | None:
    try:
        return await context.runner.ask(task, value)
    except AnswerRejected:
        return None


async def _write(context: Context) -> None:
    own = [module for module in context.artifact(Architecture).modules if module.pattern is None]
    await asyncio.gather(*map(partial(_write_module, context), own))


async def _write_module(context: Context, module: Module) -> None:
    architecture = context.artifact(Architecture)
    written = await _try(context, WRITE_MODULE, to_write(context, module))
    source = written.source if written else SOURCE
    await _try(context, WRITE_TESTS, ToTest(module=module, architecture=architecture, source=source))


async def _review(context: Context) -> None:
    sources = {path: content.decode() for path, content in context.files.items() if path.endswith(".py")}
    modules = context.artifact(Architecture).modules
    sources = sources or {f"src/{context.spec.package}/{module.name}.py": SOURCE for module in modules}
    files = tuple(SourceFile(path=path, source=source) for path, source in sources.items())
    await _try(context, REVIEW_CODE, ToReview(obligations=obligations(context.spec), files=files))


async def _describe(context: Context) -> None:
    await _try(context, WRITE_README, ToDescribe(architecture=context.artifact(Architecture), help_text=HELP_TEXT))


_SKETCHES: Mapping[str, Callable[[Context], Awaitable[None]]] = {
    "generation": _write,
    "verification": _review,
    "packaging": _describe,
}
