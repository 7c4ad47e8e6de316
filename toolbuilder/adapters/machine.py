"""This machine: what is installed, what holds, how much room there is."""

import re
import shutil
import sys
from pathlib import Path

from toolbuilder.adapters.git.process import NEEDED, Git
from toolbuilder.adapters.sandbox.choice import choose_sandbox
from toolbuilder.doctor.facts import Known, Machine, Unknown
from toolbuilder.errors import RepositoryError, SandboxUnavailable

_VERSION = re.compile(r"\d+(?:\.\d+)+")


def machine(folder: Path, sandbox: str) -> Machine:
    """Give what is known of this machine; `sandbox` is the kind that the settings ask for."""
    return Machine(
        git=_git(folder),
        git_needed=_numbers(NEEDED),
        python=sys.version_info[:3],
        sandbox=_sandbox(sandbox),
        free_bytes=_free(folder),
    )


def _git(folder: Path) -> Known[tuple[int, ...]]:
    try:
        said = Git(folder).output("version").decode(errors="replace")
    except RepositoryError as error:
        return Unknown(str(error))
    found = _VERSION.search(said)
    return _numbers(found[0]) if found else Unknown(f"git does not tell its version: {said.strip()}")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _sandbox(wanted: str) -> Known[str]:
    try:
        return choose_sandbox(wanted).kind
    except SandboxUnavailable as error:
        return Unknown(str(error))


def _free(folder: Path) -> Known[int]:
    try:
        return shutil.disk_usage(folder).free
    except OSError as error:
        return Unknown(f"the disk cannot be asked: {error.strerror}")
