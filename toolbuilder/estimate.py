"""What a build will cost, computed before anything is spent, and how far off that is for builds that were paid for."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import fmean

from toolbuilder.brief import brief_of
from toolbuilder.budget import NOTHING
from toolbuilder.build import Order, Workshop
from toolbuilder.foresight import Foreseen, Probe, foresee
from toolbuilder.journal import Journal
from toolbuilder.microtask import OFFLINE, Runner, Silent
from toolbuilder.ports import ModelBackend
from toolbuilder.pricing import Model, Usage
from toolbuilder.schema import canonical_json, digest
from toolbuilder.spending import ANY_DATE, Bought, sum_of
from toolbuilder.survey import State, context, survey

CHARACTERS_PER_TOKEN = 3.5  # of JSON and Python; a guess until past builds say more
SPARING = Decimal("0.7")  # the share of the expected cost that a lucky build takes: short answers, cached beginnings
ASKED_AGAIN = Decimal("0.25")  # the share of questions that the next rung has to answer too


@dataclass(frozen=True)
class Forecast:
    """What a stage will ask and cost; the amounts are None where a price is not known.

    `low_usd`: all answers short and right at once. `expected_usd`: a quarter asked again of the next rung. `high_usd`:
    every question asked of every rung at the worst case that a budget reserves. Repairs are not in any of them, and
    without a paid rung nothing costs anything: what is not free then is not answered.
    """

    stage: str
    calls: int
    free_calls: int
    input_tokens: int  # of the calls that are paid for
    output_tokens: int
    low_usd: float | None
    expected_usd: float | None
    high_usd: float | None


@dataclass(frozen=True)
class PastBuild:
    """What the last build of the same spec really cost, and what an estimate without knowing it says."""

    real_usd: float
    estimated_usd: float
    error: float  # 0.1: the estimate is 10 % too high


@dataclass(frozen=True)
class Estimate:
    """The forecast of each stage that is left to do, and their total; all of it computed, nothing measured."""

    tool: str
    stages: tuple[Forecast, ...]
    total: Forecast
    past: PastBuild | None


async def estimate(
    order: Order, workshop: Workshop, engine: ModelBackend, models: Sequence[Model], bought: Sequence[Bought]
) -> Estimate:
    """Estimate what is left to do of an order.

    `engine` is the embedded one, asked for free; `models` are the paid rungs of the ladder in order, `bought` all past
    purchases. Raises what reading the branch and the journal raises.
    """
    state = await asyncio.to_thread(survey, order, workshop, frozenset())
    tool = order.spec.name
    journal = Journal(workshop.repository, tool, ANY_DATE)
    probe = Probe(journal.get, engine, OFFLINE in workshop.ladder)
    done = len(state.replay.done)
    left = await _foresee(state, workshop, probe, done)
    lengths = mean_answers(bought)
    stages = tuple(
        forecast(stage.name, [one for one in left if one.stage == stage.name], models, lengths)
        for stage in workshop.stages[done:]
    )
    past = await _past(state, workshop, engine, models, bought)
    return Estimate(tool, stages, forecast("total", left, models, lengths), past)


def forecast(
    name: str, questions: Sequence[Foreseen], models: Sequence[Model], lengths: Mapping[str, float]
) -> Forecast:
    """Add up questions; `lengths` are the mean output tokens of past answers by microtask."""
    paid = [one for one in questions if not one.free]
    usages = [_usage(one, lengths) for one in paid] if models else []
    low = _sum(_price(models[0], usage, SPARING) for usage in usages)
    expected = _sum(_expected(usage, models) for usage in usages)
    high = _sum(model.worst(one.question) for one in paid for model in models)
    return Forecast(
        stage=name,
        calls=len(questions),
        free_calls=len(questions) - len(paid),
        input_tokens=sum(usage.input_tokens for usage in usages),
        output_tokens=sum(usage.output_tokens for usage in usages),
        low_usd=None if low is None else float(low),
        expected_usd=None if expected is None else float(expected),
        high_usd=None if high is None else float(high),
    )


def mean_answers(bought: Iterable[Bought]) -> dict[str, float]:
    """Give the mean number of output tokens of past answers by microtask."""
    tokens: dict[str, list[int]] = defaultdict(list)
    for one in bought:
        if one.purchase.answered:
            tokens[one.microtask].append(one.answer.output_tokens)
    return {microtask: fmean(counts) for microtask, counts in tokens.items()}


async def _foresee(state: State, workshop: Workshop, probe: Probe, done: int) -> list[Foreseen]:
    earlier = state.replay.artifacts[:done]
    start = context(state.spec, state.tree, workshop, Runner(Silent()), earlier)
    return await foresee(start, workshop.stages[done:], probe)


async def _past(
    state: State, workshop: Workshop, engine: ModelBackend, models: Sequence[Model], bought: Sequence[Bought]
) -> PastBuild | None:
    """Estimate a finished build again as if it had not happened; None where none was finished or paid for."""
    build = digest(canonical_json(brief_of(state.spec)))
    mine = [one for one in bought if one.tool == state.spec.name and one.purchase.build == build]
    real = sum_of(mine)
    if state.replay.due or not real:
        return None
    questions = await _foresee(state, workshop, Probe(lambda _: None, engine, OFFLINE in workshop.ladder), 0)
    others = mean_answers(one for one in bought if one.tool != state.spec.name)
    said = forecast("total", questions, models, others).expected_usd
    return None if said is None else PastBuild(float(real), said, said / float(real) - 1)


def _usage(one: Foreseen, lengths: Mapping[str, float]) -> Usage:
    asked = one.question
    parts = (asked.instruction, asked.context, asked.input, asked.schema)
    computed = one.answer_characters / CHARACTERS_PER_TOKEN
    output = lengths.get(asked.microtask, computed)
    return Usage(round(sum(map(len, parts)) / CHARACTERS_PER_TOKEN), round(min(output, asked.max_tokens)))


def _expected(usage: Usage, models: Sequence[Model]) -> Decimal | None:
    return _sum([_price(models[0], usage), *(_price(model, usage, ASKED_AGAIN) for model in models[1:2])])


def _price(model: Model, usage: Usage, share: Decimal = Decimal(1)) -> Decimal | None:
    usd = model.price(model.id, usage)
    return None if usd is None else usd * share


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """Add up; None where one amount is not known."""
    total = NOTHING
    for amount in amounts:
        if amount is None:
            return None
        total += amount
    return total
