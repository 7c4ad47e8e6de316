"""Both forges over the same real repository, and time that only passes when somebody waits."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from tests.forge.github_server import Served, serving
from tests.forge.github_world import World
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.adapters.github.client import Client, Clock
from toolbuilder.adapters.github.forge import GitHubForge
from toolbuilder.adapters.github.place import Place
from toolbuilder.adapters.github.waiting import Patience
from toolbuilder.adapters.local_forge import LocalForge
from toolbuilder.ports import Commit, Forge, Proposal, Repository

TOKEN = "ghs_a_token_of_nobody"  # noqa: S105  (nobody's)
BRANCH = "toolbuilder/log-levels"
PROPOSAL = Proposal(BRANCH, "Add log-levels", "Counts lines.\n\nTwo paragraphs.", labels=("toolbuilder",))


@dataclass
class Time:
    """A clock whose hands move when somebody sleeps."""

    now: float = 1_000.0
    waits: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds

    def clock(self) -> Clock:
        return Clock(self.sleep, lambda: self.now, lambda: self.now, lambda: 1.0)


@dataclass
class Peer:
    """GitHub's stand-in, a forge that speaks to it, and what was waited and noted."""

    served: Served
    time: Time = field(default_factory=Time)
    notes: list[str] = field(default_factory=list)
    patience: Patience = field(default_factory=lambda: Patience(between=0))
    clients: list[Client] = field(default_factory=list)

    @property
    def world(self) -> World:
        return self.served.world

    def forge(self, token: str = TOKEN, kind: Any = GitHubForge, client: Any = Client) -> Any:
        """Give a forge that has seen nothing yet."""
        place = Place(self.world.repository, SecretStr(token), self.served.url)
        self.clients.append(client(place, self.patience, self.time.clock()))
        return kind(self.clients[-1], self.notes.append)


@contextmanager
def github(**world: Any) -> Iterator[Peer]:
    """Serve a GitHub that has the branches `main` and BRANCH."""
    branches = {"main": "a" * 40, BRANCH: "b" * 40}
    with serving(World(**{"branches": branches, **world})) as served:
        served.token = TOKEN
        peer = Peer(served)
        try:
            yield peer
        finally:
            for client in peer.clients:
                client.close()


@contextmanager
def both(kind: str, folder: Path) -> Iterator[tuple[Forge, Repository]]:
    """Give a forge of a kind over a repository, and that repository."""
    repository = GitRepository(folder)
    if kind == "local":
        yield LocalForge(folder / ".git/toolbuilder/pull-requests", repository), repository
        return
    with github(git=folder) as peer:
        yield peer.forge(), repository


def add_commit(repository: Repository, branch: str, content: str, base: str = "HEAD") -> str:
    """Put a commit on a branch; give its id."""
    ref = f"refs/heads/{branch}"
    old = repository.resolve(ref)
    parent = old or repository.resolve(base) or ""
    new = repository.write(Commit((parent,), "Work\n", {"tools/log-levels/work.txt": content.encode()}))
    repository.swap(ref, new, old)
    return new
