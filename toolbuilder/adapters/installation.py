"""Where this toolbuilder was installed from: what the installer wrote down (PEP 610), else the checkout around it."""

from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, ValidationError

from toolbuilder.adapters.git.worktree import Worktree, worktree
from toolbuilder.adapters.github.place import host_and_name
from toolbuilder.errors import RepositoryError
from toolbuilder.setting_up.source import Source


class _Version(BaseModel):
    commit_id: str = ""


class _Direct(BaseModel):
    url: str = ""
    vcs_info: _Version | None = None


def installed_from(package: Path) -> tuple[Source | None, bool]:
    """Give the commit that a package was installed from, and whether others can see it as far as is known here.

    `package` is the package's own folder. None where neither the installer nor a checkout says anything.
    """
    direct = _direct(package)
    if direct.vcs_info and direct.vcs_info.commit_id:
        return _source(direct.url, direct.vcs_info.commit_id), True
    here = urlsplit(direct.url)
    folder = Path(unquote(here.path)) if here.scheme == "file" else package.parent
    checkout = _checkout(folder)
    if checkout is None or not checkout.head():
        return None, False
    return _source(checkout.address(), checkout.head()), checkout.is_published(checkout.head())


def _direct(package: Path) -> _Direct:
    try:
        found: Distribution = distribution(package.name)
        return _Direct.model_validate_json(found.read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValidationError):
        return _Direct()


def _checkout(folder: Path) -> Worktree | None:
    """Give the work tree that begins at a folder: one that only contains it is somebody else's."""
    try:
        found = worktree(folder)
    except RepositoryError:
        return None
    return found if found.root == folder.resolve() else None


def _source(url: str, commit: str) -> Source | None:
    host, name = host_and_name(url)
    return Source(name, commit) if "github" in host or host.endswith(".ghe.com") else None
