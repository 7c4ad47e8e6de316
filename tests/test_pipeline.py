import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.pipeline_world import NAMES, SPEC, STAGES, World
from toolbuilder.artifacts import Generation
from toolbuilder.errors import FileIsWrong, NeedsPerson, RepositoryError
from toolbuilder.events import Raced, StageKept
from toolbuilder.ports import Commit
from toolbuilder.stage import Context, Produced

Git = Callable[..., str]
BRANCH = "toolbuilder/dedupe"
RECORD = "tools/dedupe/.toolbuilder"


def subjects(git: Git, folder: Path) -> list[str]:
    return git(folder, "log", "--format=%s", f"main..{BRANCH}").splitlines()


def edit_on_branch(git: Git, folder: Path, path: str, old: str, new: str) -> None:
    """Correct a file on the tool's branch, as a person does."""
    git(folder, "switch", "--quiet", BRANCH)
    text = (folder / path).read_text()
    assert old in text
    (folder / path).write_text(text.replace(old, new))
    git(folder, "commit", "--quiet", "--all", "--message", "Correct by hand")
    git(folder, "switch", "--quiet", "main")


def test_every_stage_becomes_one_commit(git_repo: Path, git: Git) -> None:
    built = World(git_repo).build()
    assert subjects(git, git_repo) == [f"dedupe: {name}" for name in reversed(NAMES)]
    assert built.complete
    assert built.tip == git(git_repo, "rev-parse", BRANCH)


def test_head_index_and_work_tree_are_not_touched(git_repo: Path, git: Git) -> None:
    (git_repo / "README.md").write_text("staged\n")
    git(git_repo, "add", "README.md")
    (git_repo / "README.md").write_text("not staged\n")
    before = git(git_repo, "status", "--porcelain=v2", "--branch"), (git_repo / ".git/index").read_bytes()
    World(git_repo).build()
    assert before == (git(git_repo, "status", "--porcelain=v2", "--branch"), (git_repo / ".git/index").read_bytes())
    git(git_repo, "fsck", "--strict", "--no-dangling")


def test_trailers_tell_stage_key_and_cost(git_repo: Path, git: Git) -> None:
    World(git_repo).build()
    trailers = git(git_repo, "log", "-1", "--format=%(trailers:only)", BRANCH).splitlines()
    names = [line.partition(":")[0].removeprefix("Toolbuilder-") for line in trailers]
    assert names == ["Tool", "Stage", "Key", "Output", "Attempt", "Engine", "Model", "Tokens", "Cost-USD"]
    assert "Toolbuilder-Stage: generation" in trailers


