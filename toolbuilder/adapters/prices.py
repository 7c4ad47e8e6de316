"""Prices of models: the table that `genai-prices` ships, never fetched, and what the settings add to it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

import genai_prices
from genai_prices.types import PriceContext

from toolbuilder.pricing import OwnPrice, Price, Usage

PER_MILLION = Decimal(1_000_000)
PROVIDERS = {"anthropic": "anthropic", "bedrock": "aws", "vertex": "google"}  # our names -> the table's
BATCH: PriceContext = {"processing": "batch"}  # the table ignores any other spelling, and charges the full price


def price_list(
    provider: str, own: Mapping[str, OwnPrice] | None = None, *, processing: Literal["", "batch"] = ""
) -> Price:
    """Give the function from a model and a usage to USD, or None where nobody knows the price.

    `own` prices count first, half of them in a batch. A provider outside `PROVIDERS`, such as a server of one's own,
    has no other ones.
    """
    named = own or {}

    def price(model: str, usage: Usage) -> Decimal | None:
        if model in named:
            return _own(named[model], usage) / (2 if processing else 1)
        known = PROVIDERS.get(provider)
        return _listed(known, model, usage, BATCH if processing else None) if known else None

    return price


def _own(price: OwnPrice, usage: Usage) -> Decimal:
    return (price.input * usage.input_tokens + price.output * usage.output_tokens) / PER_MILLION


def _listed(provider: str, model: str, usage: Usage, context: PriceContext | None) -> Decimal | None:
    counts = genai_prices.Usage(
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cache_read_tokens=usage.cache_read_tokens,
        cache_write_tokens=usage.cache_write_tokens,
    )
    try:
        return genai_prices.calc_price(counts, model, provider_id=provider, price_context=context).total_price
    except (LookupError, ValueError):  # an unknown model, or counts that contradict each other
        return None
