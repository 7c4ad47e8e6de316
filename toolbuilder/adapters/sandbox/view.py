"""What a sandboxed command may see of this machine: the system, the Python that runs it, and what the command names."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from toolbuilder.errors import SandboxUnavailable
from toolbuilder.ports import Command

SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
ETC = ("/etc/alternatives", "/etc/ld.so.cache", "/etc/localtime", "/etc/mime.types")
PACKAGE = Path(__file__).resolve().parents[2]  # the launcher is a module of it


def visible(command: Command) -> tuple[Path, ...]:
    """Give the host paths that the command may read. Raises SandboxUnavailable for those that would not be safe.

    A path that holds the home directory would show every secret in it; a path inside the command's folder could not
    stay read-only.
    """
    missing = [str(path) for path in command.readable if not path.exists()]
    if missing:
        raise SandboxUnavailable(f"the command is to read what does not exist: {', '.join(missing)}")
    folder, home = command.folder.resolve(), Path.home().resolve()
    given = {path.absolute() for path in (*_python(), PACKAGE, *command.readable)}
    for path in given:
        if home.is_relative_to(path.resolve()) and str(path) not in SYSTEM:
            raise SandboxUnavailable(f"{path} holds the home directory: what a command reads must lie elsewhere")
        if path.resolve().is_relative_to(folder):
            raise SandboxUnavailable(f"{folder} holds {path}, which must stay read-only: give a folder of its own")
    return tuple(sorted(given | {path for path in map(Path, SYSTEM + ETC) if path.exists()}))


def environment(command: Command, private: Path) -> dict[str, str]:
    """Give the whole environment of the command: its own variables and the four that every program expects.

    `private` is a folder for temporary files, with an empty home in it.
    """
    bins = dict.fromkeys((f"{sys.prefix}/bin", "/usr/local/bin", "/usr/bin", "/bin"))
    usual = {"PATH": ":".join(bins), "HOME": str(private / "home"), "TMPDIR": str(private), "LANG": "C.UTF-8"}
    return {**usual, **command.environment}


def _python() -> Iterator[Path]:
    """Give the installations that make up this Python, and every link between its name and its file."""
    roots = {Path(prefix) for prefix in (sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix)}
    roots |= {root.resolve() for root in roots}
    yield from roots
    link = Path(sys.executable)
    while link.is_symlink():
        if not any(link.is_relative_to(root) for root in roots):
            yield link
        link = Path(os.path.normpath(link.parent / link.readlink()))
    yield link
