"""Whole stories of a pull request: real git, a real remote, and GitHub's stand-in; only the building is skipped."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.commands.test_publish import EDITED, did, publish, respec, tip_of, writes
from tests.forge.forges import Peer
from tests.pipeline_world import SPEC
from tests.planted import plant, spec_text
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.cli import run_app
from toolbuilder.commits import keep_in_log, log_ref

Git = Callable[..., str]
Capture = pytest.CaptureFixture[str]
VERIFIED = ["--verified", ""]


def planned(capsys: Capture) -> dict[str, Any]:
    """Give what the plan tells the jobs after it."""
    capsys.readouterr()
    assert run_app(["plan", "--matrix", "--remote", "origin"]) == 0
    return {
        name: json.loads(value)
        for name, _, value in (line.partition("=") for line in capsys.readouterr().out.splitlines())
    }


def add(folder: Path, git: Git, **specs: str) -> None:
    """Commit specs on the default branch, there too."""
    for name, text in specs.items():
        (folder / f"specs/{name}.yaml").write_text(text)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Specify more")
    git(folder, "push", "--quiet", "origin", "HEAD:main")


def there(folder: Path, git: Git) -> dict[str, str]:
    """Give the refs of the remote, with their tips."""
    listed = git(folder, "ls-remote", "origin").splitlines()
    return {ref: tip for tip, ref in (line.split() for line in listed)}


def test_a_run_that_died_before_its_pull_request_is_made_good_by_the_next(
    folder: Path, peer: Peer, git: Git, capsys: Capture
) -> None:
    git(folder, "push", "--quiet", "origin", "toolbuilder/dedupe", "main")
    plan = planned(capsys)
    assert (plan["builds"], plan["finish"]) == (0, ["dedupe"])
    verified = json.dumps({"dedupe": tip_of(folder, git)})
    assert did(publish("--verified", verified, capsys=capsys)) == [("opened", 1)]
    assert planned(capsys)["finish"] == []
    assert did(publish("--verified", verified, capsys=capsys)) == [("unchanged", 1)]
    assert [pull.number for pull in peer.world.pulls] == [1]


def test_a_run_that_died_while_it_opened_the_pull_request_is_made_good_too(
    folder: Path, peer: Peer, git: Git, capsys: Capture
) -> None:
    peer.world.control({"faults": [{"method": "POST", "path": ".*/issues/1/labels", "status": 400}]})
    assert did(publish(capsys=capsys, code=1)) == [("failed", 0)]
    assert [(pull.number, pull.labels) for pull in peer.world.pulls] == [(1, [])]
    assert did(publish(capsys=capsys)) == [("updated", 1)]
    assert [(pull.number, pull.labels) for pull in peer.world.pulls] == [(1, ["toolbuilder"])]
    assert tip_of(folder, git) in peer.world.pulls[0].body


def test_many_pull_requests_are_opened_a_few_a_run(folder: Path, peer: Peer, git: Git, capsys: Capture) -> None:
    (folder / "toolbuilder.toml").write_text("new_pull_requests = 2\n")
    names = ["one", "three", "two"]
    add(folder, git, **{name: spec_text(name) for name in names})
    for name in names:
        plant(GitRepository(folder), spec_text(name))
    told = [[(one["tool"], one["did"]) for one in publish(*VERIFIED, capsys=capsys)] for _ in range(3)]
    assert told[0] == [("dedupe", "opened"), ("one", "opened"), ("three", "waiting"), ("two", "waiting")]
    assert told[1] == [("dedupe", "unchanged"), ("one", "unchanged"), ("three", "opened"), ("two", "opened")]
    assert {did for _, did in told[2]} == {"unchanged"}
    assert {f"refs/heads/toolbuilder/{name}" for name in names} <= there(folder, git).keys(), "all are safe at once"
    assert [pull.branch for pull in peer.world.pulls] == [f"toolbuilder/{name}" for name in ("dedupe", *names)]


def test_a_limit_of_githubs_leaves_the_rest_to_the_next_run(
    folder: Path, peer: Peer, git: Git, capsys: Capture
) -> None:
    add(folder, git, other=spec_text("other"))
    plant(GitRepository(folder), spec_text("other"))
    limit = {"method": "POST", "path": ".*/pulls", "status": 403, "headers": {"retry-after": "9999"}}
    peer.world.control({"faults": [limit]})
    told = publish(*VERIFIED, capsys=capsys)
    assert [one["did"] for one in told] == ["waiting", "waiting"]
    assert "branches are safe" in told[1]["why"]
    assert did(publish(*VERIFIED, capsys=capsys)) == [("opened", 1), ("opened", 2)]


def test_a_spec_that_is_gone_closes_its_pull_request_with_a_word_and_keeps_all_commits(
    folder: Path, peer: Peer, git: Git, capsys: Capture
) -> None:
    tip = tip_of(folder, git)
    keep_in_log(GitRepository(folder), "dedupe", tip, None)
    publish(capsys=capsys)
    respec(folder, git, "")
    assert did(publish(capsys=capsys)) == [("closed", 1)]
    pull = peer.world.pulls[0]
    assert (pull.state, pull.labels[-1]) == ("closed", "toolbuilder:withdrawn")
    [word] = [one.body for one in peer.world.comments]
    assert "The spec of this tool is gone from the default branch" in word
    assert "refs/toolbuilder/log/dedupe" in word
    assert there(folder, git)[log_ref("dedupe")] == tip
    peer.served.requests.clear()
    assert did(publish(capsys=capsys)) == []
    assert writes(peer) == []
    respec(folder, git, SPEC)
    assert did(publish(capsys=capsys)) == [("opened", 2)], "toolbuilder closed it, no person did"


@pytest.mark.parametrize("merged", [True, False])
def test_a_renamed_spec_is_a_new_tool_and_the_old_one_says_where_it_went(
    merged: bool,  # noqa: FBT001
    folder: Path,
    peer: Peer,
    git: Git,
    capsys: Capture,
) -> None:
    publish(capsys=capsys)
    if merged:
        git(folder, "merge", "--quiet", "--squash", "toolbuilder/dedupe")
        git(folder, "commit", "--quiet", "--message", "Take it in")
        peer.world.control({"merge": [1]})
    (folder / "specs/dedupe.yaml").unlink()
    add(folder, git, unique=spec_text("unique"))
    assert planned(capsys)["build"] == {"include": [{"tool": "unique", "from": ""}]}
    plant(GitRepository(folder), spec_text("unique"))  # as in a real run: what is new is built before anything is told
    told = [(one["tool"], one["did"], one["number"]) for one in publish(capsys=capsys)]
    if merged:
        assert told == [("unique", "opened", 2), ("dedupe", "opened", 3)]
        assert peer.world.pulls[2].branch == "toolbuilder-remove/dedupe"
        assert "tools/dedupe" in git(folder, "ls-tree", "-r", "--name-only", "main"), "nothing is deleted directly"
    else:
        assert told == [("dedupe", "closed", 1), ("unique", "opened", 2)]
        assert "`unique` says the same under its new name" in peer.world.comments[0].body


def test_a_conflict_with_the_default_branch_is_a_draft_that_names_the_files(
    folder: Path, peer: Peer, git: Git, capsys: Capture
) -> None:
    publish(capsys=capsys)
    path = "tools/dedupe/src/dedupe/work.py"
    (folder / path).parent.mkdir(parents=True)
    (folder / path).write_text("mine\n")
    add(folder, git, dedupe=EDITED)
    tip = tip_of(folder, git)
    run = ["run", "dedupe", "--remote", "origin"]
    assert run_app(run) == 3
    assert there(folder, git)["refs/heads/toolbuilder/dedupe"] == tip, "nothing is overwritten"
    assert did(publish("--verified", json.dumps({"dedupe": tip}), capsys=capsys)) == [("updated", 1)]
    pull = peer.world.pulls[0]
    assert (pull.draft, pull.labels) == (True, ["toolbuilder", "toolbuilder:needs-person"])
    assert f"{path} is in conflict" in pull.body.replace("`", "").replace("\\", "")
    [word] = [one.body for one in peer.world.comments]
    assert "waits for a person" in word
    assert run_app(run) == 3
    assert did(publish(capsys=capsys)) == [("unchanged", 1)], "nobody is told twice"
