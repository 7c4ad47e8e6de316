"""Reading git objects: one `git cat-file --batch` process answers for a whole tree."""

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO, cast

from toolbuilder.adapters.git.process import Git
from toolbuilder.errors import RepositoryError

BYTE_LIMIT = 64 << 20  # of all files of one reading: they are kept in memory, and a tool is far smaller

_TREE_MODE = "40000"
_REGULAR_MODES = "100"  # 100644 and 100755; symbolic links are 120000, submodules 160000


@dataclass(frozen=True)
class GitObject:
    """One object as stored."""

    id: str
    kind: str  # "blob", "tree", "commit" or "tag"
    content: bytes


@dataclass(frozen=True)
class ObjectReader:
    """A running `git cat-file --batch`, asked one object at a time so that no pipe can fill up unread."""

    git: Git
    process: subprocess.Popen[bytes]

    def get(self, name: str, limit: int = BYTE_LIMIT) -> GitObject | None:
        """Give the object that a revision names, or None. Raises RepositoryError if it has more than `limit` bytes."""
        if "\n" in name:
            return None
        header = self._ask(name)
        if header.endswith((b" missing\n", b" ambiguous\n")):
            return None
        object_id, kind, size = header.decode().split()
        if int(size) > limit:
            raise RepositoryError(f"{name} has {size} bytes where {limit} are left: too much for one reading")
        output = cast("IO[bytes]", self.process.stdout)
        content = output.read(int(size))
        output.read(1)
        return GitObject(object_id, kind, content)

    def _ask(self, name: str) -> bytes:
        try:
            sink = cast("IO[bytes]", self.process.stdin)
            sink.write(name.encode(errors="surrogateescape") + b"\n")
            sink.flush()
            header = cast("IO[bytes]", self.process.stdout).readline()
        except BrokenPipeError:
            header = b""
        if header:
            return header
        stderr = cast("IO[bytes]", self.process.stderr).read()
        raise self.git.error(("cat-file", "--batch"), stderr.decode(errors="replace").strip(), self.process.wait())


@contextmanager
def object_reader(git: Git) -> Iterator[ObjectReader]:
    """Keep one reading process for the length of a `with` block."""
    with git.start("cat-file", "--batch") as process:
        try:
            yield ObjectReader(git, process)
        finally:
            process.kill()  # it may be in the middle of an object that nobody wants any more
            with suppress(BrokenPipeError):  # a git that refused at once has left the question in the pipe
                cast("IO[bytes]", process.stdin).close()


def read_files(reader: ObjectReader, commit: str, under: str = "", limit: int = BYTE_LIMIT) -> Mapping[str, bytes]:
    """Give every regular file of a commit at or below a path, by full path in order; links and submodules are left out.

    Raises RepositoryError if the commit is not stored here or the files have more than `limit` bytes together.
    """
    root = reader.get(f"{commit}^{{tree}}")
    if root is None:
        raise RepositoryError(f"there is no commit {commit} in {reader.git.folder}; type `git fetch` if it was pushed")
    wanted = tuple(filter(None, under.split("/")))
    files: dict[str, bytes] = {}
    for path, blob_id in sorted(_below(reader, _Entry(_TREE_MODE, "", root.id), "", wanted)):
        files[path] = _need(reader, blob_id, limit).content
        limit -= len(files[path])
    return files


@dataclass(frozen=True)
class _Entry:
    mode: str
    name: str
    id: str


def _below(reader: ObjectReader, entry: _Entry, path: str, wanted: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Walk down the wanted names, then everywhere: (path, blob id) of regular files."""
    if entry.mode == _TREE_MODE:
        for child in _entries(_need(reader, entry.id)):
            if not wanted or child.name == wanted[0]:
                yield from _below(reader, child, f"{path}/{child.name}" if path else child.name, wanted[1:])
    elif entry.mode.startswith(_REGULAR_MODES) and not wanted:
        yield path, entry.id


def _entries(tree: GitObject) -> Iterator[_Entry]:
    """Parse a tree object: `<mode> <name>NUL<raw id>`, again and again."""
    id_length = len(tree.id) // 2
    position = 0
    while position < len(tree.content):
        end = tree.content.index(b"\0", position)
        mode, name = tree.content[position:end].split(b" ", 1)
        position = end + 1 + id_length
        yield _Entry(mode.decode(), name.decode(errors="surrogateescape"), tree.content[end + 1 : position].hex())


def _need(reader: ObjectReader, object_id: str, limit: int = BYTE_LIMIT) -> GitObject:
    found = reader.get(object_id, limit)
    if found is None:
        raise RepositoryError(
            f"object {object_id} is missing in {reader.git.folder}; type `git fsck` to see the damage"
        )
    return found
