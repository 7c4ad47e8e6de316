"""A bare repository that others see: its hooks get in the way of a push, and take down every ref that moved."""

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Git = Callable[..., str]

_TAKE_DOWN = """\
#!/bin/sh
[ "$1" = committed ] || exit 0
cat >>moves
"""
_TROUBLE = """\
#!/bin/sh
count=$(($(cat pushes 2>/dev/null || echo 0) + 1))
echo $count >pushes
[ "$count" = "$(cat trouble-at 2>/dev/null)" ] || exit 0
{before}
touch trouble-follows
"""
_AFTERWARDS = """\
#!/bin/sh
[ -e trouble-follows ] || exit 0
rm trouble-follows
{after}
"""
_WAIT = "exec 9>alive; echo waiting >&9; read -r _ <never"  # whoever reads `alive` sees it end with this process
TROUBLES = {  # what the remote does to one push: before its refs move, after they have moved
    "rejects": ("echo 'the disk is full' >&2; exit 1", ""),
    "hangs": (_WAIT, ""),
    "dies": ("kill -9 $PPID", ""),
    "drops the reply": ("", "kill -9 $PPID"),
    "hangs once it is done": ("", _WAIT),
}


@dataclass(frozen=True)
class BareRemote:
    """The remote and its hooks."""

    folder: Path
    git: Git

    def hook(self, name: str, script: str) -> None:
        path = self.folder / "hooks" / name
        path.write_text(script)
        path.chmod(0o755)

    def makes_trouble(self, kind: str, at: int) -> None:
        """Make the push with this number, counted from 1 over all that are tried from now on, go wrong."""
        before, after = TROUBLES[kind]
        self.hook("pre-receive", _TROUBLE.format(before=before))
        self.hook("post-receive", _AFTERWARDS.format(after=after))
        for name in ("alive", "never"):
            if not (self.folder / name).exists():
                os.mkfifo(self.folder / name)
        (self.folder / "pushes").write_text("0")
        (self.folder / "trouble-at").write_text(str(at))

    def behaves(self) -> None:
        (self.folder / "trouble-at").unlink(missing_ok=True)

    def pushes(self) -> int:
        return int((self.folder / "pushes").read_text())

    def tips(self) -> dict[str, str]:
        listed = self.git(self.folder, "for-each-ref", "--format=%(refname) %(objectname)")
        return dict(line.split() for line in listed.splitlines())

    def moves(self) -> list[tuple[str, str, str]]:
        """Give every move of a ref: its old tip, its new one, its name."""
        path = self.folder / "moves"
        rows = [line.split() for line in path.read_text().splitlines()] if path.exists() else []
        return [(old, new, ref) for old, new, ref in rows if ref.startswith("refs/")]

    def wrong_moves(self) -> list[str]:
        """Give the moves that lost a commit: every one is to go forward."""
        return [f"{ref}: {old} -> {new}" for old, new, ref in self.moves() if not self._forward(old, new)]

    def _forward(self, old: str, new: str) -> bool:
        if not old.strip("0"):
            return True
        asked = ["git", "-C", str(self.folder), "merge-base", "--is-ancestor", old, new]
        return subprocess.run(asked, check=False, capture_output=True).returncode == 0


def bare_remote(git: Git, folder: Path, of: Path) -> BareRemote:
    """Make a bare repository beside another, which calls it `origin` and pushes its branch there."""
    git(of, "init", "--quiet", "--bare", "--initial-branch=main", str(folder))
    made = BareRemote(folder, git)
    git(folder, "config", "receive.denyNonFastForwards", "false")
    git(folder, "config", "gc.auto", "0")
    git(of, "remote", "add", "origin", str(folder))
    git(of, "push", "--quiet", "origin", "HEAD:refs/heads/main")
    made.hook("reference-transaction", _TAKE_DOWN)
    return made
