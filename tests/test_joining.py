"""What the default branch says of a tool joins its branch by a merge, and nothing is overwritten or written twice."""

from collections.abc import Callable
from dataclasses import replace
from inspect import signature
from pathlib import Path
from subprocess import CalledProcessError
from typing import Any

import pytest

from tests.pipeline_world import NAMES, SPEC, World
from tests.sabotage import sabotaged
from toolbuilder.adapters.git import joining
from toolbuilder.adapters.git.process import AUTHOR, Git
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.build import Built, Workshop
from toolbuilder.errors import NeedsPerson, RepositoryError, ToolbuilderError
from toolbuilder.events import Joined

RunGit = Callable[..., str]
BRANCH = "toolbuilder/dedupe"
SOURCE = "tools/dedupe/src/dedupe/dedupe.py"
CHANGED = SPEC.replace("keeping the first occurrence", "keeping the first of each")


class JoiningWorld(World):
    """A world that is told what the default branch brought."""

    part: Any = joining

    @property
    def workshop(self) -> Workshop:
        joiner = self.part.GitJoiner(Git(self.folder), GitRepository(self.folder), AUTHOR)
        return replace(super().workshop, joiner=joiner)


def commit(git: RunGit, folder: Path, path: str, content: str) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(content)
    git(folder, "add", path)
    git(folder, "commit", "--quiet", "--message", f"Change {path}")


def on_branch(git: RunGit, folder: Path, path: str, old: str, new: str) -> None:
    git(folder, "switch", "--quiet", BRANCH)
    text = (folder / path).read_text()
    assert old in text
    commit(git, folder, path, text.replace(old, new))
    git(folder, "switch", "--quiet", "main")


@pytest.fixture
def built(git_repo: Path, git: RunGit) -> Built:
    """Give a tool that was built from the spec that main holds."""
    commit(git, git_repo, "specs/dedupe.yaml", SPEC)
    return JoiningWorld(git_repo).build()


def joined(world: World) -> list[str]:
    return [event.commit for event in world.told if isinstance(event, Joined)]


def test_a_spec_that_moved_on_the_default_branch_is_merged_first_and_never_rebased(
    built: Built, git_repo: Path, git: RunGit
) -> None:
    commit(git, git_repo, "specs/dedupe.yaml", CHANGED)
    commit(git, git_repo, "other.txt", "other\n")
    world = JoiningWorld(git_repo)
    again = world.build(CHANGED)
    [merge] = joined(world)
    assert git(git_repo, "rev-parse", f"{merge}^1", f"{merge}^2").split() == [
        built.tip,
        git(git_repo, "rev-parse", "main"),
    ]
    assert git(git_repo, "log", "-1", "--format=%an %s", merge) == "toolbuilder dedupe: merge the default branch"
    assert git(git_repo, "rev-parse", f"{again.tip}~{len(NAMES)}") == merge
    assert git(git_repo, "show", f"{BRANCH}:other.txt") == "other"
    assert git(git_repo, "status", "--porcelain") == ""
    git(git_repo, "fsck", "--strict", "--no-dangling")
    settled = JoiningWorld(git_repo)
    assert (settled.build(CHANGED).landed, joined(settled)) == ({}, [])


def test_a_default_branch_without_news_of_the_tool_is_left_alone(built: Built, git_repo: Path, git: RunGit) -> None:
    commit(git, git_repo, "other.txt", "other\n")
    world = JoiningWorld(git_repo)
    assert (world.build().tip, joined(world)) == (built.tip, [])


def test_the_same_news_make_the_same_merge_on_every_machine(
    built: Built, git_repo: Path, git: RunGit, tmp_path: Path
) -> None:
    commit(git, git_repo, "specs/dedupe.yaml", CHANGED)
    git(tmp_path, "clone", "--quiet", "--mirror", str(git_repo), "elsewhere")
    git(tmp_path / "elsewhere", "config", "merge.conflictStyle", "zdiff3")
    assert (
        JoiningWorld(git_repo).build(CHANGED).tip
        == JoiningWorld(tmp_path / "elsewhere").build(CHANGED).tip
        != built.tip
    )


