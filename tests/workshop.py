"""The real sandbox and the real scaffolder, for tests of parts that run and render."""

from pathlib import Path

from toolbuilder.brief import brief_of
from toolbuilder.lazy import LazySandbox, LazyScaffolder
from toolbuilder.microtask import Runner, Silent
from toolbuilder.ports import Sandbox
from toolbuilder.schema import canonical_json
from toolbuilder.spec import Spec
from toolbuilder.stage import Context

ROOT = Path(__file__).parents[1]
SANDBOX: Sandbox = LazySandbox("auto")  # chosen and proven once a process, when it is first used


def context_of(spec: Spec) -> Context:
    """Give the context that the first stage of a build finds, its backend left open."""
    runner = Runner(Silent(), canonical_json(brief_of(spec)))
    return Context(spec, (), {}, (), runner, SANDBOX, LazyScaffolder(ROOT / "templates"))
