"""The key that signs commits: from its environment into an agent that only the command reaches, and nowhere else.

Not collected without OpenSSH, which a runner needs for it as well.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.actions.hub import BRANCH, Hub
from tests.actions.scene import STAGES, git, stages_on
from tests.actions.workflows import ROOT
from tests.signers import ANY_SIGNER, unsigned

SCRIPT = ROOT / ".github/actions/toolbuilder/commit-as"
AUTHOR = "Ada <ada@a.example>"
LOOK = """
import json, os, subprocess
from pathlib import Path
agent = os.environ.get("SSH_AGENT_PID", "")
held = subprocess.run(["ssh-add", "-L"], capture_output=True, text=True).stdout
def shown(path):
    try:
        return path.read_text()
    except PermissionError:  # an agent lets nobody look who is not root
        return ""
seen = [shown(Path(f"/proc/{pid}/{name}")) for pid in {agent or "self", "self"} for name in ("environ", "cmdline")]
names = {name: value for name, value in os.environ.items() if name.startswith(("GIT_CONFIG_", "TOOLBUILDER_"))}
print(json.dumps({"pid": os.getpid(), "agent": agent, "held": held, "seen": "".join(seen), "names": names}))
"""


def new_key(folder: Path, phrase: str = "") -> Path:
    key = folder / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", phrase, "-C", "ada", "-f", key], check=True)
    return key


def secret_of(key: str) -> str:
    """Give a line of a private key that is of no other."""
    return key.splitlines()[2]


def started(script: Path, *command: str, **variables: str) -> subprocess.Popen[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], **variables}
    return subprocess.Popen(
        [script, *command], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )  # fmt: skip


def looked(script: Path = SCRIPT, **variables: str) -> dict[str, Any]:
    """Give what a command sees that the script runs."""
    with started(script, sys.executable, "-c", LOOK, **variables) as process:
        out, error = process.communicate()
    assert process.returncode == 0, error
    found: dict[str, Any] = json.loads(out)
    assert found["pid"] == process.pid, "an interrupt would not reach it"
    return found


def test_without_a_key_and_a_name_nothing_is_changed() -> None:
    found = looked(TOOLBUILDER_AUTHOR="", TOOLBUILDER_SIGNING_KEY="", GIT_CONFIG_COUNT="0")
    assert (found["names"], found["agent"], found["held"]) == ({"GIT_CONFIG_COUNT": "0"}, "", "")
    assert looked(TOOLBUILDER_AUTHOR=AUTHOR)["names"] == {"TOOLBUILDER_AUTHOR": AUTHOR}


def the_key_is_in_the_agent_and_nowhere_else(folder: Path, script: Path) -> None:
    key = new_key(folder).read_text()
    found = looked(script, TOOLBUILDER_AUTHOR=AUTHOR, TOOLBUILDER_SIGNING_KEY=key, GIT_CONFIG_COUNT="1")
    public = (folder / "key.pub").read_text().strip()
    assert (found["held"].strip(), found["names"]) == (public, {
        "TOOLBUILDER_AUTHOR": AUTHOR, "TOOLBUILDER_SIGN_COMMITS": "true", "GIT_CONFIG_COUNT": "3",
        "GIT_CONFIG_KEY_1": "gpg.format", "GIT_CONFIG_VALUE_1": "ssh",
        "GIT_CONFIG_KEY_2": "user.signingkey", "GIT_CONFIG_VALUE_2": f"key::{public}",
    })  # fmt: skip
    assert secret_of(key) not in found["seen"]


def test_the_key_is_in_the_agent_and_nowhere_else(tmp_path: Path) -> None:
    the_key_is_in_the_agent_and_nowhere_else(tmp_path, SCRIPT)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("unset TOOLBUILDER_SIGNING_KEY\n", ""),
        ("key::$(ssh-add -L)", "/somewhere/key"),
        ("count=${GIT_CONFIG_COUNT:-0}", "count=0"),
    ],
)
def test_a_script_that_is_less_careful_is_caught(tmp_path: Path, right: str, wrong: str) -> None:
    text = SCRIPT.read_text()
    assert text.count(right) == 1
    shutil.copy(SCRIPT, tmp_path / "weaker")
    (tmp_path / "weaker").write_text(text.replace(right, wrong))
    with pytest.raises(AssertionError):
        the_key_is_in_the_agent_and_nowhere_else(tmp_path, tmp_path / "weaker")


INTERRUPTED = """
import signal, subprocess
signal.signal(signal.SIGINT, signal.default_int_handler)
try:
    print("ready", flush=True)
    signal.pause()
except KeyboardInterrupt:  # also one that comes before the pause
    print(subprocess.run(["ssh-add", "-L"], capture_output=True).stdout)
