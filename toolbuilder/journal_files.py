"""Small files beside the answers on a tool's journal ref, each one record, changed by compare-and-swap."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from toolbuilder.commits import journal_ref
from toolbuilder.errors import RaceLost, RepositoryError, ToolbuilderError
from toolbuilder.ports import Commit, Repository
from toolbuilder.schema import canonical_json

_ATTEMPTS = 100  # every lost race is somebody else's progress


class Written(BaseModel):
    """What such a file says."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)  # a newer toolbuilder may say more


Record = TypeVar("Record", bound=Written)


@dataclass(frozen=True)
class JournalFile(Generic[Record]):
    """One file: its path, what messages call it, and what it says; `kind()` is what counts where nothing is written."""

    path: str
    title: str
    kind: type[Record]

    def read(self, repository: Repository, tool: str) -> Record:
        """Give what is written of a tool; an empty record where there is none that can be read."""
        try:
            return self._at(repository, repository.resolve(journal_ref(tool)))
        except RepositoryError:  # its own build tells what is wrong with the journal; those of others go on
            return self.kind()

    def change(
        self, repository: Repository, tool: str, change: Callable[[Record], Record], date: str = "0 +0000"
    ) -> None:
        """Write what `change` makes of what is written now; nothing where it is the same.

        A lost race asks `change` again. `date` is that of a journal's first commit. Raises RepositoryError for a
        journal that cannot be read or moved, and whatever `change` raises.
        """
        ref = journal_ref(tool)
        for _ in range(_ATTEMPTS):
            tip = repository.resolve(ref)
            old = self._at(repository, tip)
            if (new := change(old)) == old:
                return
            files = {self.path: (canonical_json(new) + "\n").encode()}
            message = f"{tool}: {self.title}\n\nToolbuilder-Tool: {tool}\n"
            commit = Commit((tip,) if tip else (), message, files, date="" if tip else date)
            try:
                repository.swap(ref, repository.write(commit), tip)
            except RaceLost:
                continue
            return
        raise ToolbuilderError(f"{ref} moved {_ATTEMPTS} times while {self.path} was written; run again")

    def _at(self, repository: Repository, tip: str | None) -> Record:
        files = repository.read(tip, self.path) if tip else {}
        try:
            return self.kind.model_validate_json(files.get(self.path, b"{}"), strict=True)
        except ValidationError:
            return self.kind()
