"""What people push onto a tool's branch, as its pull request tells it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands.test_publish import did, publish, tip_of
from tests.forge.forges import Peer

Git = Callable[..., str]


def push(folder: Path, git: Git, path: str, content: str) -> None:
    """Commit a file on the tool's branch, as a person does."""
    git(folder, "checkout", "--quiet", "toolbuilder/dedupe")
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Edit")
    git(folder, "checkout", "--quiet", "main")


def test_a_branch_that_changes_other_files_is_a_draft_with_a_warning_until_it_does_not(
    folder: Path, peer: Peer, git: Git, capsys: pytest.CaptureFixture[str]
) -> None:
    push(folder, git, ".github/workflows/evil.yml", "on: push\n")
    verified = json.dumps({"dedupe": tip_of(folder, git)})
    [told] = publish("--verified", verified, capsys=capsys)
    assert (told["did"], told["draft"]) == ("opened", True)
    assert told["why"] == "finished; it changes files outside tools/dedupe/: 1"
    pull = peer.world.pulls[0]
    assert pull.draft
    assert pull.body.startswith("> [!CAUTION]\n> **This branch changes 1 file outside `tools/dedupe/`")
    assert "- `.github/workflows/evil.yml`" in pull.body
    assert did(publish("--verified", verified, capsys=capsys)) == [("unchanged", 1)]

    git(folder, "checkout", "--quiet", "toolbuilder/dedupe")
    git(folder, "rm", "--quiet", ".github/workflows/evil.yml")
    git(folder, "commit", "--quiet", "--message", "Take it back")
    git(folder, "checkout", "--quiet", "main")
    publish("--verified", json.dumps({"dedupe": tip_of(folder, git)}), capsys=capsys)
    assert (pull.draft, "CAUTION" in pull.body) == (False, False)


def test_an_edited_source_file_is_told(folder: Path, peer: Peer, git: Git, capsys: pytest.CaptureFixture[str]) -> None:
    push(folder, git, "tools/dedupe/src/dedupe/work.py", "# better\n")
    publish(capsys=capsys)
    body = peer.world.pulls[0].body
    assert "- edited: `tools/dedupe/src/dedupe/work.py`" in body
    assert f"- commit `{tip_of(folder, git)[:12]}` by " in body


def test_a_run_at_actions_is_named_as_what_has_verified_it(
    folder: Path, peer: Peer, git: Git, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_SERVER_URL", "https://github.com")
    verified = json.dumps({"dedupe": tip_of(folder, git)})
    monkeypatch.setenv("GITHUB_RUN_ID", "12")
    publish("--verified", verified, capsys=capsys)
    run = "https://github.com/acme/tools/actions/runs/12"
    assert f"(by [a separate job without secrets]({run}))" in peer.world.pulls[0].body
    monkeypatch.setenv("GITHUB_RUN_ID", "13")
    for told in (verified, "{}"):
        assert did(publish("--verified", told, capsys=capsys)) == [("unchanged", 1)]
