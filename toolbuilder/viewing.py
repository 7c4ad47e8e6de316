"""The wiring of whoever looks at all tools at once: no engine, no sandbox, and one git process."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import NoReturn

from toolbuilder.adapters.git.beyond import ahead_of
from toolbuilder.adapters.git.process import Git
from toolbuilder.adapters.git.remote import GitRemote
from toolbuilder.adapters.git.remote_names import RefNames
from toolbuilder.adapters.git.snapshot import snapshot
from toolbuilder.build import Workshop
from toolbuilder.errors import RepositoryError
from toolbuilder.ladders import LADDERS
from toolbuilder.lazy import LazySandbox, LazyScaffolder
from toolbuilder.patterns import load_patterns
from toolbuilder.places import data_folder, find_root, fingerprint
from toolbuilder.planning.standing import View
from toolbuilder.ports import Ahead
from toolbuilder.settings import load_settings
from toolbuilder.spec import Spec
from toolbuilder.stages import STAGES


@contextmanager
def viewed(start: Path, remote: str = "") -> Iterator[View]:
    """Look at the repository that `start` lies in; with a remote, at its refs, once their commits have been fetched.

    Raises RepositoryError outside a repository, FileIsWrong for wrong settings, patterns or remotes.
    """
    root = find_root(start)
    settings = load_settings(root)
    templates = data_folder(root, "templates")
    patterns = load_patterns(data_folder(root, "patterns"))
    tips = GitRemote(Git(start), remote, RefNames(settings.journal_refs)).fetch() if remote else None
    with snapshot(start, tips) as seen:
        workshop = Workshop(
            repository=seen,
            backend=_nobody,
            sandbox=LazySandbox(settings.sandbox),
            scaffolder=LazyScaffolder(templates),
            patterns=patterns,
            fingerprint=cache(lambda template: fingerprint(templates / template)),
            stages=STAGES,
        )
        yield View(seen, workshop, tuple(LADDERS.values()))


def ahead(start: Path, tip: str) -> Ahead:
    """Give what a commit has beyond the default branch, which HEAD is. Raises RepositoryError."""
    return ahead_of(Git(start), tip)


def _nobody(spec: Spec) -> NoReturn:
    raise RepositoryError(f"whoever looks at {spec.name} asks nothing")
