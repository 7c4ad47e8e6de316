"""Repositories on a GitHub of our own: as `toolbuilder init` makes them, and after their first build."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.actions.hub import BRANCH, COMMIT, NAME, TOOLBUILDER, Hub
from tests.actions.state import State, hub_of
from tests.forge.github_world import World

# Without OpenSSH no SSH key signs: what the workflows do with one can only be seen where it is.
collect_ignore = [] if shutil.which("ssh-agent") else ["test_signing.py"]


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> State:
    """Give a repository that `toolbuilder init` has set up, and that nothing has run in."""
    folder = tmp_path_factory.mktemp("begun")
    home, bare = folder / "home", folder / "bare.git"
    commands = (
        ("git", "init", "--quiet", f"--initial-branch={BRANCH}", str(home)),
        (
            sys.executable,
            "-m",
            "toolbuilder",
            "init",
            str(home),
            "--from",
            f"{TOOLBUILDER}@{COMMIT}",
            "--branch",
            BRANCH,
        ),
        ("git", "-C", str(home), "add", "--all"),
        ("git", "-C", str(home), "commit", "--quiet", "--message", "Begin"),
        ("git", "clone", "--quiet", "--bare", str(home), str(bare)),
    )
    for command in commands:
        subprocess.run(command, check=True, capture_output=True)
    return State(bare, World(NAME, BRANCH, bare))


@pytest.fixture(scope="session")
def built(begun: State, tmp_path_factory: pytest.TempPathFactory) -> State:
    """Give the repository after the push of its first spec has been answered."""
    with hub_of(begun, tmp_path_factory.mktemp("built")) as hub:
        assert hub.run("push", ref=f"refs/heads/{BRANCH}") == 0, hub.log()
        return State(hub.host.bare, hub.api.world, hub.log())


@pytest.fixture
def fresh_hub(begun: State, tmp_path: Path) -> Iterator[Hub]:
    """Give a copy of the repository in which nothing has run."""
    with hub_of(begun, tmp_path) as hub:
        yield hub


@pytest.fixture
def built_hub(built: State, tmp_path: Path) -> Iterator[Hub]:
    """Give a copy of the repository after its first build."""
    with hub_of(built, tmp_path) as hub:
        yield hub
