"""Refs as files: names and commit ids without a git process."""

import re
from collections.abc import Iterator
from pathlib import Path

from toolbuilder.adapters.git.process import Git

_OBJECT_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


def refs_below(git: Git, under: str) -> dict[str, str | None]:
    """Give all refs below a folder of refs by name; None for one that only git can resolve.

    A repository that keeps its refs in another form than files is asked by one `git for-each-ref`.
    """
    common = _common_folder(git.folder)
    if common is None or (common / "reftable").exists():
        listed = git.output("for-each-ref", "--format=%(objectname) %(refname)", under).decode(errors="surrogateescape")
        return dict(_rows(listed))
    # What is packed while this runs is found in both places, or in the second one: so the order matters.
    files = [path for path in (common / under).rglob("*") if path.is_file() and path.suffix != ".lock"]
    loose = {path.relative_to(common).as_posix(): _id_in(_text(path)) for path in files}
    packed = {name: found for name, found in _rows(_text(common / "packed-refs")) if name.startswith(under)}
    return dict(sorted({**packed, **loose}.items()))


def _common_folder(start: Path) -> Path | None:
    """Find what all work trees of a repository share, as git does: upwards, `.git` before a bare repository."""
    here = start.resolve()
    for folder in (here, *here.parents):
        found = _git_folder(folder / ".git") or (folder if _is_git_folder(folder) else None)
        if found:
            shared = found / "commondir"
            return (found / _text(shared).strip()).resolve() if shared.is_file() else found
    return None


def _git_folder(path: Path) -> Path | None:
    if path.is_file():  # of a linked work tree
        return (path.parent / _text(path).strip().removeprefix("gitdir: ")).resolve()
    return path if _is_git_folder(path) else None


def _is_git_folder(folder: Path) -> bool:
    return (folder / "HEAD").exists() and (folder / "objects").is_dir() and (folder / "refs").is_dir()


def _rows(text: str) -> Iterator[tuple[str, str | None]]:
    """Read `<id> <name>` lines; `#` begins a remark, `^` the commit of the tag before."""
    for line in text.splitlines():
        found, _, name = line.partition(" ")
        if name and line[0] not in "#^":
            yield name, _id_in(found)


def _id_in(text: str) -> str | None:
    return text.strip() if _OBJECT_ID.fullmatch(text.strip()) else None


def _text(path: Path) -> str:
    """Read a file; one that is gone by now has been packed or deleted in this moment."""
    try:
        return path.read_text(errors="surrogateescape")
    except FileNotFoundError:
        return ""
