from typing import Any

import pytest

from tests.adapters.offline.briefs import SPEC, answer, architecture, brief
from tests.sabotage import Protection, assert_guarded
from toolbuilder.adapters.offline import review
from toolbuilder.artifacts import Interface
from toolbuilder.brief import ShownExample
from toolbuilder.metacognition import PastAttempt, ToDiagnose
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
    assert "printed before a line that is wrong" in part.write_readme(known, streaming(wanted)).limits[0]


def streaming(wanted: ToDescribe) -> ToDescribe:
    """Give the same with an entry that takes and gives lines as they come, as the architecture alone decides."""
    design = wanted.architecture
    signature = f"def {design.entry.function}(lines: Iterable[str]) -> Iterator[str]"
    entry = Interface(module=design.entry.module, signature=signature, purpose="Gives the lines.")
    return wanted.model_copy(update={"architecture": design.model_copy(update={"interfaces": (entry,)})})


def diagnosis(part: Any, stage: str, *findings: str) -> tuple[str, str, str]:
    """Give the cause, the evidence and the advice for a stage whose last attempt failed so; E1 to E3 are shown."""
    attempts = (PastAttempt(advice="", findings=("examples: E9: wrong",)), PastAttempt(advice="", findings=findings))
    said = part.diagnose(brief(), ToDiagnose(stage=stage, attempts=attempts))
    assert not said.retry
    return said.cause, said.evidence, said.advice


def a_held_out_example_that_is_not_met_is_the_programs_fault(part: Any) -> None:
    cause, evidence, advice = diagnosis(part, "verification", "tests: 8 of 9 passed", "examples: E4: line 1: expected")
    assert cause == "generation"
    assert evidence == "the program that the shown examples determine does not meet the held-out example E4"
    assert advice == (
        "Correct the source below src/dedupe on the branch, which is then adopted, or add to the spec an example like "
        "E4 with `always_shown: true`."
    )
    assert "examples E4, E5" in diagnosis(part, "verification", "examples: E4: a", "examples: E5: b")[1]
    assert diagnosis(part, "verification", "examples: E4: a", "examples: E1: b")[0] == "spec"


def other_findings_are_the_specs_and_nobody_corrects_a_measurement(part: Any) -> None:
    told = {stage: diagnosis(part, stage, "types: x.py:1: wrong") for stage in ("architecture", "verification")}
    assert told["architecture"][0] == told["verification"][0] == "spec"
    assert told["architecture"][2].endswith("or correct architecture's files on the branch.")
    assert told["verification"][2].endswith("or correct generation's files on the branch.")


GUARDED: list[Protection] = [
    (a_held_out_example_that_is_not_met_is_the_programs_fault, "if held_out := _held_out(brief, failed):", "if held_out := []:"),
    (a_held_out_example_that_is_not_met_is_the_programs_fault, "return [] if seen & set(ids) else", "return"),
    (a_held_out_example_that_is_not_met_is_the_programs_fault, "failed.attempts[-1:]", "failed.attempts"),
    (other_findings_are_the_specs_and_nobody_corrects_a_measurement, "if failed.stage in MEASURED else", "if not failed.stage else"),
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
    (a_readme_repeats_the_spec_and_claims_nothing_else, "if streams(architecture):", "if False:"),
]  # fmt: skip


@pytest.mark.parametrize("protection", GUARDED)
def test_what_a_careful_reviewer_would_say_is_said(protection: Protection) -> None:
    assert_guarded(review, protection)


def test_the_answers_go_through_json() -> None:
    wanted = ToDescribe(architecture=architecture(), help_text="usage")
    assert answer(WRITE_README, wanted, SPEC) == review.write_readme(brief(), wanted)
