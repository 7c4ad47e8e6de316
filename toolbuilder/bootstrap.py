"""The wiring: from a folder and its settings to a workshop. The only module that knows every adapter."""

from pathlib import Path

from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.build import Workshop
from toolbuilder.engines import Engines
from toolbuilder.events import Listener
from toolbuilder.lazy import LazySandbox, LazyScaffolder
from toolbuilder.patterns import load_patterns
from toolbuilder.schema import digest_files
from toolbuilder.settings import load_settings
from toolbuilder.stages import STAGES

PACKAGE = Path(__file__).resolve().parent
SHIPPED = PACKAGE / "_data"  # in an installed wheel; in a checkout the folders stand beside the package


def workshop(
    start: Path, *, engine: str = "", sandbox: str = "", batch: bool = False, tell: Listener = lambda _: None
) -> Workshop:
    """Give everything that a build needs in the repository that `start` lies in.

    Raises RepositoryError outside a repository, FileIsWrong for wrong settings, patterns or engine names.
    """
    root = find_root(start)
    made = engines(start, engine, batch=batch)
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
    )


def engines(start: Path, engine: str = "", *, batch: bool = False) -> Engines:
    """Give the engines of the repository that `start` lies in. Raises as `workshop` does."""
    settings = load_settings(find_root(start))
    return Engines(GitRepository(start, settings.author), start, settings, engine or settings.engine, batch)


def find_root(start: Path) -> Path:
    """Give the folder that holds the repository's work tree, or `start` itself where there is none."""
    here = start.resolve()
    return next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), here)


def data_folder(root: Path, name: str) -> Path:
    """Give the repository's own folder of that name, else the one that toolbuilder brings."""
    candidates = (root / name, SHIPPED / name, PACKAGE.parent / name)
    return next((folder for folder in candidates if folder.is_dir()), candidates[0])


def fingerprint(template: Path) -> str:
    """Name the content of a template's folder."""
    files = sorted(path for path in template.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return digest_files({path.relative_to(template).as_posix(): path.read_bytes() for path in files})
