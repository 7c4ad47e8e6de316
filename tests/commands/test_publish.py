import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.forge.forges import Peer
from tests.pipeline_world import SPEC
from tests.planted import plant
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.cli import run_app

Git = Callable[..., str]
EDITED = SPEC.replace("Remove duplicate lines", "Remove every duplicate line")


def tip_of(folder: Path, git: Git) -> str:
    return git(folder, "rev-parse", "toolbuilder/dedupe")


def publish(*arguments: str, capsys: pytest.CaptureFixture[str], code: int = 0) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert run_app(["publish", "--json", "--remote", "origin", *arguments]) == code
    told = json.loads(capsys.readouterr().out)
    assert isinstance(told, list)
    return told


def did(told: list[dict[str, Any]]) -> list[tuple[str, int]]:
    return [(one["did"], one["number"]) for one in told]


def respec(folder: Path, git: Git, text: str) -> None:
    path = folder / "specs/dedupe.yaml"
    path.unlink(missing_ok=True)
    if text:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Respecify")
    git(folder, "push", "--quiet", "origin", "HEAD:main")


def writes(peer: Peer) -> list[str]:
    return [one["path"] for one in peer.served.requests if one["method"] != "GET" and one["path"] != "/graphql"]


def test_a_finished_tool_is_a_draft_until_it_is_verified_and_then_stays_ready(
    folder: Path, peer: Peer, git: Git, capsys: pytest.CaptureFixture[str]
) -> None:
    assert did(publish("--verified", "", capsys=capsys)) == [("opened", 1)]
    pull = peer.world.pulls[0]
    assert pull.draft
    assert "so its checks wait until somebody with write access approves" in pull.body
    assert "/acme/tools@toolbuilder/dedupe#subdirectory=tools/dedupe" in pull.body
    verified = json.dumps({"dedupe": tip_of(folder, git)})
    assert did(publish("--verified", verified, capsys=capsys)) == [("updated", 1)]
    assert (pull.draft, len(peer.world.pulls)) == (False, 1)
    assert f"verified again at `{tip_of(folder, git)[:12]}` by `toolbuilder verify`" in pull.body

    peer.served.requests.clear()
    assert did(publish("--verified", "{}", capsys=capsys)) == [("unchanged", 1)]
    assert writes(peer) == []


def test_an_edited_spec_makes_the_same_pull_request_a_draft(
    folder: Path, peer: Peer, git: Git, capsys: pytest.CaptureFixture[str]
) -> None:
    publish("--verified", json.dumps({"dedupe": tip_of(folder, git)}), capsys=capsys)
    respec(folder, git, EDITED)
    assert did(publish("--verified", "{}", capsys=capsys)) == [("updated", 1)]
    assert peer.world.pulls[0].draft


