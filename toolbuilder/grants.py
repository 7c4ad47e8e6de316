"""Grants: who may spend how much of a day's cap, on one ref that all runs move by compare-and-swap.

A cap of a day is hard because of the order in which everything is read and written. Every purchase is made under a
grant, whose id its journal entry carries, and the sum of a run's purchases and reservations never passes its grants.

- To be granted more, a run reads first the grants, then the batches that are sent and not fetched, then the journals of
  all tools, each as it stands at the remote by then. Used up is what live grants allow, and what was bought, or is to
  be paid for a batch, under no live grant. It takes what is left, or less, if the grants still are those that it read:
  a lost race reads everything again.
- A run gives a grant back after its purchases are journalled, and a batch is struck out after its answers are.

So whatever is missing in the journals that were read is missing because it was stored later; then the batch that it
came of was still open when the batches were read, or the grant that covers it still stood when the grants were read.
Read or given back in any other order, a purchase could be in none of the three.

A run that is dead gives nothing back: its grant runs out by its time, and only what it has journalled counts from then
on. What no rule can hold is a call that was made and never journalled: of a run that was killed, or could not push.
Clocks have to agree within `MARGIN`: so long before its end, a grant is used no more by its own run.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from toolbuilder.errors import RepositoryError
from toolbuilder.ports import Commit, Repository
from toolbuilder.runs import LIFETIME
from toolbuilder.schema import canonical_json

REF = "refs/toolbuilder/budget"
MARGIN = timedelta(minutes=30)  # longer than any call takes until its answer is journalled


class Grant(BaseModel):
    """What one run may spend on one day."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True, allow_inf_nan=False)

    id: str  # no two are the same
    day: str  # YYYY-MM-DD, in UTC
    usd: Decimal  # in total
    run: str  # whose it is, to read
    until: AwareDatetime  # `LIFETIME` after its run last had more granted

    def is_live(self, now: datetime) -> bool:
        """Say whether it still stands."""
        return now < self.until

    @property
    def path(self) -> str:
        """Where it is written."""
        return f"{self.day}/{self.id}.json"


@dataclass(frozen=True)
class Grants:
    """All grants, as they stood at one moment."""

    tip: str | None  # of the ref
    files: Mapping[str, Grant]  # by path

    def live(self, day: str, now: datetime) -> dict[str, Grant]:
        """Give the grants of a day that still stand, by id."""
        return {one.id: one for one in self.files.values() if one.day == day and one.is_live(now)}

    def long_over(self, now: datetime) -> tuple[str, ...]:
        """Give the paths of grants that ran out so long ago that all clocks agree on it."""
        return tuple(path for path, one in self.files.items() if not one.is_live(now - LIFETIME))


def read_grants(repository: Repository) -> Grants:
    """Read the grants as they are here. Raises RepositoryError for one that is damaged."""
    tip = repository.resolve(REF)
    files = repository.read(tip) if tip else {}
    return Grants(tip, {path: _parsed(path, content) for path, content in files.items()})


def put_grant(repository: Repository, seen: Grants, grant: Grant, now: datetime, date: str) -> None:
    """Write a grant, its earlier form overwritten, and strike out what is long over; `date` is that of a first commit.

    Raises RaceLost unless the grants still are those that were seen.
    """
    content = (canonical_json(grant) + "\n").encode()
    over = tuple(path for path in seen.long_over(now) if path != grant.path)
    first, parents = ("", (seen.tip,)) if seen.tip else (date, ())
    commit = Commit(parents, "Grant money\n", {grant.path: content}, over, date=first)
    repository.swap(REF, repository.write(commit), seen.tip)


def strike_out(repository: Repository, seen: Grants, path: str) -> None:
    """Strike out a grant that was seen. Raises RaceLost unless the grants still are those that were seen."""
    parents = (seen.tip,) if seen.tip else ()
    repository.swap(REF, repository.write(Commit(parents, "Give money back\n", {}, (path,))), seen.tip)


def _parsed(path: str, content: bytes) -> Grant:
    try:
        return Grant.model_validate_json(content)
    except ValidationError:
        raise RepositoryError(
            f"{REF}: {path} is not a grant; once no run spends any more, delete the ref, here with "
            f"`git update-ref -d {REF}` and where it was pushed to: all grants are forgotten then"
        ) from None
