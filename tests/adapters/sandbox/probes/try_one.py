"""Tries one attack on kinds of sandbox, without asking the canary first: `python -m … ATTACK KIND...`."""

import shutil
import sys

from tests.adapters.sandbox.probes.attacks import ATTACKS, gets_out
from toolbuilder.adapters.sandbox.bubblewrap import BubblewrapSandbox
from toolbuilder.adapters.sandbox.kernel import landlock_version
from toolbuilder.adapters.sandbox.landlock import LandlockSandbox
from toolbuilder.ports import Sandbox


def sandbox(kind: str) -> Sandbox:
    if kind == "landlock":
        return LandlockSandbox(landlock_version())
    return BubblewrapSandbox(shutil.which("bwrap") or "bwrap")


if __name__ == "__main__":
    for name in sys.argv[2:]:
        sys.stdout.write("out " if gets_out(ATTACKS[sys.argv[1]], sandbox(name).run) else "held ")
