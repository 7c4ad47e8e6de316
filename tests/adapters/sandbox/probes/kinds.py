"""The kinds of sandbox that work on this machine."""

from contextlib import suppress

import pytest

from toolbuilder.adapters.sandbox.choice import KINDS, choose_sandbox
from toolbuilder.errors import SandboxUnavailable
from toolbuilder.ports import Sandbox


def available() -> list[Sandbox]:
    """Give one sandbox of every kind that holds here; at least one must, or nothing was tested."""
    found = []
    for kind in KINDS:
        with suppress(SandboxUnavailable):
            found.append(choose_sandbox(kind))
    return found or [choose_sandbox()]


every_kind = pytest.mark.parametrize("sandbox", available(), ids=lambda sandbox: str(sandbox.kind))
