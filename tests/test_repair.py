"""A model that makes mistakes, diagnosed and repaired: everything is real but the model."""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from tests.pipeline_world import SPEC
from tests.workshop import SANDBOX
from toolbuilder import pipeline
from toolbuilder.adapters.offline.backend import OfflineBackend
from toolbuilder.bootstrap import workshop
from toolbuilder.build import Built, Order
from toolbuilder.errors import NeedsPerson
from toolbuilder.ports import Answer, Command, Question, Ran, Sandbox
from toolbuilder.spec.file import parse_spec

Git = Callable[..., str]
RIGHT = '''"""Removes duplicate lines."""


def remove_duplicate_lines(text: str) -> str:
    """Give each line once, in the order in which they first appear."""
    lines = text.removesuffix("\\n").split("\\n") if text else []
    return "".join(f"{line}\\n" for line in dict.fromkeys(lines))
'''
SORTED = RIGHT.replace("dict.fromkeys(lines)", "sorted(set(lines))")
UNCHANGED = RIGHT.replace("dict.fromkeys(lines)", "lines")
UNTYPED = RIGHT.replace("text: str", "text")
KEEP_ORDER = {"cause": "generation", "evidence": "E1", "advice": "Keep the order of the input.", "retry": True}
HOPELESS = {"cause": "spec", "evidence": "E1", "advice": "E1 contradicts E2; change one of them.", "retry": False}


@dataclass
class Author:
    """An engine that writes modules as scripted, diagnoses and repairs as scripted, and is the embedded one else."""

    written: str
    diagnosis: dict[str, object] = field(default_factory=lambda: KEEP_ORDER)
    repaired: Sequence[str] = ()
    asked: list[Question] = field(default_factory=list)

    async def ask(self, question: Question) -> Answer:
        self.asked.append(question)
        script = {
            "write_module": {"source": self.written, "notes": []},
            "write_tests": {"source": "", "tested": [{"id": "R1", "tests": ["tests/test_examples.py::test_example"]}]},
            "diagnose": self.diagnosis,
            "repair_module": {"source": self._repair()},
        }
        if question.microtask in script:
            return Answer(json.dumps(script[question.microtask]), "scripted", "scripted-1", cost_usd=0.01)
        return await OfflineBackend().ask(question)

    def of(self, microtask: str) -> list[Question]:
        return [question for question in self.asked if question.microtask == microtask]

    def _repair(self) -> str:
        count = len(self.of("repair_module"))
        return self.repaired[min(count, len(self.repaired)) - 1] if self.repaired and count else self.written


def build(folder: Path, author: Author, sandbox: Sandbox = SANDBOX) -> Built:
    here = replace(workshop(folder), backend=lambda _: author, sandbox=sandbox)
    order = Order(parse_spec(SPEC.encode(), "specs/dedupe.yaml"), SPEC.encode())
    return asyncio.run(pipeline.build(order, here))


def shown(git: Git, folder: Path, path: str) -> str:
    return git(folder, "show", f"toolbuilder/dedupe:tools/dedupe/{path}")


def test_a_wrong_module_is_diagnosed_repaired_and_lands(git_repo: Path, git: Git) -> None:
    author = Author(SORTED, repaired=[RIGHT])
    built = build(git_repo, author)
    assert built.complete
    assert "dict.fromkeys" in shown(git, git_repo, "src/dedupe/dedupe.py")
    assert "attempts: 2" in shown(git, git_repo, ".toolbuilder/verification.yaml")
    [repair] = author.of("repair_module")
    told = json.loads(repair.input)
    assert told["advice"] == "Keep the order of the input."
    assert any("E1" in finding for finding in told["findings"])
    again = Author(SORTED, repaired=[RIGHT])
    assert build(git_repo, again).landed == {}
    assert again.asked == []


