"""Contexts for the tests of stages: real answers of the embedded engine, no repository."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tests.pipeline_world import SPEC, NoSandbox, NoScaffolder
from toolbuilder.adapters.offline.backend import OfflineBackend
from toolbuilder.brief import brief_of
from toolbuilder.microtask import Runner
from toolbuilder.ports import Answer, Question
from toolbuilder.schema import canonical_json
from toolbuilder.spec import Spec
from toolbuilder.spec.file import parse_spec
from toolbuilder.stage import Artifact, Context, Produced, Stage


class Recording:
    """The embedded engine, and what it was asked."""

    def __init__(self) -> None:
        self.questions: list[Question] = []

    async def ask(self, question: Question) -> Answer:
        self.questions.append(question)
        return await OfflineBackend().ask(question)


def spec_of(text: str = SPEC) -> Spec:
    return parse_spec(text.encode(), "spec")


def context_of(spec: Spec, *earlier: Artifact, files: Mapping[str, bytes] | None = None) -> Context:
    runner = Runner(Recording(), canonical_json(brief_of(spec)))
    return Context(spec, earlier, files or {}, (), runner, NoSandbox(), NoScaffolder())


def produce(context: Context, *stages: Stage[Any]) -> Context:
    """Run stages one after the other; give a context that has their artifacts."""
    for stage in stages:
        produced: Produced[Any] = asyncio.run(stage.run(context))
        context = replace(context, earlier=(*context.earlier, produced.artifact))
    return context
