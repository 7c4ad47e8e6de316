"""The cap of a day over real processes of the real command, which share nothing but a repository or its remote."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.bare_remote import BareRemote, bare_remote
from tests.known_model import KnownProvider
from tests.paid_provider import KEY
from tests.pipeline_world import SPEC
from tests.served import served
from toolbuilder.adapters.git.process import Git as RunGit
from toolbuilder.adapters.git.remote import GitRemote
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.adapters.pushed_repository import PushedRepository
from toolbuilder.grants import REF, put_grant, read_grants
from toolbuilder.spending import bought_by, sum_of

pytestmark = pytest.mark.slow

Git = Callable[..., str]
ROOT = Path(__file__).parents[2]
PRICES = {name: {"input": 1, "output": 5} for name in ("claude-haiku-5-5", "claude-sonnet-5-5")}  # as `price` says
TOOLS = tuple(f"dedupe-{number}" for number in range(8))


@dataclass
class Till(KnownProvider):
    """A provider whose answers are as dear as they can be; it counts what several clients at once are billed."""

    counting: threading.Lock = field(default_factory=threading.Lock)
    before: Callable[[int], None] = lambda _: None  # told how many requests there were, before each is answered

    async def handle(self, request: httpx2.Request) -> httpx2.Response:
        self.before(len(self.bodies))
        return await super().handle(request)

    def _billed(self, body: dict[str, Any], text: str, stop: str | None) -> httpx2.Response:
        with self.counting:
            return super()._billed(body, text, stop)


@dataclass(frozen=True)
class Place:
    """A repository with specs, a provider, and the cap of the day."""

    folder: Path
    there: BareRemote
    till: Till
    address: str

    def start(self, folder: Path, cap: str, *words: str) -> subprocess.Popen[str]:
        """Start the command."""
        settings = {"BASE_URL": self.address, "API_KEY": KEY, "DAY_USD": cap, "PRICES": json.dumps(PRICES)}
        named = {f"TOOLBUILDER_{name}": value for name, value in settings.items() if value}
        environment = {**os.environ, **named, "PYTHONPATH": str(ROOT), "NO_PROXY": "127.0.0.1"}
        command = [sys.executable, "-m", "toolbuilder", "run", *words, "--engine", "anthropic"]
        return subprocess.Popen(
            [*command, "--until", "architecture"], cwd=folder, env=environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def run(self, cap: str, *words: str) -> tuple[int, str]:
        """Run the command to its end; give the exit code, and what it said."""
        process = self.start(self.folder, cap, *words)
        out, err = process.communicate()
        return process.returncode, out + err


@pytest.fixture
def place(git_repo: Path, git: Git, tmp_path: Path) -> Iterator[Place]:
    (git_repo / "specs").mkdir()
    for name in TOOLS:
        (git_repo / f"specs/{name}.yaml").write_text(SPEC.replace("name: dedupe", f"name: {name}"))
    git(git_repo, "add", "--all")
    git(git_repo, "commit", "--quiet", "--message", "Specs")
    there = bare_remote(git, tmp_path / "there.git", git_repo)
    till = Till(verbose=True)
    with served(till) as address:
        yield Place(git_repo, there, till, address)


def ended(processes: list[subprocess.Popen[str]]) -> list[int]:
    """Wait for the end of processes; give their exit codes."""
    told = [process.communicate() for process in processes]
    codes = [process.returncode for process in processes]
    assert {*codes} <= {0, 4}, told
    return codes


def grants(folder: Path) -> list[str]:
    return sorted(read_grants(GitRepository(folder)).files)


def test_eight_machines_at_once_do_not_pass_the_cap_of_the_day_and_use_most_of_it(
    place: Place, git: Git, tmp_path: Path
) -> None:
    folders = [tmp_path / name for name in TOOLS]
    for folder in folders:
        git(tmp_path, "clone", "--quiet", "--no-local", str(place.there.folder), folder.name)
    codes = ended([place.start(one, "0.8", one.name, "--remote", "origin") for one in folders])
    assert Decimal("0.48") <= place.till.billed <= Decimal("0.8")
    assert 4 in codes
    assert grants(place.there.folder) == []
    assert sum_of(bought_by(GitRepository(place.there.folder), TOOLS)) == place.till.billed
    assert place.there.wrong_moves() == []


def test_two_runs_in_one_clone_share_the_cap_without_a_remote(place: Place) -> None:
    codes = ended([place.start(place.folder, "0.25", name) for name in TOOLS[:2]])
    assert Decimal("0.15") <= place.till.billed <= Decimal("0.25")
    assert 4 in codes
    assert grants(place.folder) == []
    assert place.there.tips().keys() == {"refs/heads/main"}


def test_a_day_without_a_cap_has_no_grants_and_one_with_a_cap_is_refused_and_goes_on(place: Place) -> None:
    code, _ = place.run("", TOOLS[0], "--remote", "origin")
    assert code == 0
    assert REF not in place.there.tips()
    spent = place.till.billed
    code, said = place.run(str(spent + Decimal("0.001")), TOOLS[1], "--remote", "origin")
    assert (code, place.till.billed) == (4, spent)
    assert f"the cap of the day {datetime.now(UTC).date()} is reached" in said
    assert REF not in place.there.tips()
    assert place.run("9", TOOLS[1], "--remote", "origin")[0] == 0
    assert REF in place.there.tips()
    assert grants(place.there.folder) == []


def test_what_a_killed_run_was_granted_is_free_once_its_time_is_over_and_what_it_bought_counts(place: Place) -> None:
    doomed = place.start(place.folder, "0.25", TOOLS[0], "--remote", "origin")
    place.till.before = lambda count: doomed.send_signal(signal.SIGKILL) if count == 3 else None
    doomed.communicate()
    assert doomed.returncode == -signal.SIGKILL
    place.till.before = lambda _: None
    before = place.till.billed
    code, said = place.run("0.25", TOOLS[1], "--remote", "origin")
    assert code == 4
    assert "granted to another run until" in said
    let_run_out(place.folder)
    assert place.run("0.25", *TOOLS[1:3], "--remote", "origin")[0] == 4
    assert before < place.till.billed <= Decimal("0.25")


def test_an_interrupted_run_journals_what_it_has_bought_and_then_gives_back_the_rest(place: Place) -> None:
    stopped = place.start(place.folder, "0.25", TOOLS[0], "--remote", "origin")
    place.till.before = lambda count: stopped.send_signal(signal.SIGINT) if count == 3 else None
    stopped.communicate()
    assert stopped.returncode == 130
    assert REF in place.there.tips()
    assert grants(place.there.folder) == []
    assert sum_of(bought_by(GitRepository(place.there.folder), TOOLS[:1])) >= place.till.billed > 0


def let_run_out(folder: Path) -> None:
    """Let two hours pass for whoever has not given back."""
    here = PushedRepository(GitRepository(folder), GitRemote(RunGit(folder), "origin"))
    here.reconcile()
    seen, now = read_grants(here), datetime.now(UTC)
    [left] = seen.files.values()
    put_grant(here, seen, left.model_copy(update={"until": left.until - timedelta(hours=2)}), now, "")
