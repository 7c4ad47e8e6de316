"""A stage's fresh files meet what people did to the earlier ones: a three-way merge, file by file.

The base is what the stage itself wrote last time, which its record names by git blob id.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from toolbuilder.errors import NeedsPerson
from toolbuilder.history import blob_id
from toolbuilder.ports import Repository
from toolbuilder.stage import Files


@dataclass(frozen=True)
class Merged:
    """What is to be written, and which paths go."""

    files: Files
    removed: tuple[str, ...]


@dataclass(frozen=True)
class Versions:
    """One path: as the stage wrote it last time (a blob id), as it stands, as the stage writes it now."""

    path: str
    pristine: str | None
    present: bytes | None
    fresh: bytes | None
    like: str  # any object id of the repository: tells its format

    @property
    def untouched(self) -> bool:
        """Whether nobody edited the file since the stage wrote it."""
        return self.present is None or blob_id(self.present, self.like) == self.pristine

    @property
    def same_again(self) -> bool:
        """Whether the stage writes what it wrote last time."""
        return self.fresh is not None and blob_id(self.fresh, self.like) == self.pristine


def merge_files(repository: Repository, pristine: Mapping[str, str], present: Files, fresh: Files, like: str) -> Merged:
    """Merge what a stage writes into what stands there. Raises NeedsPerson naming every file in conflict."""
    paths = sorted({*pristine, *fresh})
    results = {
        path: merge_file(repository, Versions(path, pristine.get(path), present.get(path), fresh.get(path), like))
        for path in paths
    }
    conflicts = [path for path, (clean, _) in results.items() if not clean]
    if conflicts:
        raise NeedsPerson(
            "the new result and edits made on the branch do not fit together; nothing was overwritten",
            findings=[f"{path} was edited, and what is generated now differs in the same place" for path in conflicts],
            advice="Take the edit back on the branch, or change the spec so that the edit is no longer needed.",
        )
    kept = {path: content for path, (_, content) in results.items() if content is not None}
    return Merged(kept, tuple(path for path in paths if path in present and path not in kept))


def merge_file(repository: Repository, versions: Versions) -> tuple[bool, bytes | None]:
    """Merge one file: whether it merges, and what it becomes (None: it is not there)."""
    if versions.same_again:
        return True, versions.present  # a deleted file stays deleted
    if versions.untouched or versions.present == versions.fresh:
        return True, versions.fresh
    if versions.pristine is None or versions.present is None or versions.fresh is None:
        return False, None
    result = repository.merge(versions.pristine, versions.present, versions.fresh)
    return result is not None, result
