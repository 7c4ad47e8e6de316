"""The wiring of batches: the real command, over a real socket, with a provider that takes batches."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from tests.batched_provider import BatchedProvider
from tests.paid_provider import KEY, MICROTASKS
from tests.pipeline_world import DATE, SPEC
from tests.served import served
from tests.test_batched_pipeline import open_batches, sizes
from toolbuilder.adapters.batches.record import REF
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.bootstrap import engines, workshop
from toolbuilder.brief import brief_of, obligations
from toolbuilder.budget import Ledger
from toolbuilder.cli import run_app
from toolbuilder.engines import Engines
from toolbuilder.errors import FileIsWrong
from toolbuilder.journal import Journal
from toolbuilder.microtask import Runner
from toolbuilder.ports import Answer, Question
from toolbuilder.schema import canonical_json
from toolbuilder.spec import Spec
from toolbuilder.spec.file import parse_spec
from toolbuilder.spending import bought_by
from toolbuilder.stages.requirements import IDENTIFY_PROBLEM, Wanted

Git = Callable[..., str]
NAMES = ("dedupe-a", "dedupe-b", "dedupe-c")
BUILD = ["run", "--engine", "anthropic", "--until", "requirements", "--json"]


@pytest.fixture
def provider(tmp_path: Path, git_repo: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[BatchedProvider]:
    """Serve a provider on this machine, and stand in a repository with three specs and a key."""
    folder = tmp_path / "provider"
    folder.mkdir()
    shop = BatchedProvider(folder=folder, polls=1)

    (git_repo / "specs").mkdir()
    for name in NAMES:
        (git_repo / f"specs/{name}.yaml").write_text(SPEC.replace("name: dedupe", f"name: {name}"))
    monkeypatch.chdir(git_repo)
    monkeypatch.setenv("TOOLBUILDER_API_KEY", KEY)
    with served(shop) as address:
        shop.url = f"{address}/v1/messages/batches"
        monkeypatch.setenv("TOOLBUILDER_BASE_URL", address)
        yield shop


def test_run_with_batch_asks_for_all_tools_at_once_and_fetches_what_another_run_has_left(
    provider: BatchedProvider, git_repo: Path, git: Git
) -> None:
    assert run_app([*BUILD, "--batch"]) == 0
    assert sizes(provider) == [3, 6, 3]
    assert len(provider.bodies) == 12
    first, *_ = git(git_repo, "rev-list", "--reverse", REF).split()
    for ref in git(
        git_repo, "for-each-ref", "--format=%(refname)", "refs/heads/toolbuilder", "refs/toolbuilder"
    ).split():
        git(git_repo, "update-ref", "-d", ref)
    git(git_repo, "update-ref", REF, first)
    provider.bodies.clear()
    bills = provider.charged
    assert run_app(BUILD) == 0
    assert len(provider.bodies) == 9
    names = [MICROTASKS[body["system"][1]["text"].strip()].name for body in provider.bodies]
    assert "identify_problem" not in names
    assert open_batches(git_repo) == 0
    assert provider.charged == bills


def test_an_answer_of_another_tools_journal_is_taken_without_a_call(provider: BatchedProvider, git_repo: Path) -> None:
    question = Question("name_it", "Name it.", "the same brief", "{}", "{}", deadline=5, max_tokens=10, rung="small")
    answer = Answer("{}", "anthropic", "small-1", 100, 20, 0.25)
    repository = GitRepository(git_repo)
    asyncio.run(Journal(repository, "renamed", DATE).record(question.key, "name_it", answer))
    spec = parse_spec(SPEC.encode(), "specs/dedupe.yaml")
    backend = engines(git_repo, "anthropic").backend(spec)
    assert asyncio.run(backend.ask(question)) == replace(answer, cost_usd=0.0)
    assert Journal(repository, "dedupe", DATE).get(question.key) == replace(answer, cost_usd=0.0)
    assert bought_by(repository, ["dedupe", "renamed"]) == ()
    assert provider.bodies == []


@pytest.mark.parametrize("name", ["bedrock", "vertex"])
def test_a_provider_without_batches_is_refused_before_anything_is_asked(
    provider: BatchedProvider, git_repo: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("TOOLBUILDER_PROVIDER", name)
    with pytest.raises(FileIsWrong, match=f"--batch: {name} takes no batches: leave --batch out"):
        workshop(git_repo, engine="auto", batch=True)
    workshop(git_repo, engine="offline", batch=True)
    assert provider.bodies == []


def test_without_a_key_there_is_nothing_to_send(git_repo: Path) -> None:
    assert workshop(git_repo, batch=True).ladder == ("offline",)


@dataclass(frozen=True)
class Counting(Engines):
    """Engines that count the ledgers that they make for builds."""

    ledgers: list[str] = field(default_factory=list)

    def _ledger_of(self, spec: Spec) -> Ledger:
        self.ledgers.append(spec.name)
        return super()._ledger_of(spec)


def test_the_rungs_of_a_build_draw_on_one_ledger(provider: BatchedProvider, git_repo: Path) -> None:
    known = engines(git_repo, "anthropic")
    made = Counting(known.repository, known.start, known.settings, known.wanted)
    spec = parse_spec(SPEC.encode(), "specs/dedupe.yaml")
    backend, brief = made.backend(spec), canonical_json(brief_of(spec))
    for number, rung in enumerate(("small", "large", "small")):
        asking = Runner(backend, brief, (rung,)).ask(
            IDENTIFY_PROBLEM, Wanted(obligations=obligations(spec)), str(number)
        )
        asyncio.run(asking)
    assert len(provider.bodies) == 3
    assert made.ledgers == ["dedupe"]
