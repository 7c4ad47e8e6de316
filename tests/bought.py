"""Paid calls for the tests of what they add up to."""

from dataclasses import dataclass, field, replace

from toolbuilder.adapters.offline.backend import OfflineBackend
from toolbuilder.ports import Answer, Purchase, Question
from toolbuilder.schema import digest
from toolbuilder.spending import Bought

MORNING, NEXT_DAY = "2026-03-01T08:00:00.000000+00:00", "2026-03-02T08:00:00.000000+00:00"
PAID = Purchase(MORNING, digest("brief"))


def answer_of(usd: float, purchase: Purchase | None = PAID) -> Answer:
    return Answer("{}", "shop", "shop-1", 100, 20, usd, purchase=purchase)


def bought(usd: float, tool: str = "tool", microtask: str = "write_module", **purchase: str | bool) -> Bought:
    made = replace(PAID, **purchase)  # type: ignore[arg-type]  # fields of a purchase
    return Bought(tool, microtask, answer_of(usd, made), made)


@dataclass
class PaidEngine:
    """The embedded engine, as if every answer had its price."""

    usd: float = 0.01
    asked: list[Question] = field(default_factory=list)

    async def ask(self, question: Question) -> Answer:
        self.asked.append(question)
        answer = await OfflineBackend().ask(question)
        purchase = Purchase(MORNING, digest(question.context))
        return replace(answer, cost_usd=self.usd, input_tokens=1_000, output_tokens=200, purchase=purchase)
