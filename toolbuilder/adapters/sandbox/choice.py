"""Chooses the strongest sandbox that works here, and sees it hold before anything else runs in it."""

import functools
import shutil
import sys
from collections.abc import Callable, Mapping

from toolbuilder.adapters.sandbox.bubblewrap import BubblewrapSandbox
from toolbuilder.adapters.sandbox.canary import prove
from toolbuilder.adapters.sandbox.kernel import landlock_version
from toolbuilder.adapters.sandbox.landlock import NEEDED, LandlockSandbox
from toolbuilder.errors import SandboxUnavailable
from toolbuilder.ports import Sandbox

NO_BUBBLEWRAP = "it is not installed; type: apt-get install bubblewrap"
NO_NAMESPACES = (
    "{error}\n    Where the system refuses user namespaces, type: sudo sysctl -w"
    " kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu 24.04), or user.max_user_namespaces=10000;"
    " a container needs to be started with them allowed. Version 0.8 or newer is needed."
)
NO_LANDLOCK = "{error}\n    It needs Linux 6.2 or newer with landlock among the modules in the kernel's lsm= list."


def bubblewrap() -> Sandbox:
    """Give the namespace sandbox, proven. Raises SandboxUnavailable."""
    program = shutil.which("bwrap")
    if not program:
        raise SandboxUnavailable(NO_BUBBLEWRAP)
    try:
        return prove(BubblewrapSandbox(program))
    except SandboxUnavailable as error:
        raise SandboxUnavailable(NO_NAMESPACES.format(error=error)) from error


def landlock() -> Sandbox:
    """Give the sandbox without namespaces, proven. Raises SandboxUnavailable."""
    try:
        version = landlock_version()
    except OSError as error:
        raise SandboxUnavailable(NO_LANDLOCK.format(error=error)) from error
    if version < NEEDED:
        raise SandboxUnavailable(NO_LANDLOCK.format(error=f"its version is {version}, {NEEDED} is needed."))
    return prove(LandlockSandbox(version))


KINDS: Mapping[str, Callable[[], Sandbox]] = {"bubblewrap": bubblewrap, "landlock": landlock}


@functools.cache
def choose_sandbox(wanted: str = "auto") -> Sandbox:
    """Give the strongest sandbox that was seen to hold here, or the wanted one: "bubblewrap", "landlock" or "auto".

    The proof is remembered for as long as this process lives. Raises SandboxUnavailable with what was tried, why it
    failed and what to type; nothing is ever run without a sandbox.
    """
    if sys.platform != "linux":
        raise SandboxUnavailable("sandboxes need Linux: run toolbuilder in a Linux container or a virtual machine")
    if wanted != "auto" and wanted not in KINDS:
        raise SandboxUnavailable(f"there is no sandbox {wanted!r}; choose one of: auto, {', '.join(KINDS)}")
    failed = []
    for kind in KINDS if wanted == "auto" else (wanted,):
        try:
            return KINDS[kind]()
        except SandboxUnavailable as error:
            failed.append(f"  {kind}: {error}")
    raise SandboxUnavailable("no sandbox works here, and nothing is run without one:\n" + "\n".join(failed))
