"""Writing one commit: checked paths, the stream for `git fast-import`, and the id that must come back."""

import hashlib
import re
from collections.abc import Iterator

from toolbuilder.errors import RepositoryError
from toolbuilder.ports import Commit

# fast-import builds every commit on a branch. This one is reset to nothing at the end of the stream, so that no ref is
# ever written: the commit is held by its objects alone until somebody swaps a ref to it.
_SCRATCH = "refs/toolbuilder/scratch"

_IDENTITY = re.compile(r"[^<>\x00-\x1f]+ <[^<>\x00-\x1f]*>")
_DATE = re.compile(r"\d{1,18} [+-]\d{4}")
_OBJECT_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\\]")  # a backslash separates folders on Windows
_HFS_IGNORES = re.compile("[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]")


def check_commit(commit: Commit, author: str) -> None:
    """Refuse, before git is asked, what must never enter a repository. Raises RepositoryError."""
    for path in (*commit.files, *commit.removed):
        check_path(path)
    for wrong in _wrong(commit, author):
        raise RepositoryError(f"cannot write a commit: {wrong}")


def check_path(path: str) -> None:
    """Refuse a path that leaves the work tree or reaches git's own folder on any file system."""
    names = path.split("/")
    if _CONTROL.search(path) or any(name in {"", ".", ".."} or _is_git_folder(name) for name in names):
        raise RepositoryError(f"cannot write the path {path!r}: use a relative path without `..`, `.git` or `\\`")


def object_id(length: int, kind: str, content: bytes) -> str:
    """Compute the id that git gives to an object, where ids have `length` digits."""
    name = "sha256" if length == 64 else "sha1"
    return hashlib.new(name, b"%s %d\0" % (kind.encode(), len(content)) + content, usedforsecurity=False).hexdigest()


def commit_content(commit: Commit, author: str, tree: str) -> bytes:
    """Give the bytes of the commit object that git must have stored."""
    lines = [f"tree {tree}", *(f"parent {parent}" for parent in commit.parents)]
    lines += [f"author {author} {commit.date}", f"committer {author} {commit.date}", "", commit.message]
    return "\n".join(lines).encode()


def import_stream(commit: Commit, author: str) -> bytes:
    """Give the fast-import stream that stores a commit, then prints its id and its tree's, then forgets the branch."""
    return b"".join(_stream(commit, author))


def _stream(commit: Commit, author: str) -> Iterator[bytes]:
    who = f"{author} {commit.date}".encode()
    yield b"feature done\ncommit %s\nmark :1\n" % _SCRATCH.encode()
    yield b"author %s\ncommitter %s\n" % (who, who) + _data(commit.message.encode())
    for word, parent in zip(["from", *["merge"] * len(commit.parents)], commit.parents, strict=False):
        yield f"{word} {parent}\n".encode()
    for path in sorted(commit.removed):
        yield b"D %s\n" % _quoted(path)
    for path, content in sorted(commit.files.items()):
        mode = b"100755" if path in commit.executable else b"100644"
        yield b"M %s inline %s\n" % (mode, _quoted(path)) + _data(content)
    yield b'\nget-mark :1\nls :1 ""\nreset %s\n\ndone\n' % _SCRATCH.encode()


def _data(content: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(content), content)


def _quoted(path: str) -> bytes:
    return b'"%s"' % path.encode(errors="surrogateescape").replace(b'"', b'\\"')


def _is_git_folder(name: str) -> bool:
    """Recognise `.git` as any file system may spell it: HFS+ ignores characters, NTFS trailing dots and streams."""
    plain = _HFS_IGNORES.sub("", name).casefold().split(":")[0].rstrip(". ")
    return plain in {".git", "git~1"}


def _wrong(commit: Commit, author: str) -> Iterator[str]:
    if not _IDENTITY.fullmatch(author):
        yield f"the author must have the form `Name <mail>`, not {author!r}"
    if not _DATE.fullmatch(commit.date):
        yield f"the date must have the form `<seconds> +0000`, not {commit.date!r}"
    if "\0" in commit.message:
        yield "its message contains a NUL character"
    yield from (
        f"its parent {parent!r} is no commit id" for parent in commit.parents if not _OBJECT_ID.fullmatch(parent)
    )
    yield from (f"{path!r} is executable but not written" for path in commit.executable if path not in commit.files)
    yield from (
        f"{path!r} is a file and a folder" for file in commit.files for path in _folders(file) & commit.files.keys()
    )


def _folders(path: str) -> set[str]:
    parts = path.split("/")
    return {"/".join(parts[:end]) for end in range(1, len(parts))}
