from decimal import Decimal

import pytest

from toolbuilder.adapters.prices import price_list
from toolbuilder.pricing import OwnPrice, Usage

HAIKU, SONNET = "claude-haiku-5-5", "claude-sonnet-5-5"
LISTED = price_list("anthropic")


def usd(model: str, *counts: int, of: str = "anthropic") -> Decimal | None:
    return price_list(of)(model, Usage(*counts))


def test_input_and_output_are_priced_by_the_million() -> None:
    assert LISTED(SONNET, Usage(1_000_000, 0)) == 2
    assert LISTED(SONNET, Usage(0, 1_000_000)) == 10


def test_cached_tokens_are_among_the_input_tokens_and_have_prices_of_their_own() -> None:
    plain = usd(SONNET, 1_000, 0)
    assert plain == Decimal("0.002")
    assert usd(SONNET, 1_000, 0, 1_000) == Decimal("0.0001")
    assert usd(SONNET, 1_000, 0, 0, 1_000) == Decimal("0.0025")
    assert usd(SONNET, 1_000, 0, 400, 300) == Decimal("0.00139")


def test_a_long_context_costs_five_times_more_from_its_first_token_on() -> None:
    below, above = usd(HAIKU, 100_000, 100), usd(HAIKU, 100_001, 100)
    assert (below, above) == (Decimal("0.01005"), Decimal("0.0502505"))


@pytest.mark.parametrize("model", [HAIKU, SONNET])
@pytest.mark.parametrize("tokens", [1_000, 200_000])
def test_a_batch_costs_half(model: str, tokens: int) -> None:
    usage = Usage(tokens, 100)
    full, half = LISTED(model, usage), price_list("anthropic", processing="batch")(model, usage)
    assert full is not None
    assert half == full / 2


@pytest.mark.parametrize("provider", ["anthropic", "bedrock", "vertex"])
def test_an_unknown_model_has_no_price(provider: str) -> None:
    assert usd("nobody-knows-it-1", 1, 1, of=provider) is None


def test_a_server_of_ones_own_has_no_listed_prices() -> None:
    assert usd(HAIKU, 1, 1, of="http://localhost:8080") is None


def test_counts_that_contradict_each_other_have_no_price() -> None:
    assert usd(HAIKU, 100, 5, 600) is None


def test_the_clouds_have_price_lists_under_their_own_names() -> None:
    assert usd("us.anthropic.claude-haiku-4-5-20251001-v1:0", 1_000_000, 0, of="bedrock") == Decimal("1.1")
    assert usd("claude-haiku-4-5@20251001", 1_000_000, 0, of="vertex") == 1


def test_a_price_of_ones_own_counts_first() -> None:
    own = price_list("anthropic", {HAIKU: OwnPrice(Decimal(3), Decimal(15))})
    assert own(HAIKU, Usage(1_000_000, 1_000_000, 500_000)) == 18
    assert own(SONNET, Usage(1_000, 0)) == LISTED(SONNET, Usage(1_000, 0))
    batched = price_list("anthropic", {HAIKU: OwnPrice(Decimal(3), Decimal(15))}, processing="batch")
    assert batched(HAIKU, Usage(1_000_000, 1_000_000)) == 9
