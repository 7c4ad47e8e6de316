"""Who runs what: the jobs that hold a token for pull requests, or no sandbox, start git and nothing else."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.forge.forges import TOKEN, Peer, github
from tests.pipeline_world import SPEC
from tests.planted import plant, spec_text
from toolbuilder.adapters.git.repository import GitRepository

Git = Callable[..., str]
WATCHED = """\
import os, sys
def heard(event, arguments):
    if event in {"subprocess.Popen", "os.posix_spawn", "os.exec", "os.system"}:
        with open(os.environ["SEEN"], "a") as seen:
            print(os.path.basename(os.fsdecode(arguments[0])), file=seen)
    if event in {"os.fork", "os.forkpty"}:
        with open(os.environ["SEEN"], "a") as seen:
            print("fork", file=seen)
    if event == "exec" and getattr(arguments[0], "co_filename", "").startswith(os.environ["HERE"]):
        with open(os.environ["SEEN"], "a") as seen:
            print(arguments[0].co_filename, file=seen)
sys.addaudithook(heard)
sys.path.insert(0, os.environ["HOUSE"])
from toolbuilder.cli import run_app
sys.exit(run_app(sys.argv[1:]))
"""
TRAP = "raise SystemExit('generated code ran')\n"
EVENT = {
    "action": "created",
    "issue": {"number": 1, "pull_request": {"url": "http://127.0.0.1/pulls/1"}},
    "comment": {"id": 9, "body": "/toolbuilder status", "user": {"login": "writer", "type": "User"}},
}


@pytest.fixture
def folder(git_repo: Path, git: Git, tmp_path: Path) -> Path:
    """Give a repository whose default branch holds one tool, with another on its branch, and a third to build."""
    (git_repo / "specs").mkdir()
    for name in ("dedupe", "merged", "new"):
        (git_repo / f"specs/{name}.yaml").write_text(spec_text(name))
    trap = git_repo / "tools/merged/src/merged/__init__.py"
    trap.parent.mkdir(parents=True)
    for name in ("conftest.py", "setup.py", "tools/merged/conftest.py", "tools/merged/src/merged/__init__.py"):
        (git_repo / name).write_text(TRAP)
    git(git_repo, "add", ".")
    git(git_repo, "commit", "--quiet", "--message", "Specify")
    git(tmp_path, "clone", "--quiet", "--bare", str(git_repo), "there.git")
    git(git_repo, "remote", "add", "origin", str(tmp_path / "there.git"))
    plant(GitRepository(git_repo), SPEC)
    git(git_repo, "push", "--quiet", "origin", "toolbuilder/dedupe")
    (tmp_path / "event.json").write_text(json.dumps(EVENT))
    return git_repo


@pytest.fixture
def peer(folder: Path) -> Iterator[Peer]:
    with github(git=folder.parent / "there.git", repository="acme/tools") as served:
        yield served


def started(folder: Path, peer: Peer, *command: str, before: str = "") -> set[str]:
    """Give the names of all programs that a command of toolbuilder's starts, and the work tree's code that it runs."""
    seen = folder.parent / "seen"
    environment = {
        **os.environ, "SEEN": str(seen), "HERE": str(folder), "HOUSE": str(Path(__file__).parents[1]),
        "GITHUB_REPOSITORY": "acme/tools", "GITHUB_API_URL": peer.served.url, "GITHUB_TOKEN": TOKEN,
        "GITHUB_EVENT_PATH": str(folder.parent / "event.json"),
    }  # fmt: skip
    line = [sys.executable, "-P", "-c", WATCHED.replace("from toolbuilder", f"{before}from toolbuilder"), *command]
    ran = subprocess.run(line, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert "Traceback" not in ran.stderr, ran.stderr
    found = set(seen.read_text().split())
    seen.unlink()
    return found


COMMANDS = [
    ("plan", "--matrix", "--remote", "origin"),
    ("publish", "--remote", "origin", "--verified", "{}"),
    ("answer", "--remote", "origin"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_job_without_a_sandbox_starts_git_alone(command: tuple[str, ...], folder: Path, peer: Peer) -> None:
    assert started(folder, peer, *command) == {"git"}


def test_a_preview_runs_nothing_that_a_pull_request_brings(folder: Path, peer: Peer) -> None:
    found = started(folder, peer, "preview", "--remote", "origin")
    assert "git" in found
    assert not {one for one in found if str(folder) in one}, "what the embedded engine tries is run in the sandbox"


def test_code_of_the_work_tree_that_runs_would_be_seen(folder: Path, peer: Peer) -> None:
    trap = "import runpy\ntry:\n    runpy.run_path(os.environ['HERE'] + '/conftest.py')\nexcept SystemExit: pass\n"
    assert str(folder / "conftest.py") in started(folder, peer, "plan", before=trap)


def test_a_command_that_runs_generated_code_would_be_seen(folder: Path, peer: Peer) -> None:
    assert started(folder, peer, "verify", "--remote", "origin", "--", "dedupe") - {"git"}
