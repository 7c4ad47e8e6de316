"""What toolbuilder's refs are called at a remote: as here, or as branches where a remote takes nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from toolbuilder.adapters.git.refs import OWN_REFS

_HERE = "refs/toolbuilder/"
_THERE = "refs/heads/toolbuilder-"
_KINDS = ("journal/", "log/", "batches", "budget", "doctor/")

PATTERNS = tuple(f"{start}*" for start in (*OWN_REFS, *(f"{_THERE}{kind}" for kind in _KINDS)))


@dataclass(frozen=True)
class RefNames:
    """The names of refs here and there; "branches" puts refs/toolbuilder/journal/x on toolbuilder-journal/x."""

    kind: Literal["refs", "branches"] = "refs"

    def there(self, ref: str) -> str:
        """Give what a ref is called at the remote."""
        end = ref.removeprefix(_HERE)
        mapped = self.kind == "branches" and end != ref and end.startswith(_KINDS)
        return f"{_THERE}{end}" if mapped else ref

    def here(self, ref: str) -> str:
        """Give what a ref of the remote is called here."""
        end = ref.removeprefix(_THERE)
        mapped = self.kind == "branches" and end != ref and end.startswith(_KINDS)
        return f"{_HERE}{end}" if mapped else ref

    def read(self, listed: bytes) -> Mapping[str, str]:
        """Read what `git ls-remote` prints: commit ids by the names that toolbuilder's own refs have here."""
        rows = [line.split("\t") for line in listed.decode(errors="replace").splitlines()]
        own = {self.here(ref): commit for commit, ref in rows if self.there(self.here(ref)) == ref}
        return {ref: commit for ref, commit in own.items() if ref.startswith(OWN_REFS)}


AS_HERE = RefNames()
