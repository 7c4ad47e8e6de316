"""The wiring of the forge: GitHub where the repository is known to be there, else files beside the git folder."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from toolbuilder.adapters.git.process import Git
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.adapters.local_forge import LocalForge
from toolbuilder.errors import ForgeError
from toolbuilder.lazy import load
from toolbuilder.places import find_root
from toolbuilder.ports import Forge
from toolbuilder.settings import load_settings

WORKFLOW = "github-actions"  # the App that a workflow's token belongs to; what it opens has checks that wait


@dataclass(frozen=True)
class OpenForge:
    """A forge, and what is known about it beside the door."""

    forge: Forge
    kind: str  # github or local
    address: str = ""  # of the repository, for a browser and for `pip install git+...`
    checks_wait: Callable[[], bool] = lambda: False  # asks: the checks of what it opens wait for approval


@contextmanager
def open_forge(
    start: Path, wanted: str = "", remote: str = "", note: Callable[[str], None] = lambda _: None
) -> Iterator[OpenForge]:
    """Open the forge of the repository that `start` lies in; `wanted` is auto, github or local, as the settings say.

    Raises ForgeError for a forge that cannot be opened: no token, no such repository.
    """
    settings = load_settings(find_root(start))
    kind = wanted or settings.forge
    if kind != "local":
        opening = load("toolbuilder.adapters.github.opening")
        name, api = opening.repository_of(start, remote, settings.github_repository, settings.github_api)
        if name:
            with opening.opened(name, settings.github_token, api, note) as forge:
                address = opening.web_address(name, api)
                yield OpenForge(forge, "github", address, lambda: bool(forge.login.removesuffix("[bot]") == WORKFLOW))
            return
        _refuse_nowhere(kind, remote)
    yield OpenForge(LocalForge(_folder(start), GitRepository(start, settings.author)), "local")


def _refuse_nowhere(kind: str, remote: str) -> None:
    if kind == "github":
        raise ForgeError(
            f"remote {remote or 'origin'} names no repository on GitHub: set GITHUB_REPOSITORY to OWNER/NAME, "
            "and GITHUB_API_URL for an enterprise server, or say `--forge local`"
        )


def _folder(start: Path) -> Path:
    """Give a folder that all work trees share and that no work tree shows."""
    common = Git(start).output("rev-parse", "--path-format=absolute", "--git-common-dir").decode().strip()
    return Path(common) / "toolbuilder" / "pull-requests"
