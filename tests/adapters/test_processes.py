import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.sabotage import Protection, assert_guarded
from toolbuilder.adapters import processes

ROOT = Path(__file__).parents[2]
NAMED = "from toolbuilder.adapters.processes import this_process; print(this_process(), flush=True); __import__('os').read(0, 1)"


@contextmanager
def another() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Give a process that waits, and what it calls itself."""
    command = [sys.executable, "-c", NAMED]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT) as process:
        assert process.stdout
        yield process, process.stdout.readline().strip()
        process.kill()


def a_process_has_ended_once_it_is_killed(part: Any) -> None:
    with another() as (process, name):
        assert name.split()[2] == str(process.pid)
        assert not part.has_ended(name)
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert part.has_ended(name), "though nobody has asked how it ended"
        assert process.wait() == -signal.SIGKILL
        assert part.has_ended(name)


def a_number_that_is_given_again_names_nobody(part: Any) -> None:
    *place, number, began = part.this_process().split()
    assert not part.has_ended(" ".join([*place, number, began]))
    assert part.has_ended(" ".join([*place, number, str(int(began) - 1)]))


def of_other_machines_nothing_is_known(part: Any) -> None:
    with another() as (process, name):
        process.kill()
        process.wait()
        boot, space, *rest = name.split()
        for other in (("other-boot", space), (boot, "pid:[1]")):
            assert not part.has_ended(" ".join([*other, *rest]))


def test_what_names_no_process_has_not_ended() -> None:
    place = " ".join(processes.this_process().split()[:2])
    for name in ("", "vm, process 29956", f"{place} 0 1", f"{place} {'9' * 30} 1", f"{place} -1 1", f"{place} 1"):
        assert not processes.has_ended(name)


def what_proc_hides_has_not_ended(part: Any) -> None:
    assert part._exists(1), "the first process is there, whoever may ask"
    with another() as (process, _):
        process.kill()
        process.wait()
        assert not part._exists(process.pid)


GUARDED: list[Protection] = [
    (a_process_has_ended_once_it_is_killed, "state in _ENDED or ", ""),
    (a_process_has_ended_once_it_is_killed, "        return not _exists(number)\n", "        return False\n"),
    (a_number_that_is_given_again_names_nobody, " or began != found[3]", ""),
    (a_number_that_is_given_again_names_nobody, "fields[19]", "fields[18]"),
    (of_other_machines_nothing_is_known, "or found[1] != _place()", ""),
    (what_proc_hides_has_not_ended, "        return False\n    except PermissionError:", "        return True\n    except PermissionError:"),
]  # fmt: skip


@pytest.mark.parametrize("protection", GUARDED)
def test_whether_a_process_has_ended_is_guarded(protection: Protection) -> None:
    assert_guarded(processes, protection)
