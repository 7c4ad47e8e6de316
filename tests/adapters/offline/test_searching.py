import sys
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from tests.adapters.sandbox.probes.kinds import every_kind
from tests.sabotage import Protection, assert_guarded
from tests.synthesis.synthesis_tasks import GREETING, LOG_LEVELS, lines_task, solved
from toolbuilder.adapters.offline import searching
from toolbuilder.adapters.offline.searching import SEARCH, SandboxedSolver
from toolbuilder.adapters.sandbox.choice import choose_sandbox
from toolbuilder.errors import ToolbuilderError
from toolbuilder.ports import Command, Ran, Sandbox
from toolbuilder.synthesis import Accepted, Refusal, Task

OPEN = lines_task("Change the lines.", ("b\na\n", "a\nb\n"))
PYTHON = (sys.executable, "-I", "-S", "-c")


@dataclass
class Watched:
    """The sandbox of this machine, and the commands that it ran."""

    commands: list[Command] = field(default_factory=list)
    kind: str = "watched"

    def run(self, command: Command) -> Ran:
        self.commands.append(command)
        return choose_sandbox().run(command)


@pytest.mark.parametrize("task", [LOG_LEVELS, OPEN], ids=["accepted", "asked"])
@every_kind
def test_a_search_in_the_sandbox_finds_exactly_what_a_search_here_finds(task: Task, sandbox: Sandbox) -> None:
    assert SandboxedSolver(sandbox)(task) == solved(task)


def test_nothing_that_is_tried_or_accepted_runs_outside_of_the_sandbox() -> None:
    watched = Watched()
    SandboxedSolver(watched)(GREETING)
    assert "toolbuilder.synthesis" in watched.commands[0].argv[-2]
    assert "tool.run" in watched.commands[1].argv[-1]
    assert all(command.argv[0] == sys.executable for command in watched.commands)


def solver(part: Any, *script: str, **how: object) -> Any:
    return part.SandboxedSolver(choose_sandbox(), (*PYTHON, *script), **how)


def a_search_that_hangs_is_stopped(part: Any) -> None:
    verdict = solver(part, "while True: pass", seconds=1)(GREETING)
    assert verdict == Refusal("the search was stopped: it went over its limit of time, so a step of it hung")


def a_search_that_eats_memory_is_stopped(part: Any) -> None:
    with pytest.raises(ToolbuilderError, match="the search failed: MemoryError"):
        solver(part, "text = 'x' * (300 << 20)", memory_bytes=150 << 20)(GREETING)


def a_search_that_fails_says_why(part: Any) -> None:
    with pytest.raises(ToolbuilderError, match="the search failed: ZeroDivisionError: "):
        solver(part, "1 / 0")(GREETING)


def an_accepted_program_has_run_in_a_process_of_its_own(part: Any) -> None:
    made = part.SandboxedSolver(choose_sandbox(), confirming=0.0)
    verdict = made(GREETING)
    assert isinstance(verdict, Refusal)
    assert "process of its own" in verdict.reason


GUARDED: list[Protection] = [
    (a_search_that_hangs_is_stopped, "        if ran.stopped:\n", "        if False:\n"),
    (a_search_that_eats_memory_is_stopped, "Limits(seconds, self.memory_bytes,", "Limits(seconds,"),
    (a_search_that_fails_says_why, "' '.join(shown(ran, limit=1)) or error", "error"),
    (an_accepted_program_has_run_in_a_process_of_its_own, "return confirmed(task, verdict, self._start)", "return verdict"),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("protection", GUARDED)
def test_the_search_is_guarded(protection: Protection) -> None:
    assert_guarded(searching, protection)


def test_two_searches_of_a_task_give_the_same() -> None:
    made = SandboxedSolver(choose_sandbox(), SEARCH)
    task = replace(GREETING, name="again")
    assert made(task) == made(task)
    assert isinstance(made(task), Accepted)
