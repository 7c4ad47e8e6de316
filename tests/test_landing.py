"""Landing: what code alone writes is written again, whatever became of it on the branch; all else is merged."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.pipeline_world import STAGES, World
from toolbuilder.artifacts import Generation
from toolbuilder.history import AnyStage
from toolbuilder.scaffold.example_tests import TEST_PATH
from toolbuilder.stage import Context, Produced
from toolbuilder.stages.generation import GENERATION

Git = Callable[..., str]
BRANCH = "toolbuilder/dedupe"
WRITTEN = "def test_example() -> None: ...\n"


def stages(by_code: frozenset[str] = GENERATION.by_code, more: str = "") -> tuple[AnyStage, ...]:
    """Give the stages of the small world, the last of which writes the test of the examples too."""

    async def run(context: Context) -> Produced[Generation]:
        produced = await STAGES[2].run(context)
        files = {**produced.files, TEST_PATH: f"{WRITTEN}{more}".encode()}
        return replace(produced, files=files)

    return (*STAGES[:2], replace(STAGES[2], run=run, by_code=by_code))


def on_the_branch(git: Git, folder: Path, path: str, text: str | None) -> None:
    """Write or delete a file on the tool's branch, as a person does."""
    git(folder, "switch", "--quiet", BRANCH)
    file = folder / "tools/dedupe" / path
    file.unlink() if text is None else file.write_text(text)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "By hand")
    git(folder, "switch", "--quiet", "main")


def stands(git: Git, folder: Path, path: str) -> str:
    return git(folder, "show", f"{BRANCH}:tools/dedupe/{path}")


@pytest.mark.parametrize("text", ["def test_example() -> None:\n    return\n", None], ids=["weakened", "deleted"])
@pytest.mark.parametrize("more", ["", "# written anew\n"], ids=["the same again", "something new"])
def test_what_code_alone_writes_is_restored_when_its_stage_runs_again(
    git_repo: Path, git: Git, text: str | None, more: str
) -> None:
    World(git_repo, stages=stages()).build()
    on_the_branch(git, git_repo, TEST_PATH, text)
    on_the_branch(git, git_repo, "tests/test_more.py", "def test_more() -> None: ...\n")
    World(git_repo, stages=stages(more=more)).build(again="generation")
    assert stands(git, git_repo, TEST_PATH) == f"{WRITTEN}{more}".strip()
    assert "test_more" in stands(git, git_repo, "tests/test_more.py")


def test_a_stage_that_names_no_such_file_would_keep_what_became_of_it(git_repo: Path, git: Git) -> None:
    World(git_repo, stages=stages(frozenset())).build()
    on_the_branch(git, git_repo, TEST_PATH, "weaker = True\n")
    World(git_repo, stages=stages(frozenset())).build(again="generation")
    assert stands(git, git_repo, TEST_PATH) == "weaker = True"
