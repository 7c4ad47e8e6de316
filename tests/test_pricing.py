from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from toolbuilder.adapters.anthropic.request import request_of
from toolbuilder.adapters.prices import price_list
from toolbuilder.ports import Answer, Question
from toolbuilder.pricing import Model, OwnPrice, Usage, worst_case
from toolbuilder.schema import canonical_json

SCHEMA = '{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}'
QUESTION = Question("write_module", "Write.", '{"name":"x"}', "{}", SCHEMA, deadline=10, max_tokens=1_000)
HAIKU = Model("anthropic", "claude-haiku-5-5", price_list("anthropic"))


@settings(deadline=None)  # as below
@given(text=st.text(max_size=300), feedback=st.text(max_size=100))
def test_the_worst_case_has_a_token_for_every_byte_of_the_request(text: str, feedback: str) -> None:
    question = replace(QUESTION, instruction=text, context=text, input=canonical_json(text), feedback=feedback)
    for enforced in (True, False):
        request = request_of(question, "a-model", enforced=enforced)

        assert len(texts_of(request).encode(errors="surrogatepass")) <= worst_case(question).input_tokens


def texts_of(value: object) -> str:
    """Give all texts of a request one after the other, as a tokenizer sees them: without JSON's own escapes."""
    match value:
        case str():
            return value
        case dict():
            return "".join(f"{key}{texts_of(one)}" for key, one in value.items())
        case list():
            return "".join(map(texts_of, value))
        case _:
            return str(value)


def test_the_worst_case_writes_everything_to_the_cache_and_uses_every_output_token() -> None:
    worst = worst_case(QUESTION)
    assert worst == Usage(worst.input_tokens, 1_000, 0, worst.input_tokens)


@settings(deadline=None)  # the first call loads the price list
@given(tokens=st.integers(0, 10**6), output=st.integers(0, 1_000), read=st.floats(0, 1), written=st.floats(0, 1))
def test_no_usage_within_the_worst_case_costs_more(tokens: int, output: int, read: float, written: float) -> None:
    question = replace(QUESTION, input="x" * 200_000)
    tokens = min(tokens, worst_case(question).input_tokens)
    cached = int(tokens * read)
    answer = Answer("", "", "", tokens, output, 0.0, cached, int((tokens - cached) * written))

    cost, worst = HAIKU.cost(answer), HAIKU.worst(question)
    assert cost is not None
    assert worst is not None
    assert cost <= worst


def test_a_model_without_a_price_has_no_worst_case() -> None:
    unknown = Model("anthropic", "nobody-knows-it-1", price_list("anthropic"))
    assert unknown.worst(QUESTION) is None
    assert unknown.cost(Answer("", "", "", 1, 1)) is None


def test_a_price_list_without_prices_for_a_cache_still_gives_a_worst_case() -> None:
    plain = Model("shop", "shop-1", lambda _model, usage: None if usage.cache_write_tokens else Decimal(1))
    assert plain.worst(QUESTION) == 1


def test_a_price_of_ones_own_is_read_from_settings_and_is_never_negative() -> None:
    read = TypeAdapter(OwnPrice).validate_python
    assert read({"input": 1.5, "output": "5"}) == OwnPrice(Decimal("1.5"), Decimal(5))
    for wrong in (-1, "NaN", "Infinity"):
        with pytest.raises(ValidationError):
            read({"input": wrong, "output": 1})
