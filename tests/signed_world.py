"""A remote that demands signatures, and a repository whose settings say that commits are signed."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bare_remote import BareRemote, bare_remote
from tests.pipeline_world import SPEC
from tests.signers import ANY_SIGNER, AVAILABLE, unsigned
from toolbuilder.build import Built, Order
from toolbuilder.errors import ToolbuilderError
from toolbuilder.side_by_side import build_all
from toolbuilder.spec.file import parse_spec

Git = Callable[..., str]
BRANCH = "refs/heads/toolbuilder/dedupe"
RUN = ["run", "dedupe", "--engine", "offline", "--remote", "origin"]
FIRST_STAGE = [*RUN, "--until", "requirements"]
STAND_IN = AVAILABLE[0]
RULE = f"""\
#!/bin/sh
case $1 in refs/heads/toolbuilder*) ;; *) exit 0;; esac
for commit in $(git rev-list "$3" --not --branches); do
  git -c {ANY_SIGNER} log -1 --format=%G? "$commit" | grep -q '^[GU]$' && continue
  echo "error: GH013: Repository rule violations found for $1." >&2
  echo "- Commits must have verified signatures." >&2
  exit 1
done
"""


def demanding(git_repo: Path, git: Git, folder: Path) -> BareRemote:
    """Give a remote that takes signed commits only on branches of toolbuilder's; the repository here is to sign."""
    for path, text in {
        "specs/dedupe.yaml": SPEC,
        "tools/gone/x": "x\n",
        "toolbuilder.toml": "sign_commits = true\n",
    }.items():
        (git_repo / path).parent.mkdir(parents=True, exist_ok=True)
        (git_repo / path).write_text(text)
    git(git_repo, "add", "--all")
    git(git_repo, "commit", "--quiet", "--message", "A spec")
    made = bare_remote(git, folder, git_repo)
    made.hook("update", RULE)
    return made


def unsigned_there(there: BareRemote) -> list[str]:
    return unsigned(there.folder, *(ref for ref in there.tips() if ref != "refs/heads/main"), "^refs/heads/main")


def order(folder: Path, until: str) -> Order:
    source = (folder / "specs/dedupe.yaml").read_bytes()
    return Order(parse_spec(source, "specs/dedupe.yaml"), source, until=until)


def built(folder: Path, workshop: Any, until: str = "requirements") -> Built | ToolbuilderError:
    [end] = asyncio.run(build_all([order(folder, until)], workshop, 1))
    return end
