from typing import Any

import pytest

from tests.sabotage import Protection, assert_guarded
from toolbuilder import credentials
from toolbuilder.errors import FileIsWrong
from toolbuilder.spec import file

KEY = "sk-ant-" + "a" * 24  # made up, and put together here so that no scanner takes it for a real one
SPEC = f"""\
name: dedupe
description: Remove duplicate lines.
input_type: lines
output_type: nothing
examples:
  - {{input: "{KEY}", output: "x"}}
"""


def a_spec_that_holds_a_credential_is_refused_by_line_and_never_quoted(part: Any) -> None:
    with pytest.raises(FileIsWrong) as refused:
        part.parse_spec(SPEC.encode(), "dedupe.yaml")
    assert str(refused.value).startswith("dedupe.yaml:6:1: this looks like an API key; ")
    assert "aaaa" not in str(refused.value)


FORMS = [
    *((f"{start}{'x' * 36}", "an API key") for start in ("sk-", "sk-ant-")),
    *((f"gh{kind}_{'x' * 36}", "a GitHub token") for kind in "pousr"),
    ("github_pat_" + "x" * 60, "a GitHub token"),
    *((f"A{kind}IA{'X' * 16}", "an AWS key id") for kind in "KS"),
    *((f"-----BEGIN {kind}PRIVATE KEY" + "-----", "a private key") for kind in ("", "RSA ", "OPENSSH ")),
    *((f"xox{kind}-{'1' * 24}", "a Slack token") for kind in "abprs"),
]


def every_form_is_found(part: Any) -> None:
    for text, kind in FORMS:
        assert part.credentials_in(f"first\n{text}\n".encode()) == [(2, kind)]


def every_form_is_found_after_an_escape(part: Any) -> None:
    for text, kind in FORMS:
        for escape in ("\\n", "\\t", "\\x1b", "\\u0022"):
            assert part.credentials_in(f'KEY = "x{escape}{text}"\n'.encode()) == [(1, kind)]
    assert part.credentials_in(f"a\\ta{KEY} risk-{'x' * 36}\n".encode()) == []


@pytest.mark.parametrize(
    "piece", [r"|(?<=\\[abfnrtv0])", r"|(?<=\\x[0-9a-fA-F]{2})", r"|(?<=\\u[0-9a-fA-F]{4})", r"\b|"]
)
def test_a_credential_after_an_escape_in_source_text_is_found(piece: str) -> None:
    assert_guarded(credentials, (every_form_is_found_after_an_escape, piece, "|" if piece == r"\b|" else ""))


@pytest.mark.parametrize(
    ("text", "instead"),
    [('"ghr_", ', ""), (', "github_pat_"', ""), ('("AKIA", "ASIA")', '("AKIA",)'), ('("sk-",)', '("sk-ant-",)')],
)
def test_a_credential_that_is_looked_over_is_caught(text: str, instead: str) -> None:
    assert_guarded(credentials, (every_form_is_found, text, instead))


GUARDED: list[Protection] = [
    (
        a_spec_that_holds_a_credential_is_refused_by_line_and_never_quoted,
        "if leaked := credentials_in(content):",
        'if leaked := credentials_in(b""):',
    ),
]


@pytest.mark.parametrize("protection", GUARDED)
def test_what_a_spec_may_not_hold_is_guarded(protection: Protection) -> None:
    assert_guarded(file, protection)
