from typing import Any

import pytest

from tests.adapters.offline.briefs import REFUSING, SPEC, TABLE, THINKING, answer, architecture, brief, requirements
from tests.sabotage import Protection, assert_guarded
from toolbuilder.adapters.offline import architecture as answers
from toolbuilder.brief import Brief
from toolbuilder.spec import Option
from toolbuilder.stages.architecture import DESIGN_MODULES, Design, ToDesign

OPTIONS = (
    Option(name="top", type="int", default=10, help="How many."),
    Option(name="dry-run", type="flag", help="Only say so."),
    Option(name="sep", type="str", help="What stands between."),
    Option(name="level", type="choice", choices=("low", "high"), default="low", help="How loud."),
)


def design(part: Any, text: str, **changes: object) -> Design:
    known = ToDesign(requirements=requirements(text), patterns=(), may_depend_on=())
    made: Design = part.design_modules(brief(text).model_copy(update=changes), known)
    return made


def named(part: Any, name: str, description: str) -> tuple[str, str]:
    """Give the entry's module and function for a tool of this name."""
    known = brief().model_copy(update={"name": name})
    first = known.obligations[0].model_copy(update={"text": description})
    known = known.model_copy(update={"obligations": (first, *known.obligations[1:])})
    module = part._noun(known)
    return module, part._function(known, module)


def every_obligation_has_a_module(part: Any) -> None:
    for text in (SPEC, TABLE, REFUSING):
        covers = {i for module in design(part, text).modules for i in module.covers}
        assert covers == {one.id for one in brief(text).obligations}


def reading_and_writing_are_modules_where_they_have_work(part: Any) -> None:
    assert [module.name for module in design(part, TABLE).modules] == ["reading", "sales", "writing"]
    assert [module.name for module in design(part, SPEC).modules] == ["dedupe"]
    mixed = design(part, TABLE, output_type="text")
    assert [module.name for module in mixed.modules] == ["sales"]
    unsolved = design(part, TABLE, examples=())
    assert [module.name for module in unsolved.modules] == ["sales"]


def names_hide_no_other(part: Any) -> None:
    assert named(part, "log-levels", "Count the lines of a log.") == ("levels", "count_lines")
    assert named(part, "to-json", "Print all as JSON.") == ("transformation", "print_transformation")
    assert named(part, "json", "The end.") == ("transformation", "make_transformation")
    assert named(part, "fast-cli", "Import it.") == ("fast", "import_fast")
    assert named(part, "words", "Words of a text.") == ("words", "words_words")
    assert named(part, "size", "Add up by extension.") == ("size", "add_up_size")


def the_signature_says_what_the_options_say(part: Any) -> None:
    known = brief().model_copy(update={"options": OPTIONS})
    assert part.entry_signature(known, "f") == (
        "def f(text: str, *, top: int=10, dry_run: bool=False, sep: str | None=None, level: str='low') -> str"
    )
    files = known.model_copy(update={"options": (), "input_type": "files", "output_type": "files"})
    assert part.entry_signature(files, "f") == "def f(files: Mapping[str, str]) -> Mapping[str, str]"
    assert part.entry_signature(files.model_copy(update={"input_type": "none"}), "f") == "def f() -> Mapping[str, str]"


def errors(part: Any, known: Brief) -> list[tuple[str, str, int]]:
    made = part.design_errors(known, design(answers, SPEC)).errors
    return [(one.when, one.message, one.exit_code) for one in made]


def every_input_that_is_refused_is_an_error_case(part: Any) -> None:
    assert errors(part, brief()) == []
    assert errors(part, brief(REFUSING)) == [("tabs", "no tabs", 2)]
    assert [one[0] for one in errors(part, brief(TABLE))] == ["a row does not fit the header"]
    assert errors(part, brief(THINKING)) == [("a step has no usable answer", "step {step}: {why}", 1)]


def every_module_has_its_interface(part: Any) -> None:
    interfaces = part.define_interfaces(brief(TABLE), design(answers, TABLE)).interfaces
    assert {one.module for one in interfaces} == {"reading", "sales", "writing"}
    assert interfaces[0].signature == "def total_sales(text: str) -> str"


GUARDED: list[Protection] = [
    (every_obligation_has_a_module, 'roles=("transform",), covers=ids', 'roles=("transform",), covers=ids[:1]'),
    (every_obligation_has_a_module, 'roles=("read", "transform", "write"), covers=ids', 'roles=("read",), covers=ids[1:]'),
    (reading_and_writing_are_modules_where_they_have_work, "structured and isinstance(attempt(brief, solver), Accepted)", "structured"),
    (reading_and_writing_are_modules_where_they_have_work, "structured and isinstance(attempt(brief, solver), Accepted)", "isinstance(attempt(brief, solver), Accepted)"),
    (names_hide_no_other, "if name in definitions() else", "if name in () else"),
    (names_hide_no_other, "part not in sys.stdlib_module_names and part not in TAKEN", "part not in TAKEN"),
    (names_hide_no_other, "part not in sys.stdlib_module_names and part not in TAKEN", "part not in sys.stdlib_module_names"),
    (names_hide_no_other, "not keyword.iskeyword(name) and verb not in DETERMINERS", "not keyword.iskeyword(name)"),
    (the_signature_says_what_the_options_say, "_parameter(option.variable", "_parameter(option.name"),
    (the_signature_says_what_the_options_say, "*(['*', *options] if options else [])", "'*', *options"),
    (every_input_that_is_refused_is_an_error_case, "        if shown.example.exit_code == 2\n", "        if shown.example.exit_code == 1\n"),
    (every_input_that_is_refused_is_an_error_case, "*(thinks if brief.recipe else [])", "*[]"),
    (every_module_has_its_interface, "(entry, *_inner(brief, design, entry, solver))", "(entry,)"),
]  # fmt: skip


@pytest.mark.parametrize("protection", GUARDED)
def test_a_design_covers_everything_and_hides_nothing(protection: Protection) -> None:
    assert_guarded(answers, protection)


def test_the_answers_go_through_json() -> None:
    known = ToDesign(requirements=requirements(TABLE), patterns=(), may_depend_on=("typer",))
    made = answer(DESIGN_MODULES, known, TABLE)
    assert made == answers.design_modules(brief(TABLE), known)
    assert made.dependencies == ("typer",)
    assert architecture(TABLE).modules == made.modules
