"""What a tool has cost: by stage and model."""

from decimal import Decimal

from toolbuilder.budget import dollars
from toolbuilder.stages import STAGES
from toolbuilder.telling.fitting import Part
from toolbuilder.telling.markdown import code, prose, row, table_head
from toolbuilder.telling.view import Paid, ToolView

STAGE_HEAD = table_head("Stage", "Commit", "Answered by", "Tokens", "Cost of its answers")
PAID_HEAD = table_head("Stage", "Model", "Calls", "Input tokens", "From cache", "Output tokens", "Paid")
FREE = "Nothing was paid: every answer came from the embedded engine."


def cost_parts(view: ToolView) -> tuple[Part, ...]:
    """Give what went into each stage's commit, and what was bought for it, whatever became of it."""
    stages = tuple(_stage(name, view) for name in _stages(view))
    paid = tuple(map(_paid, view.paid))
    return (
        Part("Cost", _total(view), stages, head=STAGE_HEAD),
        Part("", "What was bought, answers that were rejected included:" if paid else "", paid, head=PAID_HEAD),
        Part("", _before(view)),
    )


def usd(amount: float) -> str:
    """Give an amount as every report shows it."""
    return dollars(Decimal(str(amount)))


def _stages(view: ToolView) -> list[str]:
    return [stage.name for stage in STAGES if stage.name in view.commits]


def _total(view: ToolView) -> str:
    if not view.commits:
        return ""
    if not view.paid:
        return FREE if view.engines <= {"offline", "none"} else "The journal is not here: what was paid is not known."
    calls, total = sum(one.spent.calls for one in view.paid), sum(one.spent.usd for one in view.paid)
    doubt = sum(one.spent.at_most_usd for one in view.paid)
    unpriced = sum(one.spent.unpriced_calls for one in view.paid)
    said = [f"{usd(total)} was paid for {calls} calls."]
    said += [f"Of this, {usd(doubt)} is reserved: nobody knows whether those calls were billed."] if doubt else []
    said += [f"The price of {unpriced} calls is unknown: they are in no amount."] if unpriced else []
    return " ".join(said)


def _stage(name: str, view: ToolView) -> str:
    entry = view.commits[name]
    said = {key.removeprefix("Toolbuilder-"): prose(value, 100) for key, value in entry.trailers.items()}
    answered = " ".join(filter(None, (said.get("Engine", ""), f"({said['Model']})" if said.get("Model") else "")))
    return row(
        f"{name} (**edited since by people**)" if name in view.edits.stages else name,
        code(entry.commit[:12]),
        answered,
        said.get("Tokens", ""),
        _amount(entry.trailers.get("Toolbuilder-Cost-USD", "")),
    )


def _amount(text: str) -> str:
    """Read a trailer; a person may have written anything there."""
    try:
        return usd(float(text))
    except (ValueError, ArithmeticError):
        return prose(text, 20)


def _paid(one: Paid) -> str:
    spent = one.spent
    share = f"{spent.cache_hit_share:.0%}"
    cost = "unknown" if spent.unpriced_calls == spent.calls else usd(spent.usd)
    cells = (
        one.stage,
        prose(spent.name, 80),
        str(spent.calls),
        str(spent.input_tokens),
        share,
        str(spent.output_tokens),
        cost,
    )
    return row(*cells)


def _before(view: ToolView) -> str:
    before = view.paid_before
    return f"Earlier versions of this spec have cost {usd(before.usd)} in {before.calls} calls." if before else ""
