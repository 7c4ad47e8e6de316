from typing import Any

import pytest

from tests.adapters.offline.briefs import SPEC, answer, architecture, brief
from tests.sabotage import Protection, assert_guarded
from toolbuilder.adapters.offline import review
from toolbuilder.brief import ShownExample
from toolbuilder.spec import Example
from toolbuilder.stages.packaging import WRITE_README, ToDescribe
from toolbuilder.stages.verification import SourceFile, ToReview

GOOD = '"""Doubles."""\n\n\ndef double(n: int) -> int:\n    """Double."""\n    return 2 * n\n'
LONG = '"""Long."""\n\n\ndef long() -> None:\n    """Do much."""\n' + "    print()\n" * 38
LEARNT = "the quick brown fox"


def remarks(part: Any, source: str, path: str = "src/twice/double.py", **changes: object) -> list[tuple[str, str, str]]:
    wanted = ToReview(obligations=(), files=(SourceFile(path=path, source=source),))
    found = part.review_code(brief().model_copy(update=changes), wanted).remarks
    return [(one.severity, one.where, one.message) for one in found]


def good_code_has_no_remarks_and_tests_are_not_reviewed(part: Any) -> None:
    assert remarks(part, GOOD) == []
    assert remarks(part, "def f(): ...\n", "tests/test_double.py") == []


def a_function_is_short_and_has_a_docstring(part: Any) -> None:
    where = "src/twice/double.py:4"
    assert remarks(part, LONG) == []
    assert remarks(part, f"{LONG}    print()\n") == [("style", where, "long is longer than 40 lines")]
    assert remarks(part, GOOD.replace('    """Double."""\n', "")) == [("style", where, "double has no docstring")]
    assert remarks(part, "def _inner() -> None: ...\n") == []


def no_error_is_swallowed(part: Any) -> None:
    swallowing = "try:\n    print()\nexcept OSError:\n    pass\n"
    assert remarks(part, swallowing) == [("risk", "src/twice/double.py:3", "an error is swallowed without a word")]
    assert remarks(part, swallowing.replace("pass", "raise")) == []


def shown(**example: object) -> tuple[ShownExample, ...]:
    return (ShownExample(id="E1", example=Example.model_validate(example)),)


def what_is_learnt_by_heart_is_found(part: Any) -> None:
    source = f"X = {LEARNT!r}\n"
    examples = shown(input=f"see {LEARNT} run", output="x")
    [(severity, where, message)] = remarks(part, source, examples=examples)
    assert (severity, where) == ("wrong", "src/twice/double.py:1")
    assert message == f"the constant {LEARNT!r} stands in an example, not in the description"
    assert remarks(part, "X = 'the quick'\n", examples=examples) == []
    assert remarks(part, source, examples=examples, description=f"Finds {LEARNT}.") == []
    assert remarks(part, source, examples=examples, constraints=(f"Mind {LEARNT}.",)) == []
    assert remarks(part, source, examples=shown(input=LEARNT, exit_code=2, stderr=f"bad: {LEARNT}")) == []


def a_readme_repeats_the_spec_and_claims_nothing_else(part: Any) -> None:
    known = brief().model_copy(update={"description": "Count it.\n- Print it.\n- Twice."})
    wanted = ToDescribe(architecture=architecture(), help_text="usage")
    described = part.write_readme(known, wanted)
    assert described.summary == "Count it. Print it. Twice."
    assert described.when_to_use == ""
    assert described.limits == ("Reads the whole input into memory.",)
    assert part.write_readme(known.model_copy(update={"input_type": "none"}), wanted).limits == ()


GUARDED: list[Protection] = [
    (good_code_has_no_remarks_and_tests_are_not_reviewed, 'if one.path.startswith("src/")]', "if one.path]"),
    (a_function_is_short_and_has_a_docstring, ">= LONGEST_FUNCTION]", "> LONGEST_FUNCTION]"),
    (a_function_is_short_and_has_a_docstring, ' and not node.name.startswith("_")]', "]"),
    (a_function_is_short_and_has_a_docstring, "*_function_remarks(file.path, tree), ", ""),
    (no_error_is_swallowed, "if all(isinstance(statement, ast.Pass)", "if any(isinstance(statement, ast.Break)"),
    (what_is_learnt_by_heart_is_found, " and len(node.value) >= LITERAL", ""),
    (what_is_learnt_by_heart_is_found, "        and node.value not in said\n", ""),
    (what_is_learnt_by_heart_is_found, 'brief.description + " ".join(brief.constraints)', "brief.description"),
    (what_is_learnt_by_heart_is_found, "for text in errors if text)", "for text in [])"),
    (a_readme_repeats_the_spec_and_claims_nothing_else, '" ".join(sentences)', "sentences[0]"),
    (a_readme_repeats_the_spec_and_claims_nothing_else, 'if brief.input_type == "none":', "if False:"),
]


@pytest.mark.parametrize("protection", GUARDED)
def test_what_a_careful_reviewer_would_say_is_said(protection: Protection) -> None:
    assert_guarded(review, protection)


def test_the_answers_go_through_json() -> None:
    wanted = ToDescribe(architecture=architecture(), help_text="usage")
    assert answer(WRITE_README, wanted, SPEC) == review.write_readme(brief(), wanted)
