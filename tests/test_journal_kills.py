import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

import toolbuilder
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.journal import Journal

CLIENT = Path(__file__).with_name("journal_client.py")
QUESTIONS = list(range(12))
WORKERS = 4
POINTS = ("before ask", "after ask", "mid flush", "after flush")


@dataclass(frozen=True)
class Note:
    """One line of a client's own log: what it bought, or what was acknowledged to it."""

    word: str
    key: str
    text: str


@dataclass(frozen=True)
class Clients:
    """Starts clients of one repository's journal, each with a log of its own."""

    repository: Path

    def start(self, name: str, questions: Sequence[int] = QUESTIONS, **order: object) -> subprocess.Popen[bytes]:
        whole = {
            "repository": str(self.repository),
            "notes": str(self._log(name)),
            "questions": list(questions),
            **order,
        }
        self._log(name).touch()
        return subprocess.Popen(
            [sys.executable, str(CLIENT), json.dumps(whole)],
            env={**os.environ, "PYTHONPATH": str(Path(toolbuilder.__file__).parents[1])},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )

    def run(self, name: str, questions: Sequence[int] = QUESTIONS, **order: object) -> list[Note]:
        with self.start(name, questions, **order) as client:
            client.communicate()
        assert client.returncode == (-signal.SIGKILL if order.get("die_at") else 0)
        return self.notes(name)

    def run_until(self, name: str, questions: Sequence[int], lines: int, number: signal.Signals) -> list[Note]:
        """Signal the client, and whatever shares its terminal, once it has noted so many lines."""
        with self.start(name, questions) as client:
            assert client.stdout
            for _ in range(lines):
                client.stdout.readline()
            os.killpg(client.pid, number)
            client.communicate()
        return self.notes(name)

    def notes(self, name: str) -> list[Note]:
        return [Note(*line.split()) for line in self._log(name).read_text().splitlines()]

    def _log(self, name: str) -> Path:
        return self.repository.parent / f"{name}.log"


def violations(*runs: list[Note]) -> list[str]:
    """Judge runs, in the order of time, by the clients' own logs alone: the journal is not asked about itself."""
    acknowledged: dict[str, str] = {}
    found = []
    for note in (note for run in runs for note in run):
        if note.word == "bought" and note.key in acknowledged:
            found.append(f"{note.key} was asked again")
        if note.word == "acknowledged" and acknowledged.setdefault(note.key, note.text) != note.text:
            found.append(f"{note.key} has another answer now")
    complete = {note.key for note in runs[-1] if note.word == "acknowledged"}
    return found + [f"{key} is lost" for key in acknowledged if key not in complete]


def bought(*runs: list[Note]) -> int:
    return sum(note.word == "bought" for run in runs for note in run)


@pytest.fixture
def clients(git_repo: Path) -> Clients:
    return Clients(git_repo)


@pytest.mark.parametrize("point", POINTS)
def test_a_client_killed_at_a_named_point_loses_nothing_that_was_acknowledged(point: str, clients: Clients) -> None:
    killed = clients.run("killed", die_at=point, die_after=1)
    resumed = clients.run("resumed")
    assert violations(killed, resumed) == []
    assert bought(killed, resumed) <= len(QUESTIONS) + WORKERS, "a kill costs at most what was in flight"
    assert {note.key for note in killed} <= {note.key for note in resumed}


def test_a_client_killed_again_and_again_comes_to_its_end(clients: Clients) -> None:
    chance = random.Random(20261122)  # noqa: S311  # any fixed choice will do
    deaths = [(chance.choice(POINTS), chance.randrange(3)) for _ in range(4)]
    many = range(60)
    runs = [clients.run(f"run{n}", many, die_at=point, die_after=after) for n, (point, after) in enumerate(deaths)]
    runs.append(clients.run("last", many))
    assert violations(*runs) == []
    assert bought(*runs) <= len(many) + WORKERS * len(deaths)


@pytest.mark.slow
def test_a_storm_of_kills_from_outside_loses_nothing(clients: Clients) -> None:
    chance = random.Random(7)  # noqa: S311  # any fixed choice will do
    many = range(200)
    runs = [clients.run_until(f"run{n}", many, 10 * n + chance.randrange(20), signal.SIGKILL) for n in range(20)]
    runs.append(clients.run("last", many))
    assert violations(*runs) == []


def two_at_once(clients: Clients, variant: str) -> list[list[Note]]:
    """Let one client open the journal, a second one fill it, then the first go on; a third reads all."""
    with clients.start("first", QUESTIONS[:6], variant=variant, wait=True) as first:
        assert first.stdout
        assert first.stdout.readline() == b"ready\n"
        second = clients.run("second", QUESTIONS[6:], variant=variant)
        first.communicate(b"go\n")
    return [second, clients.notes("first"), clients.run("third")]


def test_two_clients_at_once_lose_nothing(clients: Clients) -> None:
    runs = two_at_once(clients, "faithful")
    assert violations(*runs) == []
    assert bought(*runs) == len(QUESTIONS)


def test_two_clients_with_the_same_questions_are_given_the_same_answers(clients: Clients) -> None:
    with clients.start("first") as first, clients.start("second") as second:
        first.communicate()
        second.communicate()
    answers = [[note for note in clients.notes(name) if note.word == "acknowledged"] for name in ("first", "second")]
    assert violations(*answers, clients.run("third")) == []


def test_an_interrupt_at_the_terminal_leaves_nothing_bought_and_not_stored(clients: Clients) -> None:
    interrupted = clients.run_until("interrupted", QUESTIONS, 5, signal.SIGINT)
    journal = Journal(GitRepository(clients.repository), "tool", "1700000000 +0000")
    assert {note.key for note in interrupted if note.word == "bought"} == journal.entries.keys()
    assert violations(interrupted, clients.run("resumed")) == []


SABOTAGED: dict[str, Callable[[Clients], list[list[Note]]]] = {
    "unwritten": lambda clients: [clients.run("killed", variant="unwritten"), clients.run("resumed")],
    "hasty": lambda clients: [
        clients.run("killed", variant="hasty", die_at="mid flush"),
        clients.run("resumed", variant="hasty"),
    ],
    "forgetful": lambda clients: [
        clients.run("killed", variant="forgetful"),
        clients.run("resumed", variant="forgetful"),
    ],
    "overwriting": lambda clients: two_at_once(clients, "overwriting"),
}


@pytest.mark.slow
@pytest.mark.parametrize("variant", SABOTAGED)
def test_the_judge_catches_a_sabotaged_journal(variant: str, clients: Clients) -> None:
    assert violations(*SABOTAGED[variant](clients)) != []
