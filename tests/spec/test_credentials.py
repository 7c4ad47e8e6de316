from typing import Any

import pytest

from tests.sabotage import Protection, assert_guarded
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
