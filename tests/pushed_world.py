"""The small real world of the pipeline, with a remote: what is built is pushed there as it lands.

Run as a script it is the client of the kill tests: `pushed_world.py REPOSITORY LOG POINT [VARIANT]` builds the tool,
appends what was asked, what was acknowledged and where it ended to LOG, and kills itself with SIGKILL at the given
point (the variant "interrupted": with SIGINT, as a terminal does), counted over everything that touches the repository, its remote or the engine.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.pipeline_world import SPEC, Bomb, MinedEngine, MinedRepository, World
from toolbuilder.adapters.git.joining import GitJoiner
from toolbuilder.adapters.git.process import AUTHOR, Git
from toolbuilder.adapters.git.remote import Endurance, GitRemote
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.adapters.pushed_repository import PushedRepository
from toolbuilder.build import Built, Order, Workshop
from toolbuilder.pipeline import build
from toolbuilder.runs import Claimant
from toolbuilder.spec.file import parse_spec


@dataclass
class PushedWorld(World):
    """A world whose repository is pushed to `origin`, by a run of some name."""

    run: Claimant = field(default_factory=lambda: Claimant("a run", take_over=True))
    seconds: float = 60.0
    bomb: Bomb = field(default_factory=lambda: Bomb(0))
    variant: str = ""

    @property
    def workshop(self) -> Workshop:
        folder = Git(self.folder)
        remote = GitRemote(folder, "origin", endurance=Endurance(self.seconds), wait=lambda _: None)
        local = MinedLocal(GitRepository(self.folder), self.bomb)
        pushed: Any = REPOSITORIES.get(self.variant, PushedRepository)(local, MinedRemote(remote, self.bomb))
        self.wrap = lambda _: pushed
        return replace(
            super().workshop,
            joiner=GitJoiner(folder, pushed, AUTHOR),
            claimant=self.run,
            hurried=pushed.within,
            reconcile=pushed.reconcile,
        )

    def build(self, spec: str = SPEC, **how: str | bool | None) -> Built:
        parsed = parse_spec(spec.encode(), f"specs/{spec.split()[1]}.yaml")
        workshop = self.workshop
        workshop.reconcile()
        return asyncio.run(build(Order(parsed, spec.encode(), **how), workshop))  # type: ignore[arg-type]


class MinedLocal(MinedRepository):
    """A mined repository that can be pushed from."""

    def check(self, ref: str) -> None:
        self.inner.check(ref)

    def tips(self) -> Mapping[str, str]:
        return self.inner.tips()

    def follows(self, new: str, old: str) -> bool:
        return self.inner.follows(new, old)


@dataclass
class MinedRemote:
    """A remote whose client may not survive a push, before it or after it."""

    inner: GitRemote
    bomb: Bomb

    def tips(self) -> Mapping[str, str]:
        return self.inner.tips()

    def fetch(self, refs: Collection[str] = ()) -> Mapping[str, str]:
        return self.inner.fetch(refs)

    def push(self, ref: str, new: str, old: str | None) -> None:
        self.bomb.tick()
        self.inner.push(ref, new, old)
        self.bomb.tick()

    def deletion(self, ref: str) -> str:
        return self.inner.deletion(ref)

    def within(self, seconds: float) -> "MinedRemote":
        return MinedRemote(self.inner.within(seconds), self.bomb)


class PrivateJournal(PushedRepository):
    """Sabotaged: answers stay on this machine."""

    def swap(self, ref: str, new: str, old: str | None) -> None:
        if "/journal/" in ref:
            self.repository.swap(ref, new, old)
        else:
            super().swap(ref, new, old)


class HereFirst(PushedRepository):
    """Sabotaged: the ref here moves before anybody else can see it."""

    def swap(self, ref: str, new: str, old: str | None) -> None:
        self.repository.swap(ref, new, old)
        self.remote.push(ref, new, old)


REPOSITORIES = {"private": PrivateJournal, "here first": HereFirst}


class Interruption(Bomb):
    """Interrupts this process at one point, as a person at the terminal does."""

    def tick(self) -> None:
        self.count += 1
        if self.count == self.point:
            os.kill(os.getpid(), signal.SIGINT)


def main(folder: str, log: str, point: str, variant: str = "") -> None:
    """Build the tool, and die at the point."""
    bomb = (Interruption if variant == "interrupted" else Bomb)(int(point))

    def take_down(line: str) -> None:
        with Path(log).open("a") as file:
            file.write(f"{line}\n")

    world = PushedWorld(
        Path(folder),
        MinedEngine(Path(log), bomb),
        bomb=bomb,
        variant=variant,
        acknowledged=lambda key: take_down(f"acknowledged {key}"),
        run=Claimant(f"run to point {point}", take_over=True),
    )
    built = world.build()
    take_down(f"points {bomb.count}\ntip {built.tip}")


if __name__ == "__main__":
    main(*sys.argv[1:])
