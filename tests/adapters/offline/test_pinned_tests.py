import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.offline.briefs import architecture, brief
from tests.sabotage import Protection, assert_guarded
from toolbuilder.adapters.offline import pinned_tests
from toolbuilder.synthesis.outcome import Behaviour

NASTY = (Behaviour("", ""), Behaviour("a'\"\\\n", "é\t\x00{}%s"), Behaviour("{x}", "]\n"))
ENTRY = '"""Gives what the tests pin, but for one case."""\n\nSAID = dict({pairs})\n\n\ndef remove_duplicate_lines(text):\n    return SAID[text]\n'


def source_of(part: Any, **changes: object) -> str:
    text: str = part.pinned_tests(brief().model_copy(update=changes), architecture(), NASTY)
    return text


def every_behaviour_is_a_case_word_for_word(part: Any) -> None:
    found: dict[str, Any] = {}
    cases = source_of(part).partition("CASES = ")[2].partition("\n]")[0]
    exec(f"CASES = {cases}\n]", found)  # noqa: S102  # it is what the generator has just written
    assert found["CASES"] == [(one.input, one.output) for one in NASTY]


def what_takes_no_text_has_no_pinned_tests(part: Any) -> None:
    assert part.pinned_tests(brief(), architecture(), ()) == ""
    assert source_of(part, input_type="files") == source_of(part, input_type="none") == ""
    assert source_of(part, input_type="json") != ""


GUARDED: list[Protection] = [
    (every_behaviour_is_a_case_word_for_word, ", {one.output!r})", ", {one.input!r})"),
    (what_takes_no_text_has_no_pinned_tests, 'brief.input_type in {"files", "none"}', "False"),
    (what_takes_no_text_has_no_pinned_tests, "if not behaviours or", "if"),
]


@pytest.mark.parametrize("protection", GUARDED)
def test_what_no_example_shows_is_pinned(protection: Protection) -> None:
    assert_guarded(pinned_tests, protection)


@pytest.mark.parametrize(("said", "summary"), [(NASTY, "3 passed"), ((*NASTY[:2], Behaviour("{x}", "")), "1 failed")])
def test_the_pinned_tests_run_and_notice_another_behaviour(
    tmp_path: Path, said: tuple[Behaviour, ...], summary: str
) -> None:
    (tmp_path / "dedupe").mkdir()
    pairs = [(one.input, one.output) for one in said]
    (tmp_path / "dedupe/dedupe.py").write_text(ENTRY.replace("{pairs}", repr(pairs)))
    (tmp_path / "test_dedupe.py").write_text(source_of(pinned_tests))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "test_dedupe.py"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert summary in ran.stdout
