"""What people do in a repository on a GitHub of our own, and what can be seen there afterwards."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.actions.hub import BRANCH, NAME, Hub

TOOL = "unique-lines"
TIP = f"refs/heads/toolbuilder/{TOOL}"
JOURNAL = f"refs/toolbuilder/journal/{TOOL}"
LOG = f"refs/toolbuilder/log/{TOOL}"
MERGED = "refs/pull/7/merge"
MERGE = f"HEAD:{MERGED}"
STAGES = ["requirements", "architecture", "generation", "verification", "packaging"]
DISPATCH = {"tool": "", "from-stage": "", "feedback": "", "engine": "", "upgrade": "false", "dry-run": "false"}


def git(hub: Hub, *arguments: str) -> str:
    """Ask the remote."""
    command = ["git", "-C", str(hub.host.bare), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def stages_on(hub: Hub, ref: str = TIP) -> list[str]:
    """Give the stages of the commits on a tool's branch, oldest first."""
    wanted = "--format=%(trailers:key=Toolbuilder-Stage,valueonly,separator=)"
    return [line for line in git(hub, "log", "--reverse", wanted, f"{BRANCH}..{ref}").splitlines() if line]


def commit(hub: Hub, *commands: list[str]) -> None:
    """Let a person change the default branch, with programs run in a clone."""
    clone = hub.folder / f"person-{hub.runs}"
    subprocess.run(["git", "clone", "--quiet", str(hub.host.bare), str(clone)], check=True)
    for command in [*commands, ["git", "push", "--quiet", "origin", f"HEAD:{BRANCH}"]]:
        subprocess.run(command, cwd=clone, check=True, capture_output=True)


def planned(hub: Hub) -> dict[str, str]:
    """Give what the plan says of each tool, in a new clone."""
    clone = hub.folder / "plan"
    subprocess.run(["git", "clone", "--quiet", str(hub.host.bare), str(clone)], check=True)
    command = [sys.executable, "-m", "toolbuilder", "plan", "--json"]
    rows = subprocess.run(command, cwd=clone, capture_output=True, text=True, check=True).stdout
    return {row["tool"]: row["state"] for row in json.loads(rows)}


def open_pulls(hub: Hub) -> list[dict[str, Any]]:
    """Give the open pull requests, as the API has them."""
    return [pull for pull in hub.api.world.dump()["pulls"] if pull["state"] == "open"]


def writes(hub: Hub) -> list[str]:
    """Give what the API was asked to change."""
    asked = [one for one in hub.api.requests if one["method"] != "GET"]
    changing = [one for one in asked if not str((one["body"] or {}).get("query", "")).startswith("query")]  # of GraphQL
    return [f"{one['method']} {one['path']}" for one in changing]


def comment(hub: Hub, login: str, body: str) -> int:
    """Let a person comment on the first pull request, and the workflow answer."""
    hub.api.world.add_comment(1, login, body)
    said = {"body": body, "user": {"login": login, "type": "User"}, "id": 1}
    issue = {"number": 1, "pull_request": {"url": f"{hub.api.url}/repos/{NAME}/pulls/1"}}
    return hub.run("issue_comment", "toolbuilder-command.yml", action="created", issue=issue, comment=said)


def look_into_checkouts(hub: Hub) -> Path:
    """Put a program in front of toolbuilder that notes git's configuration; give where."""
    seen, front = hub.folder / "seen", hub.folder / "bin/toolbuilder"
    front.parent.mkdir()
    front.write_text(
        f'#!/bin/sh\ncat .git/config >>{seen}\nexec {Path(sys.executable).with_name("toolbuilder")} "$@"\n'
    )
    front.chmod(0o755)
    return seen


def propose(hub: Hub, spec: str) -> int:
    """Let a fork propose a spec, and the preview look at what a merge would give."""
    clone = hub.folder / "fork"
    subprocess.run(["git", "clone", "--quiet", str(hub.host.bare), str(clone)], check=True)
    (clone / "specs/new-tool.yaml").write_text(spec)
    for command in (
        ["add", "specs"],
        ["commit", "--quiet", "--message", "A tool"],
        ["push", "--quiet", "origin", MERGE],
    ):
        subprocess.run(["git", *command], cwd=clone, check=True, capture_output=True)
    fork = {"number": 7, "head": {"repo": {"fork": True}}, "base": {"ref": BRANCH}}
    return hub.run("pull_request", "toolbuilder-preview.yml", action="opened", number=7, pull_request=fork)
