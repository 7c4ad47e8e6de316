"""What was bought: the paid entries of journals, and what they add up to."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias

from toolbuilder.budget import Cap
from toolbuilder.journal import Journal
from toolbuilder.ports import Answer, Purchase, Repository
from toolbuilder.schema import digest

ANY_DATE = "0 +0000"  # a journal that is only read makes no commit


@dataclass(frozen=True)
class Cost:
    """An amount that a day's cap has to bear, and the grant that it was reserved under; empty: under none."""

    day: str  # YYYY-MM-DD, in UTC
    grant: str
    usd: Decimal
    certain: bool = True  # False: it may have cost less


@dataclass(frozen=True)
class Bought:
    """One paid call."""

    tool: str
    microtask: str
    answer: Answer
    purchase: Purchase

    @property
    def usd(self) -> Decimal:
        """What it cost, or may have cost."""
        return Decimal(str(self.answer.cost_usd))

    @property
    def day(self) -> str:
        """The day of the purchase, in UTC: YYYY-MM-DD."""
        return self.purchase.at[:10]

    @property
    def cost(self) -> Cost:
        """What it means for the cap of its day."""
        return Cost(self.day, self.purchase.grant, self.usd, certain=self.purchase.cost != "at most")


_Found: TypeAlias = Mapping[tuple[str, str], Bought]  # by what no two purchases share: key and time


def bought_by(repository: Repository, tools: Iterable[str]) -> tuple[Bought, ...]:
    """Give the paid calls of tools by the order of their time; one that several journals hold counts once.

    Raises RepositoryError for a damaged journal.
    """
    return _together(_found_in(repository, tool) for tool in sorted(tools))


@dataclass(frozen=True)
class Books:
    """The paid calls of all journals, for whoever asks again and again: only what has moved is read again."""

    repository: Repository
    tips: Callable[[], Mapping[str, str]]  # the commit of each tool's journal
    _read: dict[str, tuple[str, _Found]] = field(default_factory=dict)  # by tool: from which commit, and what

    def bought(self) -> tuple[Bought, ...]:
        """Give them as `bought_by` does. Raises RepositoryError for a damaged journal."""
        tips = self.tips()
        for tool, tip in tips.items():
            if self._read.get(tool, ("", {}))[0] != tip:
                self._read[tool] = (tip, _found_in(self.repository, tool))
        return _together(self._read[tool][1] for tool in sorted(tips))


def _found_in(repository: Repository, tool: str) -> _Found:
    found = {}
    for key, entry in Journal(repository, tool, ANY_DATE).entries.items():
        if purchase := entry.answer.purchase:
            found[key, purchase.at] = Bought(tool, entry.microtask, entry.answer, purchase)
    return found


def _together(found: Iterable[_Found]) -> tuple[Bought, ...]:
    once: dict[tuple[str, str], Bought] = {}
    for one in found:
        once = {**one, **once}
    return tuple(sorted(once.values(), key=lambda one: (one.purchase.at, one.tool)))


def bought_since(repository: Repository, tools: Iterable[str], at: str) -> tuple[Bought, ...]:
    """Give the paid calls of tools from a time on (ISO 8601 with microseconds, UTC), as `bought_by` does."""
    return tuple(one for one in bought_by(repository, tools) if one.purchase.at >= at)


def build_cap(tool: str, usd: float, context: str, bought: Iterable[Bought]) -> Cap:
    """Give the cap of a build: all purchases with the same context, whichever run made them, draw on it."""
    mine = [one for one in bought if one.tool == tool and one.purchase.build == digest(context)]
    return _cap(f"build {tool}", usd, f"raise `budget: {{usd: …}}` in specs/{tool}.yaml", mine)


def run_cap(usd: float) -> Cap:
    """Give the cap of one run of the command, which starts at nothing."""
    return _cap("run", usd, "raise the setting `run_usd` (TOOLBUILDER_RUN_USD)", ())


def _cap(scope: str, usd: float, remedy: str, bought: Iterable[Bought]) -> Cap:
    known = [one for one in bought if one.purchase.cost != "at most"]
    unknown = [one for one in bought if one.purchase.cost == "at most"]
    return Cap(scope, Decimal(str(usd)), remedy, sum_of(known), sum_of(unknown))


def sum_of(bought: Iterable[Bought]) -> Decimal:
    """Give what purchases cost together."""
    return sum((one.usd for one in bought), Decimal(0))
