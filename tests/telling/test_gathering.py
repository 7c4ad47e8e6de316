from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.bought import PaidEngine
from tests.pipeline_world import SPEC, World
from tests.sabotage import Protection, assert_guarded
from tests.telling.rendered import harms
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.artifacts import Architecture, Generation
from toolbuilder.errors import FileIsWrong
from toolbuilder.ports import LogEntry
from toolbuilder.runs import Stop
from toolbuilder.telling import gathering
from toolbuilder.telling.gathering import gather
from toolbuilder.telling.pull_request import pull_request_text
from toolbuilder.telling.view import Outside

CHANGED = SPEC.replace("keeping the first occurrence", "keeping the last occurrence")


@dataclass(frozen=True)
class Bench:
    """A repository in which a tool was built, and how a person works in it."""

    folder: Path
    world: World
    git: Callable[..., str]

    def commit(self, path: str, content: str) -> None:
        """Commit a file on the tool's branch, as a person does."""
        self.git(self.folder, "checkout", "--quiet", "toolbuilder/dedupe")
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
        self.git(self.folder, "add", path)
        self.git(self.folder, "commit", "--quiet", "--message", "Correct it")
        self.git(self.folder, "checkout", "--quiet", "main")


@pytest.fixture
def bench(git_repo: Path, git: Callable[..., str]) -> Bench:
    world = World(git_repo, engine=PaidEngine())
    world.build()
    return Bench(git_repo, world, git)


def test_a_tool_is_gathered_from_its_branch_and_its_journal(bench: Bench) -> None:
    seen = gather(bench.world.workshop, "dedupe", Outside(stop=Stop(kind="capped", stage="generation")))
    assert seen.tip == bench.git(bench.folder, "rev-parse", "toolbuilder/dedupe")
    assert [type(artifact).__name__ for artifact in seen.artifacts] == ["Requirements", "Architecture", "Generation"]
    assert (seen.due, seen.notes, seen.unreadable) == ("", (), ())
    assert set(seen.commits) == {"requirements", "architecture", "generation"}
    assert [(one.stage, one.spent.name, one.spent.calls) for one in seen.paid] == [
        ("requirements", "synthesis-2", 4),
        ("architecture", "synthesis-2", 3),
    ]
    assert sum(one.spent.usd for one in seen.paid) == pytest.approx(0.07)
    assert seen.paid_before is None
    assert seen.manifest is not None
    assert harms(pull_request_text(seen)[1]) == []


def test_what_is_stale_is_not_shown_as_done(bench: Bench) -> None:
    bench.commit("specs/dedupe.yaml", CHANGED)
    seen = gather(bench.world.workshop, "dedupe")
    assert (seen.artifacts, seen.due, seen.why) == ((), "requirements", "spec changed")
    assert seen.paid == ()
    assert seen.paid_before is not None
    assert seen.paid_before.calls == 7


def test_an_edit_is_told_and_one_that_does_not_pass_too(bench: Bench) -> None:
    path = "tools/dedupe/src/dedupe/dedupe.py"
    written = next(one.path for one in gather(bench.world.workshop, "dedupe").artifacts[2].files)  # type: ignore[union-attr]
    bench.commit(f"tools/dedupe/{written}", "edited = 1\n")
    assert gather(bench.world.workshop, "dedupe").notes == ("generation is adopted, with an edit",)
    bench.commit(f"tools/dedupe/{written}", "TODO = 1\n")
    seen = gather(bench.world.workshop, "dedupe")
    assert path.rpartition("/")[0] in str(seen.unreadable[0])
    assert "says TODO" in pull_request_text(seen)[1]


def test_what_is_outdated_is_told_in_one_line(bench: Bench) -> None:
    bench.world.template = "template-2"
    assert gather(bench.world.workshop, "dedupe").notes == (
        "since generation ran, template changed; `toolbuilder run --upgrade` runs them again",
    )


def test_feedback_is_told(bench: Bench) -> None:
    bench.world.build(again="generation", feedback="Be kinder")
    [wish] = gather(bench.world.workshop, "dedupe").wishes
    assert (wish.stage, wish.text) == ("generation", "Be kinder")


def test_a_merged_tool_is_gathered_from_the_default_branch(bench: Bench) -> None:
    bench.git(bench.folder, "merge", "--quiet", "--squash", "toolbuilder/dedupe")
    bench.git(bench.folder, "commit", "--quiet", "--message", "Add dedupe")
    bench.git(bench.folder, "update-ref", "-d", "refs/heads/toolbuilder/dedupe")
    seen = gather(bench.world.workshop, "dedupe")
    assert seen.of(Architecture)
    assert seen.of(Generation)
    assert seen.commits == {}  # a squash merge has destroyed the trailers


def test_a_tool_that_is_not_there_is_refused(git_repo: Path) -> None:
    with pytest.raises(FileIsWrong, match=r"specs/nothing\.yaml: neither branch toolbuilder/nothing nor HEAD"):
        gather(World(git_repo).workshop, "nothing")


def test_history_may_come_from_elsewhere(bench: Bench) -> None:
    asked: list[str] = []
    repository = GitRepository(bench.folder)

    def history(commit: str) -> Any:
        asked.append(commit)
        return repository.log(commit)

    seen = gather(bench.world.workshop, "dedupe", history=history)
    assert asked == [seen.tip]


def the_newest_commit_of_a_stage_counts(part: Any) -> None:
    entries = [
        LogEntry(number, "", "", "", {"Toolbuilder-Tool": tool, "Toolbuilder-Stage": "generation"})
        for number, tool in (("3", "other"), ("2", "dedupe"), ("1", "dedupe"))
    ]
    assert part._stage_commits("dedupe", entries)["generation"].commit == "2"


GUARDED: list[Protection] = [
    (the_newest_commit_of_a_stage_counts, "for entry in reversed(mine)}", "for entry in mine}"),
    (the_newest_commit_of_a_stage_counts, 'if entry.trailers.get("Toolbuilder-Tool") == tool]', "]"),
]  # fmt: skip


@pytest.mark.parametrize("protection", GUARDED)
def test_commits_are_told_apart(protection: Protection) -> None:
    assert_guarded(gathering, protection)
