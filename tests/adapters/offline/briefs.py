"""Briefs that the tests of the embedded engine's answers share, and the questions put to it."""

import asyncio
from functools import cache
from typing import Any

from tests.pipeline_world import SPEC
from tests.stages.bench import context_of, produce, spec_of
from tests.stages.test_architecture import TABLE
from tests.stages.test_requirements import THINKING
from toolbuilder.adapters.offline.backend import OfflineBackend
from toolbuilder.artifacts import Architecture, Requirements
from toolbuilder.brief import Brief, brief_of
from toolbuilder.microtask import Runner
from toolbuilder.stage import Context
from toolbuilder.stages.architecture import ARCHITECTURE
from toolbuilder.stages.requirements import REQUIREMENTS

__all__ = ["REFUSING", "SPEC", "TABLE", "THINKING", "answer", "architecture", "brief", "requirements"]

REFUSING = (
    SPEC.removesuffix("constraints: [Use the standard library only.]\n")
    + '  - {name: tabs, input: "a\\tb\\n", exit_code: 2, stderr: no tabs}\n'
)


@cache
def designed(text: str) -> Context:
    return produce(context_of(spec_of(text)), REQUIREMENTS, ARCHITECTURE)


def brief(text: str = SPEC) -> Brief:
    return brief_of(spec_of(text))


def requirements(text: str = SPEC) -> Requirements:
    return designed(text).artifact(Requirements)


def architecture(text: str = SPEC) -> Architecture:
    return designed(text).artifact(Architecture)


def answer(microtask: Any, value: Any, text: str = SPEC) -> Any:
    """Ask the embedded engine as a build does: over JSON, in and out."""
    return asyncio.run(Runner(OfflineBackend(), context_of(spec_of(text)).runner.context).ask(microtask, value))
