"""Whole builds by the real command against servers that others wrote: five stages, every answer from there."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.adapters.anthropic.peer import KEY
from tests.paid_provider import MICROTASKS
from tests.peers.failures import MOUNTEBANK, refuses
from tests.peers.post_office import EXPIRES, MISFITS, post_office
from tests.peers.scenes import mountebank_scene
from tests.peers.servers import Aimock, Mountebank, Said
from tests.pipeline_world import SPEC
from toolbuilder.adapters.batches.record import OpenBatches
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.adapters.prices import price_list
from toolbuilder.metacognition import DIAGNOSE
from toolbuilder.repair import REPAIR_MODULE
from toolbuilder.settings import Settings
from toolbuilder.spending import Bought, bought_by, sum_of

ROOT = Path(__file__).parents[2]
UNHEARD, USELESS = ("garbage", "page", "dropped", "noise"), ("no reason", "max_tokens", "refusal")
EACH_ONCE = {
    "identify_problem": "529",
    "split_code_and_ai": "garbage",
    "map_data_flows": "page",
    "choose_agents": "500",
    "design_modules": "dropped",
    "define_interfaces": "noise",
    "design_errors": "no reason",
    "write_module": "wrong schema",
    "write_tests": "max_tokens",
    "review_code": "refusal",
}
ASKED = {task.name for task in MICROTASKS.values()} - {DIAGNOSE.name, REPAIR_MODULE.name}


@pytest.fixture
def tool(git_repo: Path) -> Path:
    """Give a repository with a spec."""
    (git_repo / "specs").mkdir()
    (git_repo / "specs/dedupe.yaml").write_text(SPEC)
    return git_repo


def built(folder: Path, url: str, *options: str) -> tuple[Bought, ...]:
    """Build by the command; give what was paid for."""
    settings = {"TOOLBUILDER_BASE_URL": url, "TOOLBUILDER_API_KEY": KEY, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "toolbuilder", "run", "--engine", "anthropic", "--json", *options]
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


def test_a_tool_whose_every_question_fails_once_is_built_by_the_command(
    tool: Path, mountebank: Mountebank, said: Said
) -> None:
    crowded = refuses("rate_limit_error", 429, **{"Retry-After": "1"})
    failures = {**{task: MOUNTEBANK[name] for task, name in EACH_ONCE.items()}, "write_readme": crowded}
    with mountebank_scene(mountebank, said, failures) as scene:
        bought, told = built(tool, scene.url), scene.told()
    assert Counter(one.microtask for one in told) == dict.fromkeys(ASKED, 2)
    exact = [one for one in bought if one.purchase.cost == "exact"]
    assert len(bought) - len(exact) == len(UNHEARD)
    assert sum(not one.purchase.answered for one in exact) == len(USELESS)
    price = price_list("anthropic", {})
    assert sum_of(exact) == sum(price(Settings().small_model, one.usage) or 0 for one in told if one.usage) > 0


def test_a_tool_is_built_by_batches_at_half_the_price_and_nothing_is_sent_twice(
    tool: Path, mountebank: Mountebank, said: Said
) -> None:
    with post_office(mountebank, said) as office:
        check(bought := built(tool, office.url, "--batch"))
        asked, billed = Counter(office.asked), office.billed
    assert asked == {**dict.fromkeys(ASKED, 1), EXPIRES: 2, MISFITS: 2}
    half = price_list("anthropic", {}, processing="batch")
    assert sum_of(bought) == sum(half(Settings().small_model, usage) or 0 for usage in billed) > 0
    assert sum_of(bought) * 2 == sum(
        price_list("anthropic", {})(Settings().small_model, usage) or 0 for usage in billed
    )
    assert OpenBatches(GitRepository(tool), "0 +0000").all() == ()