def test_what_a_person_closed_stays_closed_for_the_same_spec(
    folder: Path, peer: Peer, git: Git, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(capsys=capsys)
    peer.world.control({"close": [1]})
    peer.served.requests.clear()
    assert did(publish(capsys=capsys)) == [("left", 0)]
    assert writes(peer) == []
    assert did(publish("--asked", capsys=capsys)) == [("opened", 2)]
    peer.world.control({"close": [2]})
    respec(folder, git, EDITED)
    plant(GitRepository(folder), EDITED, base="toolbuilder/dedupe")
    assert did(publish(capsys=capsys)) == [("opened", 3)]


def test_a_spec_that_is_gone_withdraws_and_proposes_the_removal(
    folder: Path, peer: Peer, git: Git, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(capsys=capsys)
    git(folder, "merge", "--quiet", "--squash", "toolbuilder/dedupe")
    git(folder, "commit", "--quiet", "--message", "Take it in")
    respec(folder, git, "")
    assert did(publish(capsys=capsys)) == [("closed", 1), ("opened", 2)]
    there = git(folder, "ls-remote", "origin", "refs/heads/toolbuilder-remove/dedupe").split()[0]
    assert git(folder, "ls-tree", "--name-only", there).split() == ["README.md"]
    assert peer.world.pulls[1].labels == ["toolbuilder", "toolbuilder:removal"]

    respec(folder, git, SPEC)
    assert ("closed", 2) in did(publish(capsys=capsys))


def test_a_dry_run_says_what_would_be_done_and_does_nothing(
    folder: Path, peer: Peer, git: Git, capsys: pytest.CaptureFixture[str]
) -> None:
    git(folder, "push", "--quiet", "origin", "toolbuilder/dedupe")
    refs = git(folder, "ls-remote", "origin")
    assert run_app(["publish", "--remote", "origin", "--dry-run", "--verified", ""]) == 0
    assert capsys.readouterr().out == "dedupe: open as a draft: finished, not verified again\n"
    assert [one["action"] for one in publish("--dry-run", capsys=capsys)] == ["open"]
    assert writes(peer) == []
    assert git(folder, "ls-remote", "origin") == refs


def test_two_publishers_at_once_open_one_pull_request(folder: Path, peer: Peer, git: Git) -> None:
    git(folder, "push", "--quiet", "origin", "toolbuilder/dedupe")
    command = [sys.executable, "-m", "toolbuilder", "publish", "--remote", "origin", "--json"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    both = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) for _ in range(2)]
    told = [json.loads(process.communicate()[0]) for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert [one["number"] for [one] in told] == [1, 1]
    assert len(peer.world.pulls) == 1


def test_a_refusal_is_one_tool_s_and_ends_with_1(peer: Peer, capsys: pytest.CaptureFixture[str]) -> None:
    peer.world.control({"set": {"may_create": False}})
    [one] = publish(capsys=capsys, code=1)
    assert one["did"] == "failed"
    assert "Allow GitHub Actions to create and approve pull requests" in one["why"]


@pytest.mark.parametrize("given", ["[1]", "{", '{"dedupe": 1}', "dedupe"])
@pytest.mark.usefixtures("folder")
def test_what_is_no_list_of_verified_commits_is_refused(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_app(["publish", "--forge", "local", "--verified", given]) == 2
    assert capsys.readouterr().err == '--verified: is to be JSON like {"TOOL": "COMMIT"}\n'


def test_without_github_the_pull_request_is_a_file_that_git_does_not_see(
    folder: Path, git: Git, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_app(["publish"]) == 0
    told = capsys.readouterr().out
    path = folder / ".git/toolbuilder/pull-requests/1-toolbuilder-dedupe.md"
    assert told == f"dedupe: opened #1: finished  {path}\n"
    assert "state: open" in path.read_text()
    assert git(folder, "status", "--porcelain") == ""


def test_a_repository_on_github_needs_a_token_or_another_forge(
    folder: Path, git: Git, capsys: pytest.CaptureFixture[str]
) -> None:
    git(folder, "remote", "set-url", "origin", "https://me:secret@github.com/acme/tools.git")
    assert run_app(["publish"]) == 1
    told = capsys.readouterr().err
    assert "no token for acme/tools on GitHub" in told
    assert "--forge local" in told
    assert "secret" not in told
    git(folder, "remote", "set-url", "origin", "https://git.example.org/acme/tools.git")
    assert run_app(["publish", "--forge", "github"]) == 1
    assert "names no repository on GitHub: set GITHUB_REPOSITORY" in capsys.readouterr().err


def test_a_run_of_github_actions_is_told_in_its_summary_and_of_what_failed(
    peer: Peer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    peer.world.control({"set": {"may_create": False}})
    assert run_app(["publish", "--remote", "origin"]) == 1
    assert "::error file=specs/dedupe.yaml,title=dedupe%3A not published::GitHub refused POST" in capfd.readouterr().err
    assert "| `dedupe` |  | failed | GitHub refused POST" in (tmp_path / "summary.md").read_text()