def test_the_same_inputs_give_the_same_commits(git_repo: Path, git: Git, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", str(git_repo), "elsewhere")
    assert World(git_repo).build().tip == World(tmp_path / "elsewhere").build().tip


def test_a_second_build_asks_nothing_and_commits_nothing(git_repo: Path) -> None:
    first = World(git_repo).build()
    again = World(git_repo)
    second = again.build()
    assert (second.tip, second.landed, again.asked) == (first.tip, {}, [])
    assert again.told == [StageKept("dedupe", name, "") for name in NAMES]


def test_until_stops_and_the_next_build_goes_on(git_repo: Path, git: Git) -> None:
    assert not World(git_repo).build(until="requirements").complete
    assert subjects(git, git_repo) == ["dedupe: requirements"]
    assert set(World(git_repo).build().landed) == {"architecture", "generation"}


def test_an_edited_architecture_is_adopted_and_later_stages_see_it(git_repo: Path, git: Git) -> None:
    World(git_repo).build()
    edit_on_branch(git, git_repo, f"{RECORD}/architecture.yaml", "remove_duplicate_lines", "drop_repeats")
    world = World(git_repo)
    built = world.build()
    assert set(built.landed) == {"generation"}
    assert "drop_repeats" in git(git_repo, "show", f"{BRANCH}:tools/dedupe/src/dedupe/dedupe.py")
    assert StageKept("dedupe", "architecture", "adopted, with an edit") in world.told
    assert World(git_repo).build().landed == {}


def test_a_comment_in_an_artifact_makes_nothing_stale(git_repo: Path, git: Git) -> None:
    World(git_repo).build()
    edit_on_branch(git, git_repo, f"{RECORD}/architecture.yaml", "modules:", "# checked by hand\nmodules:")
    assert World(git_repo).build().landed == {}


def test_an_edit_that_is_not_valid_is_refused_with_its_place(git_repo: Path, git: Git) -> None:
    World(git_repo).build()
    edit_on_branch(git, git_repo, f"{RECORD}/architecture.yaml", "command_line: argparse", "command_line: argpars")
    with pytest.raises(FileIsWrong, match=r"architecture\.yaml:\d+:\d+: .*argparse"):
        World(git_repo).build()


def test_an_edit_that_does_not_pass_the_gate_is_refused(git_repo: Path, git: Git) -> None:
    World(git_repo).build()
    edit_on_branch(git, git_repo, "tools/dedupe/src/dedupe/dedupe.py", "ONE = 1", "ONE = 1  # TODO")
    with pytest.raises(FileIsWrong, match="says TODO"):
        World(git_repo).build()


def test_a_changed_spec_makes_stages_stale(git_repo: Path) -> None:
    World(git_repo).build()
    changed = SPEC.replace("keeping the first occurrence", "keeping the first of each")
    assert set(World(git_repo).build(changed).landed) == set(NAMES)


def test_a_changed_budget_makes_nothing_stale(git_repo: Path) -> None:
    World(git_repo).build()
    assert World(git_repo).build(f"{SPEC}budget: {{usd: 2}}\n").landed == {}


def test_a_changed_template_is_outdated_and_rebuilt_only_on_request(git_repo: Path) -> None:
    World(git_repo).build()
    newer = World(git_repo, template="template-2")
    assert newer.build().landed == {}
    assert newer.told[-1] == StageKept("dedupe", "generation", "outdated: template changed")
    assert set(World(git_repo, template="template-2").build(upgrade=True).landed) == {"generation"}
    settled = World(git_repo, template="template-2")
    settled.build()
    assert settled.told[-1] == StageKept("dedupe", "generation", "")


def test_from_runs_a_stage_again_and_the_same_result_makes_no_commit(git_repo: Path) -> None:
    tip = World(git_repo).build().tip
    again = World(git_repo)
    built = again.build(again="architecture")
    assert built.tip == tip
    assert built.landed == {"architecture": tip, "generation": tip}
    assert again.asked == []


def regenerated(old: str, new: str) -> tuple[object, ...]:
    """Give the stages with a generation that writes something else in one place."""
    run = STAGES[2].run

    async def changed(context: Context) -> Produced[Generation]:
        produced = await run(context)
        files = {path: content.replace(old.encode(), new.encode()) for path, content in produced.files.items()}
        return replace(produced, files=files)

    return (*STAGES[:2], replace(STAGES[2], run=changed, revision=2))


def test_a_persons_edit_survives_regeneration(git_repo: Path, git: Git) -> None:
    World(git_repo).build()
    edit_on_branch(git, git_repo, "tools/dedupe/src/dedupe/dedupe.py", "ONE = 1", "ONE = 11")
    World(git_repo, stages=regenerated("NAME = ", "TITLE = ")).build(upgrade=True)
    source = git(git_repo, "show", f"{BRANCH}:tools/dedupe/src/dedupe/dedupe.py")
    assert "ONE = 11" in source
    assert "TITLE = " in source


def test_an_edit_keeps_its_base_over_two_regenerations(git_repo: Path, git: Git) -> None:
    World(git_repo).build()
    edit_on_branch(git, git_repo, "tools/dedupe/src/dedupe/dedupe.py", "ONE = 1", "ONE = 11")
    World(git_repo, stages=regenerated("NAME = ", "TITLE = ")).build(upgrade=True)
    World(git_repo, stages=regenerated("NAME = ", "TITLE = ")).build(again="generation")
    World(git_repo).build(again="generation")
    source = git(git_repo, "show", f"{BRANCH}:tools/dedupe/src/dedupe/dedupe.py")
    assert "ONE = 11" in source
    assert "NAME = " in source


def test_a_conflicting_edit_stops_the_build_and_nothing_is_overwritten(git_repo: Path, git: Git) -> None:
    World(git_repo).build()
    edit_on_branch(git, git_repo, "tools/dedupe/src/dedupe/dedupe.py", "ONE = 1", "ONE = 11")
    tip = git(git_repo, "rev-parse", BRANCH)
    with pytest.raises(NeedsPerson, match=r"src/dedupe/dedupe\.py was edited"):
        World(git_repo, stages=regenerated("ONE = 1", "ONE = 2")).build(upgrade=True)
    assert git(git_repo, "rev-parse", BRANCH) == tip


def test_a_file_somebody_put_there_before_is_not_overwritten(git_repo: Path, git: Git) -> None:
    path = git_repo / "tools/dedupe/src/dedupe/dedupe.py"
    path.parent.mkdir(parents=True)
    path.write_text("mine\n")
    git(git_repo, "add", "--all")
    git(git_repo, "commit", "--quiet", "--message", "My own tool")
    with pytest.raises(NeedsPerson, match="nothing was overwritten"):
        World(git_repo).build()
    assert git(git_repo, "show", f"{BRANCH}:tools/dedupe/src/dedupe/dedupe.py") == "mine"


def test_the_spec_as_corrected_on_the_branch_is_in_force(git_repo: Path, git: Git) -> None:
    World(git_repo).build()
    edit_on_branch(git, git_repo, "specs/dedupe.yaml", "keeping the first", "keeping only the first")
    built = World(git_repo).build()
    assert "requirements" in built.landed
    assert "keeping only the first" in git(git_repo, "show", f"{BRANCH}:{RECORD}/requirements.yaml")


def test_a_spec_changed_here_and_on_the_branch_in_one_place_needs_a_person(git_repo: Path, git: Git) -> None:
    World(git_repo).build()
    edit_on_branch(git, git_repo, "specs/dedupe.yaml", "keeping the first", "keeping only the first")
    with pytest.raises(NeedsPerson, match="changed here and on branch"):
        World(git_repo).build(SPEC.replace("keeping the first", "keeping the last"))


def test_a_record_that_is_missing_is_an_error_not_a_guess(git_repo: Path, git: Git) -> None:
    World(git_repo).build()
    git(git_repo, "switch", "--quiet", BRANCH)
    git(git_repo, "rm", "--quiet", f"{RECORD}/architecture.yaml")
    git(git_repo, "commit", "--quiet", "--message", "Lose a file")
    git(git_repo, "switch", "--quiet", "main")
    with pytest.raises(RepositoryError, match=r"architecture\.yaml is missing.*--from architecture"):
        World(git_repo).build()
    assert World(git_repo).build(again="architecture").complete


def test_a_branch_that_is_deleted_leaves_its_commits_in_the_log(git_repo: Path, git: Git) -> None:
    tip = World(git_repo).build().tip
    git(git_repo, "branch", "--quiet", "-D", BRANCH)
    git(git_repo, "commit", "--quiet", "--allow-empty", "--message", "Go on")
    other = World(git_repo).build().tip
    for kept in (tip, other):
        git(git_repo, "merge-base", "--is-ancestor", kept, "refs/toolbuilder/log/dedupe")


def test_a_repository_without_a_commit_is_told_what_to_type(tmp_path: Path, git: Git) -> None:
    git(tmp_path, "init", "--quiet")
    with pytest.raises(RepositoryError, match="git commit --allow-empty"):
        World(tmp_path).build()


class Rival:
    """A repository whose branch is moved by somebody else just before the first swap."""

    def __init__(self, inner: object):
        self._inner = inner
        self._moved = False

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)

    def swap(self, ref: str, new: str, old: str | None) -> None:
        if ref.startswith("refs/heads/") and not self._moved:
            self._moved = True
            head = old or self._inner.resolve("HEAD")  # type: ignore[attr-defined]
            other = self._inner.write(Commit((head,), "Another commit\n", {"notes.txt": b"mine\n"}))  # type: ignore[attr-defined]
            self._inner.swap(ref, other, old)  # type: ignore[attr-defined]
        self._inner.swap(ref, new, old)  # type: ignore[attr-defined]