def test_a_conflict_with_the_default_branch_names_the_files_and_overwrites_nothing(
    built: Built, git_repo: Path, git: RunGit
) -> None:
    commit(git, git_repo, SOURCE, "mine\n")
    with pytest.raises(NeedsPerson, match=rf"{SOURCE} is in conflict(.|\n)*git switch {BRANCH} && git merge"):
        JoiningWorld(git_repo).build()
    assert git(git_repo, "rev-parse", BRANCH) == built.tip
    git(git_repo, "switch", "--quiet", BRANCH)
    git(git_repo, "merge", "--quiet", "--strategy-option=ours", "--message", "Settle it", "main")
    git(git_repo, "switch", "--quiet", "main")
    assert JoiningWorld(git_repo).build().landed == {}


def test_a_spec_changed_there_and_on_the_branch_in_one_place_needs_a_person(
    built: Built, git_repo: Path, git: RunGit
) -> None:
    on_branch(git, git_repo, "specs/dedupe.yaml", "keeping the first", "keeping only the first")
    commit(git, git_repo, "specs/dedupe.yaml", SPEC.replace("keeping the first", "keeping the last"))
    tip = git(git_repo, "rev-parse", BRANCH)
    with pytest.raises(NeedsPerson, match=r"specs/dedupe\.yaml was changed here and on branch"):
        JoiningWorld(git_repo).build(SPEC.replace("keeping the first", "keeping the last"))
    assert git(git_repo, "rev-parse", BRANCH) == tip != built.tip


def test_a_spec_corrected_on_the_branch_stays_corrected_in_the_merge(built: Built, git_repo: Path, git: RunGit) -> None:
    on_branch(git, git_repo, "specs/dedupe.yaml", "keeping the first", "keeping only the first")
    news = f"{SPEC}budget: {{usd: 2}}\n"
    commit(git, git_repo, "specs/dedupe.yaml", news)
    world = JoiningWorld(git_repo)
    assert world.build(news).tip != built.tip
    assert len(joined(world)) == 1
    assert (
        git(git_repo, "show", f"{BRANCH}:specs/dedupe.yaml") == news.replace("the first", "only the first", 1).strip()
    )


def test_a_spec_that_was_built_before_it_was_committed_makes_no_conflict(
    built: Built, git_repo: Path, git: RunGit
) -> None:
    JoiningWorld(git_repo).build(CHANGED)
    once_more = CHANGED.replace("the first of each", "the first one of each")
    commit(git, git_repo, "specs/dedupe.yaml", once_more)
    world = JoiningWorld(git_repo)
    assert world.build(once_more).tip != built.tip
    assert git(git_repo, "show", f"{BRANCH}:specs/dedupe.yaml") == once_more.strip()


def test_a_spec_committed_as_it_was_built_is_no_news(built: Built, git_repo: Path, git: RunGit) -> None:
    tip = JoiningWorld(git_repo).build(CHANGED).tip
    commit(git, git_repo, "specs/dedupe.yaml", CHANGED)
    world = JoiningWorld(git_repo)
    assert (world.build(CHANGED).tip, joined(world)) == (tip, [])
    assert tip != built.tip


def test_a_merged_branch_is_moved_forward_to_the_news(built: Built, git_repo: Path, git: RunGit) -> None:
    git(git_repo, "merge", "--quiet", "--no-ff", "--message", "Merge the tool", BRANCH)
    assert JoiningWorld(git_repo).build().tip == built.tip
    commit(git, git_repo, "specs/dedupe.yaml", CHANGED)
    head = git(git_repo, "rev-parse", "main")
    world = JoiningWorld(git_repo)
    again = world.build(CHANGED)
    assert joined(world) == [head]
    assert git(git_repo, "rev-parse", f"{again.tip}~{len(NAMES)}") == head


def squash(git: RunGit, folder: Path) -> None:
    git(folder, "merge", "--quiet", "--squash", BRANCH)
    git(folder, "commit", "--quiet", "--message", "The tool, squashed")


