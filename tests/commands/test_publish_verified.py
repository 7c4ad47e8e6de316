"""What was verified again stands in git: real git, a real remote, and GitHub's stand-in, whose texts anybody may edit."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bare_remote import BareRemote
from tests.commands.test_publish import EDITED, did, publish, respec, tip_of
from tests.commands.test_publish_cases import add, planned, there
from tests.forge.forges import Peer
from tests.pipeline_world import SPEC
from tests.plan_benchmark import git_processes
from tests.planted import plant, spec_text
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.cli import run_app
from toolbuilder.commits import journal_ref

Git = Callable[..., str]
Capture = pytest.CaptureFixture[str]
REF = journal_ref("dedupe")
LOCKED = "#!/bin/sh\necho 'nothing is taken here' >&2\nexit 1\n"


def verified(folder: Path, git: Git) -> str:
    """Give what the verification of the branch as it stands would tell."""
    return json.dumps({"dedupe": tip_of(folder, git)})


def kept(folder: Path, git: Git, ref: str = REF) -> str:
    """Give the commit that git vouches for at the remote; empty where there is none."""
    if ref not in there(folder, git):
        return ""
    return str(json.loads(git(folder.parent / "there.git", "show", f"{ref}:verified.json"))["commit"])


def rebuilt(folder: Path, git: Git) -> str:
    """Let the tool be built once more, from another spec; give the branch's tip."""
    respec(folder, git, EDITED)
    return plant(GitRepository(folder), EDITED, base="toolbuilder/dedupe")


def test_what_was_verified_stands_in_git_and_no_edit_of_a_text_takes_it_away(
    folder: Path, peer: Peer, git: Git, capsys: Capture
) -> None:
    publish("--verified", verified(folder, git), capsys=capsys)
    assert kept(folder, git) == tip_of(folder, git)
    pull = peer.world.pulls[0]
    before, pull.body = pull.body, "Mine."
    assert planned(capsys)["finish"] == []
    assert did(publish("--verified", "{}", capsys=capsys)) == [("updated", 1)]
    assert (pull.draft, pull.body) == (False, before)


def test_whoever_writes_into_a_text_that_it_was_verified_gains_nothing(
    folder: Path, peer: Peer, git: Git, capsys: Capture
) -> None:
    old = tip_of(folder, git)
    publish("--verified", verified(folder, git), capsys=capsys)
    tip = rebuilt(folder, git)
    pull = peer.world.pulls[0]
    git(folder, "push", "--quiet", "origin", "toolbuilder/dedupe")
    says_so = pull.body.replace(old, tip).replace(old[:12], tip[:12])
    pull.body = f"{says_so}\n\n<!-- toolbuilder: shows {tip}, verified -->"  # as it stood there formerly
    assert planned(capsys)["finish"] == ["dedupe"]
    assert did(publish("--verified", "{}", capsys=capsys)) == [("updated", 1)]
    assert pull.draft
    assert f"verified again at `{old[:12]}` by `toolbuilder verify`, and the branch has moved on since" in pull.body
    assert "<!--" not in pull.body
    assert kept(folder, git) == old
    assert did(publish("--verified", verified(folder, git), capsys=capsys)) == [("updated", 1)]
    assert (pull.draft, kept(folder, git)) == (False, tip)


def test_only_what_a_publisher_was_told_of_and_what_still_stands_there_is_written(
    folder: Path, peer: Peer, git: Git, capsys: Capture
) -> None:
    old = verified(folder, git)
    for told in (
        [],
        ["--verified", ""],
        ["--verified", json.dumps({"dedupe": "a" * 40, "other": tip_of(folder, git)})],
    ):
        publish(*told, capsys=capsys)
        assert REF not in there(folder, git)
    rebuilt(folder, git)
    publish("--verified", old, capsys=capsys)
    assert REF not in there(folder, git)
    assert run_app(["publish", "--remote", "origin", "--dry-run", "--verified", verified(folder, git)]) == 0
    assert REF not in there(folder, git)
    assert peer.world.pulls[0].draft


def test_a_tool_that_is_gone_leaves_its_journal_as_it_is(folder: Path, peer: Peer, git: Git, capsys: Capture) -> None:
    publish("--verified", "", capsys=capsys)
    respec(folder, git, "")
    assert did(publish("--verified", verified(folder, git), capsys=capsys)) == [("closed", 1)]
    assert REF not in there(folder, git)
    assert peer.world.pulls[0].state == "closed"


