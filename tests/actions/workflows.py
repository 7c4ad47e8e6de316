"""The workflows and actions of a repository as data, each with its own text."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Job:
    """A job of a workflow."""

    name: str
    body: Mapping[str, Any]

    @property
    def steps(self) -> list[Mapping[str, Any]]:
        """Its steps; none where it calls another workflow."""
        return list(self.body.get("steps", ()))


@dataclass(frozen=True)
class Workflow:
    """A workflow, or an action: then its only job is called so."""

    name: str
    text: str

    @cached_property
    def body(self) -> Mapping[str, Any]:
        """What the file says; `on` is found under that word, which YAML 1.1 takes for a truth value."""
        loaded = yaml.load(self.text, yaml.CSafeLoader)
        return {"on" if key is True else key: value for key, value in loaded.items()}

    @property
    def jobs(self) -> list[Job]:
        """Its jobs, in the order of the file."""
        if "runs" in self.body:
            return [Job("action", {"steps": self.body["runs"]["steps"]})]
        return [Job(name, body) for name, body in self.body["jobs"].items()]

    def uses(self) -> Iterator[str]:
        """Give what follows each `uses:`, comment included."""
        for line in self.text.splitlines():
            key, _, rest = line.strip().removeprefix("- ").partition(": ")
            if key == "uses":
                yield rest


def workflows_in(folder: Path) -> list[Workflow]:
    """Give every workflow of a repository."""
    return [Workflow(path.name, path.read_text()) for path in sorted((folder / ".github/workflows").glob("*.yml"))]


def actions_in(folder: Path) -> list[Workflow]:
    """Give every action of a repository."""
    return [
        Workflow(path.parent.name, path.read_text()) for path in sorted(folder.glob(".github/actions/*/action.yml"))
    ]
