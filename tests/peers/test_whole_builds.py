"""Whole builds by the real command against servers that others wrote: five stages, every answer from there."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.adapters.anthropic.peer import KEY
from tests.paid_provider import MICROTASKS
from tests.peers.servers import Aimock, Mountebank
from tests.pipeline_world import SPEC
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.metacognition import DIAGNOSE
from toolbuilder.repair import REPAIR_MODULE
from toolbuilder.spending import Bought, bought_by

ROOT = Path(__file__).parents[2]
ASKED = {task.name for task in MICROTASKS.values()} - {DIAGNOSE.name, REPAIR_MODULE.name}


@pytest.fixture
def tool(git_repo: Path) -> Path:
    """Give a repository with a spec."""
    (git_repo / "specs").mkdir()
    (git_repo / "specs/dedupe.yaml").write_text(SPEC)
    return git_repo


def built(folder: Path, url: str) -> tuple[Bought, ...]:
    """Build by the command; give what was paid for."""
    settings = {"TOOLBUILDER_BASE_URL": url, "TOOLBUILDER_API_KEY": KEY, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "toolbuilder", "run", "--engine", "anthropic", "--json"]
    ran = subprocess.run(
        command, cwd=folder, env={**os.environ, **settings}, check=False, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    [row] = json.loads(ran.stdout)
    assert row["complete"]
    return bought_by(GitRepository(folder), ["dedupe"])


def check(bought: tuple[Bought, ...]) -> None:
    assert {one.microtask for one in bought} == ASKED
    assert len(bought) == len(ASKED) + 1  # the analyst's first answer was of the wrong shape
    assert all(one.purchase.answered for one in bought)


def test_a_tool_is_built_against_aimock(tool: Path, aimock: Aimock) -> None:
    check(built(tool, aimock.url))


def test_a_tool_is_built_against_mountebank_whose_books_agree(tool: Path, mountebank: Mountebank) -> None:
    before = len(mountebank.requests())
    bought = built(tool, mountebank.url)
    check(bought)
    assert len(mountebank.requests()) - before == len(bought) + 1  # the architect was overloaded once
    assert {one.answer.cache_read_tokens for one in bought} == {1_200}