def test_a_lost_race_is_read_again_and_asks_nothing_twice(git_repo: Path, git: Git) -> None:
    world = World(git_repo, wrap=Rival)
    world.build()
    assert len(world.asked) == len(set(world.asked))
    assert world.told.count(Raced("dedupe", "requirements")) == 1
    assert subjects(git, git_repo)[-1] == "Another commit"
    assert git(git_repo, "show", f"{BRANCH}:notes.txt") == "mine"


def test_two_builds_at_once_end_on_one_branch(git_repo: Path, git: Git) -> None:
    async def both() -> None:
        await asyncio.gather(*(asyncio.to_thread(World(git_repo).build) for _ in range(2)))

    asyncio.run(both())
    assert subjects(git, git_repo) == [f"dedupe: {name}" for name in reversed(NAMES)]


def test_a_forged_measurement_is_measured_again_and_not_adopted(git_repo: Path, git: Git) -> None:
    measuring = replace(STAGES[2], measures=True)
    World(git_repo, stages=(*STAGES[:2], measuring)).build()
    edit_on_branch(git, git_repo, f"{RECORD}/generation.yaml", "tested: []", "tested: []\nnotes: [All is well.]")
    world = World(git_repo, stages=(*STAGES[:2], measuring))
    assert set(world.build().landed) == {"generation"}
    assert "All is well" not in git(git_repo, "show", f"{BRANCH}:{RECORD}/generation.yaml")
    adopting = World(git_repo)
    assert adopting.build().landed == {}


def test_a_manifest_that_is_broken_names_the_way_out(git_repo: Path, git: Git) -> None:
    World(git_repo).build()
    edit_on_branch(git, git_repo, f"{RECORD}/manifest.yaml", '"tool": "dedupe"', '"tool": [')
    with pytest.raises(FileIsWrong, match=r"manifest\.yaml.*\n.*git log -- tools/dedupe"):
        World(git_repo).build()