def test_journals_that_are_branches_hold_it_too(folder: Path, peer: Peer, git: Git, capsys: Capture) -> None:
    (folder / "toolbuilder.toml").write_text('journal_refs = "branches"\n')
    publish("--verified", verified(folder, git), capsys=capsys)
    assert kept(folder, git, "refs/heads/toolbuilder-journal/dedupe") == tip_of(folder, git)
    assert planned(capsys)["finish"] == []
    assert did(publish("--verified", "{}", capsys=capsys)) == [("unchanged", 1)]
    assert not peer.world.pulls[0].draft


def test_without_a_remote_it_stands_in_the_repository_here(folder: Path, git: Git, capsys: Capture) -> None:
    assert run_app(["publish", "--forge", "local", "--verified", ""]) == 0
    path = folder / ".git/toolbuilder/pull-requests/1-toolbuilder-dedupe.md"
    assert "draft: true" in path.read_text()
    for told in (verified(folder, git), "{}"):
        assert run_app(["publish", "--forge", "local", "--verified", told]) == 0
        assert "draft: false" in path.read_text()
    assert tip_of(folder, git) in git(folder, "show", f"{REF}:verified.json")
    capsys.readouterr()
    assert run_app(["plan", "--matrix"]) == 0
    assert "finish=[]" in capsys.readouterr().out.splitlines()
    assert REF not in there(folder, git)
    assert len([*git_processes(folder)]) == 1, "a plan asks one process for all"


def test_who_may_only_read_can_plan_and_what_cannot_be_written_is_not_published_as_verified(
    folder: Path, peer: Peer, git: Git, capsys: Capture
) -> None:
    publish("--verified", "", capsys=capsys)
    bare = BareRemote(folder.parent / "there.git", git)
    bare.hook("pre-receive", LOCKED)
    before = bare.tips()
    assert planned(capsys)["finish"] == ["dedupe"]
    assert did(publish("--verified", "", capsys=capsys)) == [("unchanged", 1)]
    [told] = publish("--verified", verified(folder, git), capsys=capsys, code=1)
    assert (told["did"], "nothing is taken here" in told["why"]) == ("failed", True)
    assert peer.world.pulls[0].draft
    assert bare.tips() == before
    bare.hook("pre-receive", "#!/bin/sh\n")
    assert did(publish("--verified", verified(folder, git), capsys=capsys)) == [("updated", 1)]
    bare.hook("pre-receive", LOCKED)
    assert planned(capsys)["finish"] == []
    assert did(publish("--verified", verified(folder, git), capsys=capsys)) == [("unchanged", 1)]


def test_what_waits_for_its_pull_request_is_not_verified_once_more(
    folder: Path, peer: Peer, git: Git, capsys: Capture
) -> None:
    (folder / "toolbuilder.toml").write_text("new_pull_requests = 1\n")
    add(folder, git, other=spec_text("other"))
    tips = {"dedupe": tip_of(folder, git), "other": plant(GitRepository(folder), spec_text("other"))}
    told = publish("--verified", json.dumps(tips), capsys=capsys)
    assert [one["did"] for one in told] == ["opened", "waiting"]
    assert planned(capsys)["finish"] == []
    assert did(publish("--verified", "{}", capsys=capsys)) == [("unchanged", 1), ("opened", 2)]
    assert [pull.draft for pull in peer.world.pulls] == [False, False]


def test_a_branch_that_is_put_back_needs_no_second_verification(
    folder: Path, peer: Peer, git: Git, capsys: Capture
) -> None:
    old = tip_of(folder, git)
    publish("--verified", verified(folder, git), capsys=capsys)
    rebuilt(folder, git)
    publish("--verified", "{}", capsys=capsys)
    assert peer.world.pulls[0].draft
    respec(folder, git, SPEC)
    git(folder, "push", "--quiet", "--force", "origin", f"{old}:refs/heads/toolbuilder/dedupe")
    git(folder, "update-ref", "refs/heads/toolbuilder/dedupe", old)
    publish("--verified", "{}", capsys=capsys)
    assert not peer.world.pulls[0].draft
