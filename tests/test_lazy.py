import asyncio
import gc
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.sabotage import Protection, assert_guarded
from toolbuilder import lazy
from toolbuilder.errors import FileIsWrong, SandboxUnavailable
from toolbuilder.ports import Answer, Command, Question

QUESTION = Question("count", "Count.", "", "{}", "{}", 1, 1)
MADE: list[str] = []
HEAVY = ("copier", "git", "anthropic", "toolbuilder.adapters.sandbox.choice", "toolbuilder.adapters.copier_scaffolder", "toolbuilder.adapters.offline.backend")  # fmt: skip
NOTHING_IS_USED = """
import sys
from pathlib import Path
from toolbuilder.lazy import LazyEngine, LazySandbox, LazyScaffolder

LazySandbox("auto"), LazyScaffolder(Path("templates")), LazyEngine(lambda: None)
print([name for name in sys.argv[1:] if name in sys.modules])
"""


class Echo:
    """An engine that tells when it is made."""

    def __init__(self) -> None:
        MADE.append("echo")

    async def ask(self, question: Question) -> Answer:
        return Answer(question.microtask, "echo", "echo-1")


def test_what_is_not_used_is_not_loaded() -> None:
    command = [sys.executable, "-c", NOTHING_IS_USED, *HEAVY]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == "[]\n"


def an_engine_is_made_once_when_it_is_first_asked(part: Any) -> None:
    MADE.clear()
    engine = part.LazyEngine(Echo)
    assert MADE == []
    answers = [asyncio.run(engine.ask(QUESTION)) for _ in range(2)]
    assert [answer.text for answer in answers] == ["count", "count"]
    assert MADE == ["echo"]


def the_garbage_collector_is_back_after_a_block_whatever_happens_there(part: Any) -> None:
    gc.enable()
    with part.uncollected():
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(FileIsWrong), part.uncollected():
        raise FileIsWrong([])
    back = gc.isenabled()
    gc.enable()
    assert back


GUARDED: list[Protection] = [
    (
        the_garbage_collector_is_back_after_a_block_whatever_happens_there,
        "        yield\n    finally:\n        gc.enable()\n\n\nclass",
        "        yield\n        gc.enable()\n    finally:\n        pass\n\n\nclass",
    ),
    (
        an_engine_is_made_once_when_it_is_first_asked,
        "    @cached_property\n    def _engine",
        "    @property\n    def _engine",
    ),
]


@pytest.mark.parametrize("protection", GUARDED)
def test_what_is_lazy_is_guarded(protection: Protection) -> None:
    assert_guarded(lazy, protection)


def test_a_sandbox_runs_when_it_is_first_needed_and_says_which_it_is(tmp_path: Path) -> None:
    sandbox = lazy.LazySandbox("auto")
    ran = sandbox.run(Command((sys.executable, "-c", "print(6 * 7)"), tmp_path))
    assert (ran.exit_code, ran.stdout) == (0, b"42\n")
    assert sandbox.kind in {"bubblewrap", "landlock"}


def test_a_sandbox_that_there_is_not_fails_when_it_is_used_and_not_before(tmp_path: Path) -> None:
    sandbox = lazy.LazySandbox("chroot")
    with pytest.raises(SandboxUnavailable, match="there is no sandbox 'chroot'; choose one of: auto, bubblewrap"):
        sandbox.run(Command(("true",), tmp_path))
    with pytest.raises(SandboxUnavailable):
        assert sandbox.kind


def test_a_template_that_is_missing_is_named_when_it_is_rendered(tmp_path: Path) -> None:
    with pytest.raises(FileIsWrong, match="nothing"):
        lazy.LazyScaffolder(tmp_path).render("nothing", {})
