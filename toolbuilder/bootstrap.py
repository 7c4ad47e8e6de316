"""The wiring: from a folder and its settings to a workshop. The only module that knows every adapter."""

from datetime import datetime
from pathlib import Path

from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.adapters.journaled_backend import JournaledBackend
from toolbuilder.build import Workshop
from toolbuilder.errors import FileIsWrong, Problem
from toolbuilder.events import Listener
from toolbuilder.journal import Journal
from toolbuilder.lazy import LazyEngine, LazySandbox, LazyScaffolder
from toolbuilder.patterns import load_patterns
from toolbuilder.ports import ModelBackend, Repository
from toolbuilder.schema import digest_files
from toolbuilder.settings import load_settings
from toolbuilder.stages import STAGES

PACKAGE = Path(__file__).resolve().parent
SHIPPED = PACKAGE / "_data"  # in an installed wheel; in a checkout the folders stand beside the package
EPOCH = "0 +0000"
ENGINES = ("auto", "offline", "replay")


def workshop(start: Path, *, engine: str = "", sandbox: str = "", tell: Listener = lambda _: None) -> Workshop:
    """Give everything that a build needs in the repository that `start` lies in.

    Raises RepositoryError outside a repository, FileIsWrong for wrong settings, patterns or engine names.
    """
    root = find_root(start)
    settings = load_settings(root)
    repository = GitRepository(start, settings.author)
    templates = data_folder(root, "templates")
    return Workshop(
        repository=repository,
        backend=lambda tool: backend(engine or settings.engine, repository, tool),
        sandbox=LazySandbox(sandbox or settings.sandbox),
        scaffolder=LazyScaffolder(templates),
        patterns=load_patterns(data_folder(root, "patterns")),
        fingerprint=lambda template: fingerprint(templates / template),
        stages=STAGES,
        tell=tell,
    )


def find_root(start: Path) -> Path:
    """Give the folder that holds the repository's work tree, or `start` itself where there is none."""
    here = start.resolve()
    return next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), here)


def data_folder(root: Path, name: str) -> Path:
    """Give the repository's own folder of that name, else the one that toolbuilder brings."""
    candidates = (root / name, SHIPPED / name, PACKAGE.parent / name)
    return next((folder for folder in candidates if folder.is_dir()), candidates[0])


def backend(engine: str, repository: Repository, tool: str) -> ModelBackend:
    """Give a tool's backend: its journal in front, the engine behind. Raises FileIsWrong for an unknown engine."""
    if engine not in ENGINES:
        raise FileIsWrong([Problem("--engine", 0, 0, f"there is no engine {engine!r}: {', '.join(ENGINES)}")])
    inner = None if engine == "replay" else LazyEngine("toolbuilder.adapters.offline.backend", "OfflineBackend")
    head = repository.log("HEAD", 1)
    date = f"{int(datetime.fromisoformat(head[0].date).timestamp())} +0000" if head else EPOCH
    return JournaledBackend(inner, Journal(repository, tool, date))


def fingerprint(template: Path) -> str:
    """Name the content of a template's folder."""
    files = sorted(path for path in template.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return digest_files({path.relative_to(template).as_posix(): path.read_bytes() for path in files})
