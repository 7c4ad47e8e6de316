from typing import Any

import pytest

from tests.adapters.offline.briefs import SPEC, TABLE, answer, architecture, brief
from tests.sabotage import Protection, assert_guarded
from toolbuilder.adapters.offline import generation
from toolbuilder.artifacts import Module
from toolbuilder.errors import NeedsPerson
from toolbuilder.proof.sources import implemented
from toolbuilder.stages.generation import WRITE_MODULE, ToTest, ToWrite, Written, WrittenTests


def module(name: str, text: str = TABLE) -> Module:
    return next(one for one in architecture(text).modules if one.name == name)


def written(part: Any, name: str, text: str = TABLE) -> Written:
    made: Written = part.write_module(brief(text), ToWrite(module=module(name, text), architecture=architecture(text)))
    return made


def shown_by(part: Any, name: str, text: str = TABLE) -> WrittenTests:
    wanted = ToTest(module=module(name, text), architecture=architecture(text), source="")
    made: WrittenTests = part.write_tests(brief(text), wanted)
    return made


def every_interface_is_implemented(part: Any) -> None:
    names = ("reading", "sales", "writing")
    files = {f"src/sales/{name}.py": written(part, name).source.encode() for name in names}
    assert implemented(files, "sales", architecture(TABLE).interfaces) == []


def a_reviewer_is_told_once_that_fitting_is_no_proof(part: Any) -> None:
    assert "The program fits 3 examples; that is evidence, not proof." in written(part, "sales").notes
    assert any(note.startswith("Step: ") for note in written(part, "sales").notes)
    assert written(part, "reading").notes == written(part, "writing").notes == ()


def every_sentence_is_shown_by_the_examples(part: Any) -> None:
    names = tuple(f"tests/test_examples.py::test_example[E{number}]" for number in (1, 2, 3))
    assert [(one.id, one.tests) for one in shown_by(part, "sales").tested] == [("R1", names)]
    assert shown_by(part, "reading").tested == ()


def only_the_entry_has_pinned_tests(part: Any) -> None:
    assert "from dedupe.dedupe import remove_duplicate_lines" in shown_by(part, "dedupe", SPEC).source
    assert shown_by(part, "reading").source == shown_by(part, "writing").source == ""


GUARDED: list[Protection] = [
    (every_interface_is_implemented, "source=sources[wanted.module.name]", "source=sources[wanted.architecture.entry.module]"),
    (a_reviewer_is_told_once_that_fitting_is_no_proof, "notes=_notes(found) if entry else ()", "notes=_notes(found)"),
    (a_reviewer_is_told_once_that_fitting_is_no_proof, "notes=_notes(found) if entry else ()", "notes=()"),
    (every_sentence_is_shown_by_the_examples, ' if i.startswith("R"))', ")"),
    (only_the_entry_has_pinned_tests, "if wanted.module.name != wanted.architecture.entry.module:", "if False:"),
]  # fmt: skip


@pytest.mark.parametrize("protection", GUARDED)
def test_what_is_written_is_what_was_designed(protection: Protection) -> None:
    assert_guarded(generation, protection)


def test_an_architecture_that_a_person_corrected_is_followed() -> None:
    plan = architecture()
    entry = plan.entry.model_copy(update={"function": "drop_repeats"})
    corrected = plan.model_copy(update={"entry": entry})
    made = answer(WRITE_MODULE, ToWrite(module=module("dedupe", SPEC), architecture=corrected))
    assert "def drop_repeats(text: str) -> str:" in made.source


def test_without_a_program_nothing_is_written() -> None:
    impossible = SPEC.replace('output: "b\\na\\n"', 'output: "seventeen\\n"')
    with pytest.raises(NeedsPerson, match="example E1"):
        written(generation, "dedupe", impossible)