"""


def test_what_a_cancelled_command_still_has_to_commit_can_be_signed(tmp_path: Path) -> None:
    key = new_key(tmp_path).read_text()
    with started(SCRIPT, sys.executable, "-c", INTERRUPTED, TOOLBUILDER_SIGNING_KEY=key) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        os.killpg(process.pid, signal.SIGINT)
        assert "ssh-ed25519" in process.stdout.read()


def test_a_key_with_the_line_ends_of_windows_is_one(tmp_path: Path) -> None:
    key = new_key(tmp_path).read_text()
    assert looked(TOOLBUILDER_SIGNING_KEY=key.replace("\n", "\r\n"))["held"]


@dataclass(frozen=True)
class Refused:
    """What is wrong with a key or a machine, and words of what is told."""

    key: Callable[[Path], str]
    words: str
    path: str = os.environ["PATH"]


@pytest.mark.parametrize(
    "refused",
    [
        Refused(lambda _: "no key", "TOOLBUILDER_SIGNING_KEY is no OpenSSH private key without a passphrase"),
        Refused(lambda folder: new_key(folder, "phrase").read_text(), "without a passphrase: ssh-keygen -t ed25519"),
        Refused(lambda _: "any", "ssh-agent is missing", path="/nowhere"),
    ],
    ids=["no key", "a passphrase", "no OpenSSH"],
)
def test_what_cannot_be_used_is_told_and_nothing_is_run(tmp_path: Path, refused: Refused) -> None:
    key = refused.key(tmp_path)
    with started(SCRIPT, "/bin/echo", "ran", TOOLBUILDER_SIGNING_KEY=key, PATH=refused.path) as process:
        out, error = process.communicate()
    assert (process.returncode, out) == (1, "")
    assert "::error::" in error
    assert refused.words in error
    assert all(line not in error for line in key.splitlines()[1:])


def deposited(hub: Hub) -> str:
    """Put a new key and a name into the repository's settings, as an environment holds them; give the key."""
    key = new_key(hub.folder).read_text()
    hub.secrets = {"TOOLBUILDER_SIGNING_KEY": json.dumps(key)}  # quoted: it has many lines
    hub.variables = {**hub.variables, "TOOLBUILDER_AUTHOR": AUTHOR}
    return key


STAND_IN = """#!/usr/bin/env python3
import json, os, subprocess, sys
held = subprocess.run(["ssh-add", "-L"], capture_output=True, text=True).stdout
signs = os.environ.get("TOOLBUILDER_SIGN_COMMITS", "")
sees = any(SECRET in value for value in os.environ.values())
with open(SEEN, "a") as seen:
    print(json.dumps([sys.argv[1], bool(held), signs, os.environ.get("TOOLBUILDER_AUTHOR", ""), sees]), file=seen)
if sys.argv[1] == "plan":
    print('build={"include":[{"tool":"a","from":""}]}\\nbuilds=1\\nfinish=["a"]')
if sys.argv[1] == "verify":
    print('verified={"a":"1"}')
"""


def jobs_seen(hub: Hub) -> list[list[object]]:
    """Give, of each command: whether an agent holds a key, whether it is to sign, as whom, and whether it sees the key."""
    secret, stand_in, seen = secret_of(deposited(hub)), hub.folder / "bin/toolbuilder", hub.folder / "seen"
    stand_in.parent.mkdir()
    stand_in.write_text(STAND_IN.replace("SECRET", repr(secret)).replace("SEEN", repr(str(seen))))
    stand_in.chmod(0o755)
    assert hub.run("push", ref=f"refs/heads/{BRANCH}") == 0, hub.log()
    rows = [json.loads(line) for line in seen.read_text().splitlines()]
    return [row for row in rows if row[0] != "--version"]


@pytest.mark.slow
def test_those_jobs_that_commit_can_sign_and_none_sees_the_key(fresh_hub: Hub) -> None:
    assert jobs_seen(fresh_hub) == [
        ["plan", False, "", "", False],
        ["run", True, "true", AUTHOR, False],
        ["verify", False, "", "", False],
        ["publish", True, "true", AUTHOR, False],
    ]


@pytest.mark.slow
def test_a_job_that_sees_the_key_is_noticed(fresh_hub: Hub) -> None:
    fresh_hub.sabotage("workflows/toolbuilder.yml", 'exec "$COMMIT_AS" toolbuilder', "exec toolbuilder")
    assert ["run", False, "", AUTHOR, True] in jobs_seen(fresh_hub)


RULE = f"""\
#!/bin/sh
case $1 in refs/heads/toolbuilder*) ;; *) exit 0;; esac
for commit in $(git rev-list "$3" --not --branches); do
  git -c {ANY_SIGNER} log -1 --format=%G? "$commit" | grep -q '^[GU]$' || exit 1
done
"""


@pytest.mark.slow
def test_a_repository_that_demands_signatures_gets_its_tool(fresh_hub: Hub) -> None:
    hook = fresh_hub.host.bare / "hooks/update"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(RULE)
    hook.chmod(0o755)
    secret = secret_of(deposited(fresh_hub))
    assert fresh_hub.run("push", ref=f"refs/heads/{BRANCH}") == 0, fresh_hub.log()
    assert stages_on(fresh_hub) == STAGES
    refs = [ref for ref in fresh_hub.host.tips() if ref != f"refs/heads/{BRANCH}"]
    assert unsigned(fresh_hub.host.bare, *refs, f"^refs/heads/{BRANCH}") == []
    assert set(git(fresh_hub, "log", "--format=%an <%ae>|%cn <%ce>", *refs, f"^{BRANCH}").split("\n")) == {
        f"{AUTHOR}|{AUTHOR}"
    }
    assert [pull["draft"] for pull in fresh_hub.api.world.dump()["pulls"]] == [False]
    kept = subprocess.run(
        ["git", "cat-file", "--batch-all-objects", "--batch"], cwd=fresh_hub.host.bare, check=True, capture_output=True
    )
    assert secret.encode() not in kept.stdout
    assert secret not in (fresh_hub.folder / "run-1/log").read_text()
