"""Reading git objects: one `git cat-file --batch` process answers for a whole tree."""

import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO, NamedTuple, cast

from toolbuilder.adapters.git.process import Git
from toolbuilder.errors import RepositoryError

BYTE_LIMIT = 64 << 20  # of one object
READING_LIMIT = (
    512 << 20
)  # of all files of one reading, which are kept in memory: a tool's is far smaller, a journal grows

PIPE = 4096  # bytes that every pipe takes at once
BLOCK = 1 << 20

TREE_MODE = "40000"
REGULAR_MODES = "100"  # 100644 and 100755; symbolic links are 120000, submodules 160000


class TooLarge(RepositoryError):
    """An object has more bytes than are to be read."""


class GitObject(NamedTuple):  # as `Entry`, made far faster than a frozen dataclass, and a plan makes ten thousands
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
        return None if "\n" in name else self._answer(name, self._ask([name]), limit)

    def get_all(self, names: Iterable[str]) -> dict[str, GitObject | None]:
        """Give the objects that revisions name; one that is too large for one reading is left out.

        They are asked for in bundles that fit into the smallest pipe, so that none can fill up unread.
        """
        found: dict[str, GitObject | None] = {}
        for bundle in _bundles(names):
            header = self._ask(bundle)
            for name in bundle:
                with suppress(TooLarge):
                    found[name] = self._answer(name, header or self._header(), BYTE_LIMIT)
                header = b""
        return found

    def _answer(self, name: str, header: bytes, limit: int) -> GitObject | None:
        if header.endswith((b" missing\n", b" ambiguous\n")):
            return None
        object_id, kind, size = header.decode().split()
        output = cast("IO[bytes]", self.process.stdout)
        if int(size) > limit:
            for start in range(0, int(size) + 1, BLOCK):  # what follows is the next answer
                output.read(min(BLOCK, int(size) + 1 - start))
            raise TooLarge(f"{name} has {size} bytes where {limit} are left: too much for one reading")
        content = output.read(int(size))
        output.read(1)
        return GitObject(object_id, kind, content)

    def _ask(self, names: Sequence[str]) -> bytes:
        """Ask for objects, and give the header of the first answer."""
        try:
            sink = cast("IO[bytes]", self.process.stdin)
            sink.write("".join(f"{name}\n" for name in names).encode(errors="surrogateescape"))
            sink.flush()
        except BrokenPipeError:
            raise self._ended() from None
        return self._header()

    def _header(self) -> bytes:
        if header := cast("IO[bytes]", self.process.stdout).readline():
            return header
        raise self._ended()

    def _ended(self) -> RepositoryError:
        stderr = cast("IO[bytes]", self.process.stderr).read()
        return self.git.error(("cat-file", "--batch"), stderr.decode(errors="replace").strip(), self.process.wait())


def _bundles(names: Iterable[str]) -> Iterator[list[str]]:
    """Part names into bundles of at most `PIPE` bytes; a name that is longer stands alone, one of two lines nowhere."""
    bundle: list[str] = []
    left = PIPE
    for name in names:
        if "\n" in name:
            continue
        size = len(name.encode(errors="surrogateescape")) + 1
        if bundle and size > left:
            yield bundle
            bundle, left = [], PIPE
        bundle.append(name)
        left -= size
    if bundle:
        yield bundle


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


def read_files(reader: ObjectReader, commit: str, under: str = "", limit: int = READING_LIMIT) -> Mapping[str, bytes]:
    """Give every regular file of a commit at or below a path, by full path in order; links and submodules are left out.

    Raises RepositoryError if the commit is not stored here or the files have more than `limit` bytes together.
    """
    root = reader.get(f"{commit}^{{tree}}")
    if root is None:
        raise RepositoryError(f"there is no commit {commit} in {reader.git.folder}; type `git fetch` if it was pushed")
    wanted = tuple(filter(None, under.split("/")))
    files: dict[str, bytes] = {}
    for path, blob_id in sorted(_below(reader, Entry(TREE_MODE, "", root.id), "", wanted)):
        try:
            files[path] = need(reader, blob_id, min(limit, BYTE_LIMIT)).content
        except TooLarge as error:
            see = f"`git ls-tree -r --long {commit}` shows what is large"
            raise TooLarge(
                f"{path} in {commit} cannot be read after {len(files)} other files: {error}; {see}"
            ) from None
        limit -= len(files[path])
    return files


class Entry(NamedTuple):
    """What a tree object says of one name in it."""

    mode: str
    name: str
    id: str


def _below(reader: ObjectReader, entry: Entry, path: str, wanted: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Walk down the wanted names, then everywhere: (path, blob id) of regular files."""
    if entry.mode == TREE_MODE:
        for child in entries(need(reader, entry.id)):
            if not wanted or child.name == wanted[0]:
                yield from _below(reader, child, f"{path}/{child.name}" if path else child.name, wanted[1:])
    elif entry.mode.startswith(REGULAR_MODES) and not wanted:
        yield path, entry.id


def entries(tree: GitObject) -> Iterator[Entry]:
    """Parse a tree object: `<mode> <name>NUL<raw id>`, again and again."""
    id_length, content = len(tree.id) // 2, tree.content
    position = 0
    while position < len(content):
        end = content.index(b"\0", position)
        mode, _, name = content[position:end].decode(errors="surrogateescape").partition(" ")
        position = end + 1 + id_length
        yield Entry(mode, name, content[end + 1 : position].hex())


def need(reader: ObjectReader, object_id: str, limit: int = BYTE_LIMIT) -> GitObject:
    """Give an object by its id. Raises RepositoryError if it is not stored, or has more than `limit` bytes."""
    found = reader.get(object_id, limit)
    if found is None:
        raise RepositoryError(
            f"object {object_id} is missing in {reader.git.folder}; type `git fsck` to see the damage"
        )
    return found
