"""What GitHub holds at one moment, and how a copy of it is served."""

import copy
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.actions import git_host
from tests.actions.git_host import GitHost
from tests.actions.hub import NAME, Hub, publish_toolbuilder
from tests.forge import github_server
from tests.forge.github_world import World

TOKEN = "token-of-one-job"  # noqa: S105


@dataclass(frozen=True)
class State:
    """What GitHub holds at one moment; `log` is what the run that led there printed."""

    bare: Path
    world: World
    log: str = ""


@contextmanager
def hub_of(state: State, folder: Path) -> Iterator[Hub]:
    """Serve a copy of what GitHub holds."""
    bare, world = folder / "bare.git", copy.deepcopy(state.world)
    shutil.copytree(state.bare, bare, symlinks=True)
    world.git = bare
    publish_toolbuilder(folder / "toolbuilder")
    with git_host.serving(GitHost(bare, NAME, TOKEN)) as host, github_server.serving(world) as api:
        yield Hub(folder, host, api)