@pytest.mark.parametrize("later", ["", "THREE = 33"])
def test_after_a_squash_merge_an_edit_on_the_default_branch_is_no_conflict(
    later: str,
    built: Built,
    git_repo: Path,
    git: RunGit,
) -> None:
    squash(git, git_repo)
    assert JoiningWorld(git_repo).build().tip == built.tip
    if later:
        on_branch(git, git_repo, SOURCE, "THREE = 3", later)
    text = (git_repo / SOURCE).read_text()
    commit(git, git_repo, SOURCE, text.replace("ONE = 1", "ONE = 11"))
    commit(git, git_repo, "specs/dedupe.yaml", CHANGED)
    JoiningWorld(git_repo).build(CHANGED)
    source = git(git_repo, "show", f"{BRANCH}:{SOURCE}")
    assert "ONE = 11" in source
    assert later in source
    git(git_repo, "merge-base", "--is-ancestor", "main", BRANCH)
    git(git_repo, "merge-base", "--is-ancestor", built.tip, BRANCH)


def test_a_correction_on_the_default_branch_after_a_merge_is_built_from(
    built: Built, git_repo: Path, git: RunGit
) -> None:
    squash(git, git_repo)
    path = "tools/dedupe/.toolbuilder/architecture.yaml"
    text = (git_repo / path).read_text()
    commit(git, git_repo, path, text.replace("remove_duplicate_lines", "drop_repeats"))
    assert set(JoiningWorld(git_repo).build().landed) == {"generation"}
    assert "drop_repeats" in git(git_repo, "show", f"{BRANCH}:{SOURCE}")
    assert built.complete


def test_a_spec_that_is_gone_from_the_default_branch_is_built_as_given(
    built: Built, git_repo: Path, git: RunGit
) -> None:
    git(git_repo, "rm", "--quiet", "specs/dedupe.yaml")
    git(git_repo, "commit", "--quiet", "--message", "Take it away")
    world = JoiningWorld(git_repo)
    assert (world.build().tip, joined(world)) == (built.tip, [])


def test_a_git_that_is_too_old_is_told_which_one_is_needed(
    built: Built, git_repo: Path, git: RunGit, git_in_front: Callable[[str], None]
) -> None:
    commit(git, git_repo, "specs/dedupe.yaml", CHANGED)
    git_in_front('case "$*" in *merge-tree*) echo "usage: git merge-tree <base>" >&2; exit 129;; esac')
    with pytest.raises(RepositoryError, match=r"git version \S+ cannot merge .* install git 2\.38 or newer"):
        JoiningWorld(git_repo).build(CHANGED)
    assert git(git_repo, "rev-parse", BRANCH) == built.tip


GUARDED = [
    (test_a_default_branch_without_news_of_the_tool_is_left_alone, "if base == theirs:\n            return False", "if base == theirs:\n            return False\n        return True"),
    (test_a_spec_committed_as_it_was_built_is_no_news, "new not in {old, mine}", "new != old"),
    (test_a_correction_on_the_default_branch_after_a_merge_is_built_from, "(one, path) for path in paths]", "(one, path) for path in paths[:1]]"),
    (test_a_correction_on_the_default_branch_after_a_merge_is_built_from, "if squashed := self._squashed(ours, theirs, folder):", "if squashed := ():"),
    (test_a_spec_that_was_built_before_it_was_committed_makes_no_conflict, "        if agreed:", "        if False:"),
    (test_a_merged_branch_is_moved_forward_to_the_news, "if is_ancestor(self.git, ours, theirs):", "if False:"),
    (test_a_spec_that_moved_on_the_default_branch_is_merged_first_and_never_rebased, "Commit((ours, theirs), message, {}, date=date)", "Commit((theirs,), message, {}, date=date)"),
    (test_a_conflict_with_the_default_branch_names_the_files_and_overwrites_nothing, "result.exit_code == _CONFLICTS", "result.exit_code == 7"),
    (test_the_same_news_make_the_same_merge_on_every_machine, "date=date)", "date=f'{id(self)} +0000')"),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("protection", GUARDED)
def test_a_sabotaged_join_is_caught(
    protection: tuple[Callable[..., None], str, str], request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    check, text, instead = protection
    monkeypatch.setattr(JoiningWorld, "part", sabotaged(joining, text, instead))
    with pytest.raises((AssertionError, ToolbuilderError, CalledProcessError)):
        check(**{name: request.getfixturevalue(name) for name in signature(check).parameters})