@pytest.mark.slow
def test_a_repair_counts_as_the_stages_own_and_not_as_a_persons_edit(git_repo: Path) -> None:
    built = build(git_repo, Author(SORTED, repaired=[RIGHT]))
    assert not any(done.record.adopted for done in built.done)


def test_tests_and_examples_are_never_the_models_to_change(git_repo: Path, git: Git) -> None:
    build(git_repo, Author(SORTED, repaired=[RIGHT]))
    changed = git(git_repo, "show", "--format=", "--name-only", ":/dedupe: verification").splitlines()
    changed = [path.removeprefix("tools/dedupe/") for path in changed]
    assert sorted(changed) == [".toolbuilder/manifest.yaml", ".toolbuilder/verification.yaml", "src/dedupe/dedupe.py"]


@pytest.mark.slow
def test_a_model_that_ignores_the_advice_is_stopped_when_findings_repeat(git_repo: Path) -> None:
    author = Author(SORTED, repaired=[SORTED])
    with pytest.raises(NeedsPerson, match="the same findings came back") as raised:
        build(git_repo, author)
    assert "tried: Keep the order of the input." in raised.value.findings
    assert len(author.of("repair_module")) == 1


@pytest.mark.slow
def test_a_model_that_oscillates_is_stopped(git_repo: Path) -> None:
    author = Author(SORTED, repaired=[UNCHANGED, SORTED, UNCHANGED])
    with pytest.raises(NeedsPerson, match="the same findings came back"):
        build(git_repo, author)
    assert len(author.of("repair_module")) == 2


class ShortOfMemory:
    """The sandbox, in which the first run of the tests is stopped."""

    @property
    def kind(self) -> str:
        return SANDBOX.kind

    def __init__(self) -> None:
        self.stopped = False

    def run(self, command: Command) -> Ran:
        if "pytest" in command.argv and not self.stopped:
            self.stopped = True
            return Ran(137, b"", b"", stopped="memory")
        return SANDBOX.run(command)


@pytest.mark.slow
def test_what_failed_outside_is_run_again_and_nothing_is_repaired(git_repo: Path, git: Git) -> None:
    passing = {"cause": "transient", "evidence": "stopped", "advice": "Run the tests again.", "retry": True}
    author = Author(RIGHT, diagnosis=passing)
    assert build(git_repo, author, sandbox=ShortOfMemory()).complete
    assert "attempts: 2" in shown(git, git_repo, ".toolbuilder/verification.yaml")
    assert len(author.of("diagnose")) == 1
    assert author.of("repair_module") == []


@pytest.mark.slow
def test_a_spec_that_contradicts_itself_needs_a_person_and_buys_no_repair(git_repo: Path, git: Git) -> None:
    author = Author(SORTED, diagnosis=HOPELESS)
    with pytest.raises(NeedsPerson, match="cause: spec") as raised:
        build(git_repo, author)
    assert raised.value.advice == "E1 contradicts E2; change one of them."
    assert author.of("repair_module") == []
    assert git(git_repo, "log", "-1", "--format=%s", "toolbuilder/dedupe") == "dedupe: generation"


def test_an_answer_that_breaks_its_contract_is_asked_for_again_with_the_findings(git_repo: Path, git: Git) -> None:
    author = Author(UNTYPED, diagnosis={**KEEP_ORDER, "cause": "contract"})

    async def ask(question: Question) -> Answer:
        if question.microtask == "write_module" and question.feedback:
            author.written = RIGHT
        return await Author.ask(author, question)

    here = replace(workshop(git_repo), backend=lambda _: type("Told", (), {"ask": staticmethod(ask)})())
    order = Order(parse_spec(SPEC.encode(), "specs/dedupe.yaml"), SPEC.encode(), until="generation")
    asyncio.run(pipeline.build(order, here))
    assert "text: str" in shown(git, git_repo, "src/dedupe/dedupe.py")
    first, second = author.of("write_module")
    assert "does not define `def remove_duplicate_lines(text: str) -> str`" in second.feedback
    assert first.key != second.key
