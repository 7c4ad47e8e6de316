"""What was bought: the paid entries of journals, and what they add up to."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from toolbuilder.budget import Cap
from toolbuilder.journal import Journal
from toolbuilder.ports import Answer, Purchase, Repository
from toolbuilder.schema import digest

ANY_DATE = "0 +0000"  # a journal that is only read makes no commit


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


def bought_by(repository: Repository, tools: Iterable[str]) -> tuple[Bought, ...]:
    """Give the paid calls of tools by the order of their time; one that several journals hold counts once.

    Raises RepositoryError for a damaged journal.
    """
    found: dict[tuple[str, str], Bought] = {}
    for tool in sorted(tools):
        for key, entry in Journal(repository, tool, ANY_DATE).entries.items():
            if purchase := entry.answer.purchase:
                found.setdefault((key, purchase.at), Bought(tool, entry.microtask, entry.answer, purchase))
    return tuple(sorted(found.values(), key=lambda one: (one.purchase.at, one.tool)))


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


def day_cap(usd: float, day: str, bought: Iterable[Bought]) -> Cap:
    """Give the cap of a day (YYYY-MM-DD, UTC): the purchases of all tools on it draw on it."""
    today = [one for one in bought if one.day == day]
    return _cap(f"day {day}", usd, "raise the setting `day_usd` (TOOLBUILDER_DAY_USD) or wait for tomorrow", today)


def _cap(scope: str, usd: float, remedy: str, bought: Iterable[Bought]) -> Cap:
    known = [one for one in bought if one.purchase.cost != "at most"]
    unknown = [one for one in bought if one.purchase.cost == "at most"]
    return Cap(scope, Decimal(str(usd)), remedy, sum_of(known), sum_of(unknown))


def sum_of(bought: Iterable[Bought]) -> Decimal:
    """Give what purchases cost together."""
    return sum((one.usd for one in bought), Decimal(0))
