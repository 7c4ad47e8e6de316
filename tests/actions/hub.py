"""GitHub without GitHub: events start the real workflows under act, against a real remote and a served API.

act is told what it does not know yet, by three replacements in a copy of the workflows; each does what GitHub's own
runner does, or drops what act has no part in. Of act itself nothing is asserted but what it leaves behind.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.actions.git_host import GitHost
from tests.actions.policy import PINNED
from tests.actions.workflows import ROOT
from tests.forge.github_server import Served

NAME = "person/tools"
TOOLBUILDER = "maker/toolbuilder"
COMMIT = "1" * 40  # of toolbuilder, as its callers pin it
STUBS = Path(__file__).parent / "stubs"
BRANCH = "main"
LONGEST = 600  # seconds: a run that hangs is to fail, not to hang the tests


@dataclass
class Hub:
    """A repository on a GitHub of our own."""

    folder: Path  # for whatever the runs leave
    host: GitHost
    api: Served
    settings: Mapping[str, str] = field(default_factory=dict)  # more environment of the jobs
    secrets: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=lambda: {"TOOLBUILDER_INSTALL": "false"})
    runs: int = 0
    running: subprocess.Popen[str] | None = None  # the run that was started last

    def start(
        self, event: str, workflow: str = "toolbuilder.yml", at: str = BRANCH, **payload: Any
    ) -> subprocess.Popen[str]:
        """Start a workflow as an event does that happened on the default branch, as it is now or at another commit."""
        self.runs += 1
        place = self.folder / f"run-{self.runs}"
        checkout = place / "checkout"
        _git("clone", "--quiet", "--branch", BRANCH, str(self.host.bare), str(checkout))
        _git("-C", str(checkout), "reset", "--quiet", "--hard", at)
        _git("-C", str(checkout), "remote", "set-url", "origin", f"https://github.com/{NAME}")
        (place / "event.json").write_text(json.dumps({"repository": {"default_branch": BRANCH}, **payload}))
        with (place / "log").open("w") as log:
            self.running = subprocess.Popen(
                [*self._act(place), event, "--workflows", f".github/workflows/{workflow}"],
                cwd=checkout,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                text=True,
            )
        return self.running

    def run(self, event: str, workflow: str = "toolbuilder.yml", at: str = BRANCH, **payload: Any) -> int:
        """Run a workflow to its end, and give the exit code."""
        try:
            return self.start(event, workflow, at, **payload).wait(timeout=LONGEST)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def kill(self) -> None:
        """End the run and all that it has started at once, as a machine that loses power does."""
        assert self.running
        for process in descendants(self.running.pid):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    def log(self) -> str:
        """Give what the jobs of the last run printed, and how they ended, for a person to read where a test fails."""
        lines = (self.folder / f"run-{self.runs}" / "log").read_text().splitlines()
        return "\n".join(line for line in lines if any(sign in line for sign in ("   | ", "❗", "❌", "🏁", "rror: ")))

    def deliver(self) -> int:
        """Run what the API was asked to start, as GitHub would."""
        [asked] = self.api.world.dispatches
        self.api.world.dispatches.clear()
        return self.run("workflow_dispatch", asked["workflow"], inputs=asked["inputs"])

    def sabotage(self, file: str, right: str, wrong: str) -> None:
        """Make a mutant of toolbuilder's workflows."""
        path = self.folder / "toolbuilder/.github" / file
        text = path.read_text()
        assert right in text
        path.write_text(text.replace(right, wrong))

    def _act(self, place: Path) -> list[str]:
        stubs = {f"{name}@{pin.split()[0]}": str(STUBS / name.split("/")[1]) for name, pin in PINNED.items()}
        secrets = place / "secrets"  # in a file, since act's own environment is that of every job
        secrets.write_text(_lines({"GITHUB_TOKEN": self.host.token, **self.secrets}))
        return [
            str(Path(sys.executable).with_name("act")),
            *("--platform", "ubuntu-24.04=-self-hosted", "--action-cache-path", str(place / "work")),
            *("--action-offline-mode", "--no-cache-server", "--no-skip-checkout"),
            *("--eventpath", str(place / "event.json"), "--secret-file", str(secrets)),
            *_each("--local-repository", {**stubs, f"{TOOLBUILDER}@{COMMIT}": str(self.folder / "toolbuilder")}),
            *_each("--env", {"GITHUB_SERVER_URL": self.host.url, "GITHUB_API_URL": self.api.url, **self.settings}),
            *_each("--var", self.variables),
        ]

    def _environment(self) -> dict[str, str]:
        bins = os.pathsep.join([str(self.folder / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]])
        return {"PATH": bins, "HOME": str(self.folder), "LANG": "C.UTF-8", "NO_PROXY": "127.0.0.1,localhost"}


def publish_toolbuilder(folder: Path) -> None:
    """Lay out toolbuilder's repository as its callers find it, in words that act knows."""
    shutil.copytree(ROOT / ".github", folder / ".github")
    for path in folder.rglob("*.yml"):
        path.write_text(as_act_reads(path.read_text()))


def as_act_reads(text: str) -> str:
    """Put a workflow into words that act knows."""
    own = re.sub(r"uses: \$/(\S+)", rf"uses: {TOOLBUILDER}/\1@{COMMIT}", text)  # as GitHub's runner resolves it
    return re.sub(r"\n +deployment: false(?=\n)", "", own).replace("queue: max", "cancel-in-progress: false")


def descendants(pid: int) -> list[int]:
    """Give a process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    family = [pid]
    for member in family:
        family += children.get(member, [])
    return family


def _each(option: str, values: Mapping[str, str]) -> list[str]:
    return [part for line in _lines(values).splitlines() for part in (option, line)]


def _lines(values: Mapping[str, str]) -> str:
    return "".join(f"{name}={value}\n" for name, value in values.items())


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], check=True, capture_output=True, text=True).stdout.strip()
