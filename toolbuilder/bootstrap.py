"""The wiring: from a folder and its settings to a workshop. The only module that knows every adapter."""

import os
from functools import partial
from pathlib import Path

from toolbuilder.adapters.git.joining import GitJoiner
from toolbuilder.adapters.git.process import Git
from toolbuilder.adapters.git.remote import GitRemote
from toolbuilder.adapters.git.remote_names import RefNames
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.adapters.git.signing import try_signing
from toolbuilder.adapters.processes import has_ended, this_process
from toolbuilder.adapters.pushed_repository import PushedRepository
from toolbuilder.build import Workshop
from toolbuilder.engines import Engines
from toolbuilder.events import Listener
from toolbuilder.lazy import LazySandbox, LazyScaffolder
from toolbuilder.patterns import load_patterns
from toolbuilder.places import data_folder, find_root, fingerprint
from toolbuilder.runs import Claimant, run_name
from toolbuilder.settings import load_settings
from toolbuilder.stages import STAGES


def workshop(
    start: Path,
    *,
    engine: str = "",
    sandbox: str = "",
    batch: bool = False,
    remote: str = "",
    take_over: bool = False,
    tell: Listener = lambda _: None,
) -> Workshop:
    """Give everything that a build needs in the repository that `start` lies in; with a remote it is pushed there.

    Raises RepositoryError outside a repository, FileIsWrong for wrong settings, patterns or engine names.
    """
    root = find_root(start)
    made = engines(start, engine, batch=batch, remote=remote, tell=tell)
    author, signs = made.settings.author, made.settings.sign_commits
    templates = data_folder(root, "templates")
    return Workshop(
        repository=made.repository,
        backend=made.backend,
        sandbox=LazySandbox(sandbox or made.settings.sandbox),
        scaffolder=LazyScaffolder(templates),
        patterns=load_patterns(data_folder(root, "patterns")),
        fingerprint=lambda template: fingerprint(templates / template),
        stages=STAGES,
        ladder=made.ladder,
        tell=tell,
        underway=made.underway,
        joiner=GitJoiner(Git(start), made.repository, author, signs),
        claimant=Claimant(run_name(os.environ) if remote else "", take_over, this_process(), has_ended),
        hurried=made.repository.within if isinstance(made.repository, PushedRepository) else None,
        prove=partial(try_signing, start, author) if signs else lambda: None,
        reconcile=made.repository.reconcile if isinstance(made.repository, PushedRepository) else lambda: None,
        finish=made.finish,
    )


def engines(
    start: Path, engine: str = "", *, batch: bool = False, remote: str = "", tell: Listener = lambda _: None
) -> Engines:
    """Give the engines of the repository that `start` lies in. Raises as `workshop` does."""
    settings = load_settings(find_root(start))
    here = GitRepository(start, settings.author, signs=settings.sign_commits)
    there = GitRemote(Git(start), remote, RefNames(settings.journal_refs)) if remote else None
    repository = PushedRepository(here, there) if there else here
    return Engines(repository, start, settings, engine or settings.engine, batch, tell)
