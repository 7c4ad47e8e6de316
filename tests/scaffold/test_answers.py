import tomllib

import pytest

from tests.scaffold.samples import HOSTILE, SAMPLES, TEMPLATES, architecture, spec_of
from toolbuilder.adapters.copier_scaffolder import CopierScaffolder
from toolbuilder.errors import FileIsWrong
from toolbuilder.scaffold.answers import template_answers
from toolbuilder.scaffold.plain_text import first_sentence
from toolbuilder.spec import Example


def test_the_description_reaches_toml_as_it_is() -> None:
    answers = template_answers(SAMPLES["tree"].spec, architecture("typer"))
    rendered = CopierScaffolder(TEMPLATES).render("python-cli", answers)
    project = tomllib.loads(rendered["pyproject.toml"].decode())["project"]

    assert project["description"] == first_sentence(HOSTILE)
    assert project["dependencies"] == ["typer>=0.29,<1"]


@pytest.mark.parametrize("module", ["cli", "errors", "streams"])
def test_a_module_that_the_scaffold_has_already_is_refused(module: str) -> None:
    with pytest.raises(FileIsWrong, match=f"module {module}: the scaffold has one of that name"):
        template_answers(SAMPLES["table"].spec, architecture("argparse", module))


@pytest.mark.parametrize("module", ["aaa", "clients", "erro", "stream", "zzz", "a2", "a10"])
@pytest.mark.parametrize("function", ["f", "a_function_with_a_name_as_long_as_can_be"])
def test_imports_stand_in_their_order(module: str, function: str) -> None:
    imports = template_answers(SAMPLES["table"].spec, architecture("argparse", module, function))["imports"]

    assert isinstance(imports, list)
    assert len(imports) == 4
    assert sorted(imports) == imports


def test_held_out_examples_do_not_reach_the_scaffold() -> None:
    examples = [Example(input=f"in {word}", output=f"out {word}") for word in ("a", "b", "c", "d")]
    spec = spec_of("hidden", "text", "text", *examples)
    pairs = zip(spec.example_ids, spec.examples, strict=True)
    hidden = [example.input or "" for name, example in pairs if name in spec.held_out]

    answers = str(template_answers(spec, architecture("argparse")))

    assert hidden
    assert "in " in answers
    assert not [text for text in hidden if text in answers]
