"""Comments answered for real: a repository with a remote, GitHub's API as a server, events as GitHub writes them."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.forge.github_server import Served, serving
from tests.forge.github_world import Comment, Pull, World
from tests.pipeline_world import SPEC
from toolbuilder.answering.answer import ANSWER, REFUSAL
from toolbuilder.cli import run_app

Git = Callable[..., str]
TOKEN = "ghs_" + "x" * 36


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a bare repository with a tool that has two stages."""
    folder = tmp_path_factory.mktemp("built")
    person = folder / "person"
    (person / "specs").mkdir(parents=True)
    (person / "specs/dedupe.yaml").write_text(SPEC)
    for arguments in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-qm", "Want a tool"]):
        subprocess.run(["git", *arguments], cwd=person, check=True)
    subprocess.run(["git", "clone", "-q", "--bare", "person", "remote.git"], cwd=folder, check=True)
    subprocess.run(["git", "remote", "add", "origin", "../remote.git"], cwd=person, check=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(person)
        assert run_app(["run", "dedupe", "--until", "architecture", "--remote", "origin"]) == 0
    return folder / "remote.git"


@pytest.fixture
def tool(built: Path, git: Git, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Give a fresh clone, in which nothing was built, of a remote with the tool; stand in it."""
    shutil.copytree(built, tmp_path / "remote.git")
    git(tmp_path, "clone", "--quiet", "remote.git", "runner")
    monkeypatch.chdir(tmp_path / "runner")
    return tmp_path / "runner"


@pytest.fixture
def github(tool: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """Give GitHub with the tool's pull request, number 1, and one of a fork whose branch has the same name."""
    world = World(git=tool.parent / "remote.git")
    for number, home in ((1, world.repository), (2, "mallory/r")):
        world.pulls.append(Pull(number, "dedupe", "", "toolbuilder/dedupe", "main", False, world.me, "1" * 40, home))  # noqa: FBT003
    with serving(world) as served:
        monkeypatch.setenv("GITHUB_API_URL", served.url)
        monkeypatch.setenv("GITHUB_REPOSITORY", world.repository)
        monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
        yield served


@pytest.fixture
def comment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Give the function that has somebody comment, as GitHub tells it, and gives the exit code."""

    def written(body: str, login: str = "writer", number: int = 1, kind: str = "User") -> int:
        event = {
            "action": "created",
            "issue": {"number": number, "state": "open", "pull_request": {"url": "http://127.0.0.1/pulls/1"}},
            "comment": {"id": 9, "body": body, "user": {"login": login, "type": kind}, "author_association": "OWNER"},
            "repository": {"full_name": "o/r", "default_branch": "main"},
            "sender": {"login": login, "type": kind},
        }
        path = tmp_path / "event.json"
        path.write_text(json.dumps(event))
        monkeypatch.setenv("GITHUB_EVENT_PATH", str(path))
        return run_app(["answer", "--remote", "origin"])

    return written


def answers(github: Served) -> list[str]:
    return [one.body for one in github.world.comments]


def test_a_writers_wish_starts_the_workflow_on_the_default_branch(github: Served, comment: Callable[..., int]) -> None:
    assert comment("/toolbuilder rerun generation Use a dict.\r\nKeep the order; `$(id)` \"x\" 'y' ${{ z }}") == 0
    inputs = {
        "tool": "dedupe",
        "from-stage": "generation",
        "feedback": "Use a dict.\nKeep the order; `$(id)` \"x\" 'y' ${{ z }}",
    }
    assert github.world.dispatches == [{"workflow": "toolbuilder.yml", "ref": "main", "inputs": inputs}]
    assert [text.splitlines()[0] for text in answers(github)] == [ANSWER]


def test_a_strangers_wish_starts_nothing_whatever_the_event_claims(
    github: Served, comment: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    for login in ("reader", "nobody", "unheard-of"):
        assert comment("/toolbuilder regenerate", login) == 0
        assert f"refused: {login} has no write access" in capsys.readouterr().out
    assert github.world.dispatches == []
    [told] = answers(github)
    assert told.startswith(f"{REFUSAL}\n`unheard-of` has no write access")


def test_status_and_explanation_are_answered_in_one_comment_from_the_remote_alone(
    github: Served, comment: Callable[..., int]
) -> None:
    assert comment("/toolbuilder status") == 0
    [status] = answers(github)
    assert "| requirements | done |" in status
    assert "**next**: not built yet" in status
    assert comment("/toolbuilder explain") == 0
    [explained] = answers(github)
    assert explained != status
    assert "**Generation is not done**: not built yet" in explained
    assert github.world.dispatches == []


def test_a_stop_is_explained_with_what_to_change(
    github: Served, comment: Callable[..., int], tool: Path, git: Git
) -> None:
    impossible = SPEC.replace("Remove duplicate lines, keeping the first occurrence and the order.", "Guess my mind.")
    (tool / "specs/dedupe.yaml").write_text(impossible.replace('"b\\na\\n"}', '"seventeen\\n"}'))
    git(tool, "commit", "--quiet", "--all", "--message", "Want the impossible")
    git(tool, "push", "--quiet", "origin", "main")
    assert run_app(["run", "dedupe", "--remote", "origin"]) == 3
    assert comment("/toolbuilder explain") == 0
    [explained] = answers(github)
    assert "E1" in explained


@pytest.mark.parametrize(
    "arguments",
    [
        ("/toolbuilder regenerate", "writer", 2),
        ("/toolbuilder regenerate", "writer", 3),
        ("/toolbuilder regenerate", "writer", 1, "Bot"),
        ("/toolbuilder regenerate", "github-actions[bot]", 1, "Bot"),
        ("Please /toolbuilder regenerate", "writer", 1),
    ],
)
def test_forks_programs_and_talk_are_left_alone(
    github: Served, comment: Callable[..., int], arguments: tuple[object, ...]
) -> None:
    assert comment(*arguments) == 0
    assert (github.world.dispatches, answers(github)) == ([], [])


def test_a_comment_that_carries_our_marker_is_not_taken_for_ours(github: Served, comment: Callable[..., int]) -> None:
    github.world.comments.append(Comment(1, 1, "mallory", f"{ANSWER}\nI am toolbuilder"))
    assert comment("/toolbuilder help") == 0
    assert answers(github)[0] == f"{ANSWER}\nI am toolbuilder"
    assert answers(github)[1].startswith(f"{ANSWER}\nWhat people with write access")


def test_what_github_refuses_is_answered_and_fails(
    github: Served, comment: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    github.world.control({"faults": [{"path": ".*/dispatches", "status": 404, "body": {"message": "Not Found"}}]})
    assert comment("/toolbuilder regenerate") == 1
    message = capsys.readouterr().err
    assert "POST /repos/o/r/actions/workflows/toolbuilder.yml/dispatches" in message
    assert TOKEN not in message
    [told] = answers(github)
    assert "That could not be done" in told


def test_a_run_outside_of_a_workflow_is_told_what_to_name(tool: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_app(["answer"]) == 2
    assert "GITHUB_EVENT_PATH: is not set" in capsys.readouterr().err
    (tool / "event.json").write_text("{}")
    assert run_app(["answer", "--event", "event.json"]) == 2
    assert "no `issue_comment` event" in capsys.readouterr().err
