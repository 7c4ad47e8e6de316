import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolbuilder.adapters.anthropic.quoting import LONGEST, quoted


@settings(deadline=None)
@given(st.text(), st.lists(st.text("0123456789", min_size=8), max_size=3))
def test_a_quotation_is_one_short_line_without_secrets(text: str, secrets: list[str]) -> None:
    line = quoted(" ".join([text, *secrets, text]), secrets)
    assert len(line) <= LONGEST
    assert len(line.splitlines()) <= 1
    assert not any(secret in line for secret in secrets if secret.isalnum())


@pytest.mark.parametrize(
    "text",
    [
        "invalid x-api-key sk-ant-api03-abc_DEF-123",
        "header b'Bearer abcdefgh\\n' is illegal",
        "AKIAIOSFODNN7EXAMPLE is unknown",
        "token ya29.a0AfH6SMB is expired",
    ],
)
def test_credentials_are_known_by_their_form(text: str) -> None:
    line = quoted(text)
    assert "[hidden]" in line
    assert not any(part in line for part in ("abc", "AKIA", "ya29"))


def test_a_secret_that_holds_another_is_hidden_whole() -> None:
    assert quoted("token-1234-5678", ["token-1234", "token-1234-5678"]) == "[hidden]"
