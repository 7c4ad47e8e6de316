"""Where things are: the repository's root, the folders of patterns and templates, and what a template's content is."""

from pathlib import Path

from toolbuilder.schema import digest_files

PACKAGE = Path(__file__).resolve().parent
SHIPPED = PACKAGE / "_data"  # in an installed wheel; in a checkout the folders stand beside the package
README = "README.md"


def find_root(start: Path) -> Path:
    """Give the folder that holds the repository's work tree, or `start` itself where there is none."""
    here = start.resolve()
    return next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), here)


def data_folder(root: Path, name: str) -> Path:
    """Give the repository's own folder of that name, else the one that toolbuilder brings; a README alone is none."""
    candidates = (root / name, SHIPPED / name, PACKAGE.parent / name)
    return next((folder for folder in candidates if _holds_anything(folder)), candidates[0])


def fingerprint(template: Path) -> str:
    """Name the content of a template's folder."""
    files = sorted(path for path in template.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return digest_files({path.relative_to(template).as_posix(): path.read_bytes() for path in files})


def _holds_anything(folder: Path) -> bool:
    return folder.is_dir() and any(path.name != README for path in folder.iterdir())
