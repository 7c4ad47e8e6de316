from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pipeline_world import World
from toolbuilder.errors import FileIsWrong
from toolbuilder.feedback import able_to_heed
from toolbuilder.ports import Answer, Question

Git = Callable[..., str]
BRANCH = "toolbuilder/dedupe"
FEEDBACK = "tools/dedupe/.toolbuilder/feedback.yaml"


class Hearing(World):
    """A world that keeps whole questions."""

    def __post_init__(self) -> None:
        self.questions: list[Question] = []

    async def ask(self, question: Question) -> Answer:
        self.questions.append(question)
        return await super().ask(question)


def hearing(folder: Path) -> Hearing:
    world = Hearing(folder)
    world.__post_init__()
    return world


def said(world: Hearing) -> dict[str, str]:
    return {question.microtask: question.feedback for question in world.questions}


def test_feedback_is_an_artifact_on_the_branch_before_the_stage_runs_again(git_repo: Path, git: Git) -> None:
    World(git_repo).build()
    World(git_repo).build(again="architecture", feedback="One module is enough.\n")
    assert "One module is enough." in git(git_repo, "show", f"{BRANCH}:{FEEDBACK}")
    subjects = git(git_repo, "log", "--format=%s", f"main..{BRANCH}").splitlines()
    assert subjects.index("dedupe: feedback") == len(subjects) - 4


def test_every_question_of_the_stage_is_told_and_no_other(git_repo: Path) -> None:
    World(git_repo).build()
    world = hearing(git_repo)
    world.build(again="architecture", feedback="One module is enough.")
    told = said(world)
    assert set(told) == {"design_modules", "define_interfaces", "design_errors"}
    assert all("One module is enough." in text for text in told.values())


def test_the_same_feedback_again_is_not_written_and_not_asked_twice(git_repo: Path, git: Git) -> None:
    World(git_repo).build()
    first = World(git_repo).build(again="architecture", feedback="One module is enough.")
    world = hearing(git_repo)
    assert world.build(again="architecture", feedback="One module is enough.").tip == first.tip
    assert world.questions == []
    assert git(git_repo, "show", f"{BRANCH}:{FEEDBACK}").count("enough") == 1


def test_a_build_that_died_after_hearing_goes_on_with_it(git_repo: Path) -> None:
    World(git_repo).build()
    deaf = World(git_repo)
    deaf.engine = None
    with pytest.raises(AttributeError):
        deaf.build(again="architecture", feedback="One module is enough.")
    world = hearing(git_repo)
    world.build()
    assert "One module is enough." in said(world)["design_modules"]


def test_feedback_that_a_person_takes_back_makes_the_stage_due_once_more(git_repo: Path, git: Git) -> None:
    World(git_repo).build()
    World(git_repo).build(again="architecture", feedback="One module is enough.")
    git(git_repo, "switch", "--quiet", BRANCH)
    git(git_repo, "rm", "--quiet", FEEDBACK)
    git(git_repo, "commit", "--quiet", "--message", "Take it back")
    git(git_repo, "switch", "--quiet", "main")
    world = hearing(git_repo)
    assert "architecture" in world.build().landed
    assert world.questions == []  # what was answered without it is in the journal


def test_an_embedded_engine_is_left_out_where_a_model_can_heed() -> None:
    assert able_to_heed(("offline", "small", "large")) == ("small", "large")
    assert able_to_heed(("offline",)) == ("offline",)


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"feedback": "Shorter."}, "--feedback: say which stage it is for"),
        ({"feedback": "a\x00b", "again": "architecture"}, "--feedback: "),
        ({"feedback": "x" * 2_001, "again": "architecture"}, "--feedback: "),
    ],
)
def test_feedback_that_cannot_be_kept_is_refused_before_anything_runs(
    git_repo: Path, how: dict[str, str], message: str
) -> None:
    world = World(git_repo)
    with pytest.raises(FileIsWrong, match=message):
        world.build(**how)
    assert world.asked == []


def test_text_of_any_language_is_read_back_as_it_was_written(git_repo: Path) -> None:
    World(git_repo).build()
    text = "first\r\n\u2028 ünï\n\n: - 'x' {y} #z"
    world = hearing(git_repo)
    world.build(again="architecture", feedback=text)
    assert "ünï\n\n: - 'x' {y} #z" in said(world)["design_modules"]
