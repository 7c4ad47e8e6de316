"""What was spent: cost and tokens by tool, stage, microtask, model and day, from the journals."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from toolbuilder.commits import branch_of
from toolbuilder.history import AnyStage
from toolbuilder.metacognition import DIAGNOSE
from toolbuilder.ports import Repository
from toolbuilder.spending import Bought, sum_of

ANY_STAGE = "any stage"  # a diagnosis belongs to whichever stage failed


@dataclass(frozen=True)
class Spent:
    """What a group of paid calls came to."""

    name: str
    calls: int
    unanswered_calls: int  # paid for, perhaps, without a usable answer
    unpriced_calls: int  # no price is known: they are in no amount
    input_tokens: int  # all of them, those read from or written to the cache included
    output_tokens: int
    cache_read_tokens: int
    cache_write_tokens: int
    cache_hit_share: float  # of the input tokens, 0 to 1
    usd: float
    at_most_usd: float  # the part of `usd` that is a reservation, because nobody knows whether it was billed


@dataclass(frozen=True)
class Metrics:
    """The paid calls of a repository, in total and in groups; `committed_usd`: what stage commits say, by tool.

    A commit's trailer counts the answers that went into the stage, whenever they were bought, so that the two may
    differ: the journal is what was paid.
    """

    total: Spent
    tools: tuple[Spent, ...]
    stages: tuple[Spent, ...]
    microtasks: tuple[Spent, ...]
    models: tuple[Spent, ...]
    days: tuple[Spent, ...]
    committed_usd: Mapping[str, float]


def metrics_of(bought: Sequence[Bought], stages: Sequence[AnyStage], committed_usd: Mapping[str, float]) -> Metrics:
    """Group paid calls every way there is; dearest first, days in their order."""
    stage_of = {task.name: stage.name for stage in stages for task in stage.microtasks}
    days = _groups(bought, lambda one: one.day)
    return Metrics(
        total=spent("total", bought),
        tools=_groups(bought, lambda one: one.tool),
        stages=_groups(bought, lambda one: stage_of.get(one.microtask, _stage_of_none(one.microtask))),
        microtasks=_groups(bought, lambda one: one.microtask),
        models=_groups(bought, lambda one: one.answer.model),
        days=tuple(sorted(days, key=lambda day: day.name)),
        committed_usd=dict(committed_usd),
    )


def spent(name: str, bought: Sequence[Bought]) -> Spent:
    """Add paid calls up."""
    answers = [one.answer for one in bought]
    inputs = sum(answer.input_tokens for answer in answers)
    read = sum(answer.cache_read_tokens for answer in answers)
    return Spent(
        name=name,
        calls=len(bought),
        unanswered_calls=sum(not one.purchase.answered for one in bought),
        unpriced_calls=sum(one.purchase.cost == "unknown" for one in bought),
        input_tokens=inputs,
        output_tokens=sum(answer.output_tokens for answer in answers),
        cache_read_tokens=read,
        cache_write_tokens=sum(answer.cache_write_tokens for answer in answers),
        cache_hit_share=read / inputs if inputs else 0.0,
        usd=float(sum_of(bought)),
        at_most_usd=float(sum_of(one for one in bought if one.purchase.cost == "at most")),
    )


def committed_usd(repository: Repository, tools: Iterable[str]) -> dict[str, float]:
    """Give what the trailers of each tool's stage commits add up to; tools without commits are left out."""
    sums: dict[str, float] = {}
    for tool in tools:
        trailers = [entry.trailers for entry in repository.log(branch_of(tool))]
        costs = [
            _number(one.get("Toolbuilder-Cost-USD", "")) for one in trailers if one.get("Toolbuilder-Tool") == tool
        ]
        if costs:
            sums[tool] = round(sum(costs), 6)
    return sums


def _stage_of_none(microtask: str) -> str:
    return ANY_STAGE if microtask == DIAGNOSE.name else "unknown"


def _number(text: str) -> float:
    """Read a trailer; a person may have written anything there."""
    try:
        return float(text)
    except ValueError:
        return 0.0


def _groups(bought: Iterable[Bought], name_of: Callable[[Bought], str]) -> tuple[Spent, ...]:
    groups: dict[str, list[Bought]] = defaultdict(list)
    for one in bought:
        groups[name_of(one)].append(one)
    rows = [spent(name, group) for name, group in groups.items()]
    return tuple(sorted(rows, key=lambda row: (-row.usd, row.name)))
