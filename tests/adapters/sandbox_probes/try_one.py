"""Tries one attack on kinds of sandbox, without asking the canary first: `python -m … ATTACK KIND...`."""

import shutil
import sys

from tests.adapters.sandbox_probes.attacks import ATTACKS, gets_out
from toolbuilder.adapters.bubblewrap_sandbox import BubblewrapSandbox
from toolbuilder.adapters.landlock_sandbox import LandlockSandbox
from toolbuilder.adapters.sandbox_kernel import landlock_version
from toolbuilder.ports import Sandbox


def sandbox(kind: str) -> Sandbox:
    if kind == "landlock":
        return LandlockSandbox(landlock_version())
    return BubblewrapSandbox(shutil.which("bwrap") or "bwrap")


if __name__ == "__main__":
    for name in sys.argv[2:]:
        sys.stdout.write("out " if gets_out(ATTACKS[sys.argv[1]], sandbox(name).run) else "held ")
