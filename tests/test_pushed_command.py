"""`toolbuilder run --remote`, as it is typed."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bare_remote import BareRemote, bare_remote
from tests.pipeline_world import SPEC
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.cli import run_app
from toolbuilder.runs import Claimant, Run, record_of

Git = Callable[..., str]
UNTIL = ["run", "dedupe", "--until", "requirements", "--engine", "offline"]


@pytest.fixture
def there(git_repo: Path, git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BareRemote:
    (git_repo / "specs").mkdir()
    (git_repo / "specs/dedupe.yaml").write_text(SPEC)
    git(git_repo, "add", "--all")
    git(git_repo, "commit", "--quiet", "--message", "A spec")
    monkeypatch.chdir(git_repo)
    return bare_remote(git, tmp_path / "there.git", git_repo)


def test_what_is_built_is_pushed_and_the_claim_is_let_go(there: BareRemote, git_repo: Path) -> None:
    assert run_app([*UNTIL, "--remote", "origin"]) == 0
    tips = GitRepository(git_repo).tips()
    assert {ref.rpartition("/")[0] for ref in tips} == {
        "refs/heads/toolbuilder", "refs/toolbuilder/journal", "refs/toolbuilder/log",
    }  # fmt: skip
    assert tips == {ref: tip for ref, tip in there.tips().items() if ref != "refs/heads/main"}
    assert record_of(GitRepository(git_repo), "dedupe").run == ""


def test_without_a_remote_nothing_leaves_this_machine(there: BareRemote) -> None:
    assert run_app(UNTIL) == 0
    assert there.tips().keys() == {"refs/heads/main"}


def test_an_unknown_remote_is_a_wrong_argument(there: BareRemote, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_app([*UNTIL, "--remote", "orgin"]) == 2
    assert "--remote: there is no remote 'orgin' here: origin" in capsys.readouterr().err
    assert there.moves() == []


def test_a_remote_that_cannot_be_reached_stops_before_anything_is_asked(
    there: BareRemote, git_repo: Path, git: Git, capsys: pytest.CaptureFixture[str]
) -> None:
    git(git_repo, "remote", "set-url", "origin", f"{there.folder}-gone")
    assert run_app([*UNTIL, "--remote", "origin"]) == 1
    assert "git remote get-url origin" in capsys.readouterr().err
    assert GitRepository(git_repo).tips() == {}


def test_another_runs_tool_is_left_alone_unless_it_is_taken_over(
    there: BareRemote, git_repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Run(GitRepository(git_repo), "dedupe", Claimant("another run")).begin("requirements", "somewhere")
    assert run_app([*UNTIL, "--remote", "origin"]) == 1
    assert capsys.readouterr().err.startswith(
        "dedupe is being built by another run, at requirements; nothing was spent"
    )
    assert run_app([*UNTIL, "--remote", "origin", "--take-over"]) == 0
    assert "refs/heads/toolbuilder/dedupe" in there.tips()


def test_a_tool_that_another_run_holds_is_counted_as_such(
    there: BareRemote, git_repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (git_repo / "specs/other.yaml").write_text(SPEC.replace("name: dedupe", "name: other"))
    Run(GitRepository(git_repo), "dedupe", Claimant("another run")).begin("requirements", "somewhere")
    assert run_app(["run", "dedupe", "other", *UNTIL[2:], "--remote", "origin"]) == 1
    assert "2 tools: 1 held by another run, 1 built" in capsys.readouterr().out
    assert "refs/heads/toolbuilder/other" in there.tips()


def test_what_a_killed_run_of_this_machine_held_is_built_without_being_asked(there: BareRemote, git_repo: Path) -> None:
    asked = "from toolbuilder.adapters.processes import this_process; print(this_process())"
    ended = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True).stdout.strip()
    killed = Claimant("this machine, process 7", process=ended)
    Run(GitRepository(git_repo), "dedupe", killed).begin("requirements", "somewhere")
    assert run_app([*UNTIL, "--remote", "origin"]) == 0
    assert "refs/heads/toolbuilder/dedupe" in there.tips()


def test_a_ref_that_is_no_commit_stops_its_own_tool_alone(
    there: BareRemote, git_repo: Path, git: Git, capsys: pytest.CaptureFixture[str]
) -> None:
    journal = "refs/toolbuilder/journal/dedupe"
    git(there.folder, "update-ref", journal, git(git_repo, "rev-parse", "HEAD:specs/dedupe.yaml").strip())
    (git_repo / "specs/other.yaml").write_text(SPEC.replace("name: dedupe", "name: other"))
    assert run_app(["run", "dedupe", "other", *UNTIL[2:], "--remote", "origin"]) == 1
    told = capsys.readouterr()
    assert f"dedupe: {journal} is no commit at the remote; to delete it, type `git push origin :{journal}`" in told.err
    assert "2 tools: 1 failed, 1 built" in told.out
    git(git_repo, "push", "--quiet", "origin", f":{journal}")
    assert run_app([*UNTIL, "--remote", "origin"]) == 0


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (["--from", "requirements", "--feedback", "x" * 3_000], "--feedback: String should have at most 2000"),
        (["--feedback", "Shorter."], "--feedback: say which stage it is for, with --from STAGE"),
    ],
)
def test_feedback_that_cannot_be_kept_is_refused_before_anything_is_said_of_it(
    asked: list[str], message: str, there: BareRemote, git_repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_app([*UNTIL, *asked, "--remote", "origin"]) == 2
    told = capsys.readouterr()
    assert told.err.startswith(message)
    assert len(told.err.splitlines()) == 1
    assert (there.moves(), GitRepository(git_repo).tips()) == ([], {})


def test_journals_stand_on_branches_where_the_settings_say_so(there: BareRemote, git_repo: Path) -> None:
    (git_repo / "toolbuilder.toml").write_text('journal_refs = "branches"\n')
    assert run_app([*UNTIL, "--remote", "origin"]) == 0
    assert there.tips().keys() == {
        "refs/heads/main", "refs/heads/toolbuilder/dedupe", "refs/heads/toolbuilder-journal/dedupe",
        "refs/heads/toolbuilder-log/dedupe",
    }  # fmt: skip
