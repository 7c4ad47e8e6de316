from typing import Any

import pytest

from tests.pipeline_world import SPEC
from tests.stages.bench import context_of, produce, spec_of
from toolbuilder.artifacts import Architecture, Interface
from toolbuilder.stages.architecture import ARCHITECTURE, gate
from toolbuilder.stages.requirements import REQUIREMENTS

TABLE = """\
name: sales
description: Total sales per region, sorted by region, as CSV.
input_type: csv
output_type: csv
examples:
  - {input: "region,sales\\nwest,5\\neast,3\\nwest,2\\n", output: "region,sales\\neast,3\\nwest,7\\n"}
  - {input: "region,sales\\nnorth,1\\n", output: "region,sales\\nnorth,1\\n"}
  - {input: "region,sales\\nb,2\\na,4\\nb,6\\nc,1\\n", output: "region,sales\\na,4\\nb,8\\nc,1\\n"}
"""


def good(text: str = SPEC) -> tuple[Any, Architecture]:
    context = produce(context_of(spec_of(text)), REQUIREMENTS, ARCHITECTURE)
    return context, context.artifact(Architecture)


@pytest.mark.parametrize(("text", "modules"), [(SPEC, ["dedupe"]), (TABLE, ["reading", "sales", "writing"])])
def test_what_the_embedded_engine_designs_passes(text: str, modules: list[str]) -> None:
    context, artifact = good(text)
    assert [module.name for module in artifact.modules] == modules
    assert gate(context, artifact, {}) == []


def test_a_tool_that_may_depend_on_something_gets_typer() -> None:
    assert good()[1].command_line == "argparse"
    assert good(TABLE)[1].command_line == "typer"


def changed(artifact: Architecture, which: str, **update: object) -> dict[str, object]:
    """Give the modules with one of them changed."""
    return {"modules": tuple(m.model_copy(update=update) if m.name == which else m for m in artifact.modules)}


def entry_takes_other_options(artifact: Architecture) -> dict[str, object]:
    other = Interface(module="sales", signature="def total_sales(text: str, *, top: int) -> str", purpose="Gives it.")
    kept = [one for one in artifact.interfaces if one.module != "sales"]
    return {"interfaces": (other, *kept)}


def untyped(artifact: Architecture) -> dict[str, object]:
    return {"interfaces": (*artifact.interfaces, Interface(module="sales", signature="def f(x)", purpose="Gives it."))}


def not_python(artifact: Architecture) -> dict[str, object]:
    broken = Interface(module="sales", signature="def f(x: int -> str", purpose="Gives it.")
    return {"interfaces": (*artifact.interfaces, broken)}


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda a: changed(a, "sales", covers=("R1", "E1", "E2")), "E3: nothing covers it"),
        (lambda a: changed(a, "sales", covers=("R1", "R7", "E1", "E2", "E3")), "R7: the spec has no such obligation"),
        (lambda a: changed(a, "reading", uses=("sales",)), "goes in a circle"),
        (lambda a: changed(a, "reading", uses=("parsing",)), "uses parsing, which no module is"),
        (lambda a: changed(a, "writing", name="reading"), "reading: stands twice"),
        (entry_takes_other_options, "takes options ['top']; the spec has []"),
        (untyped, "has no type for x, the result"),
        (not_python, "is not Python"),
        (lambda a: {"interfaces": a.interfaces[1:]}, "no interface defines it"),
        (lambda _: {"dependencies": ("requests",)}, "requests: is not allowed"),
        (lambda _: {"patterns": ("magic",)}, "magic: does not exist or does not apply"),
    ],
)
def test_damage_is_found(damage: Any, words: str) -> None:
    context, artifact = good(TABLE)
    findings = gate(context, artifact.model_copy(update=damage(artifact)), {})
    assert any(words in str(finding) for finding in findings)


def test_a_constraint_for_the_standard_library_allows_no_dependency() -> None:
    context, artifact = good()
    findings = gate(context, artifact.model_copy(update={"dependencies": ("typer",)}), {})
    assert [str(finding) for finding in findings] == ["dependencies: typer: is not allowed"]
