import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.pipeline_world import SPEC
from tests.sabotage import Protection, assert_guarded
from tests.stages.bench import spec_of
from tests.stages.test_requirements import THINKING
from toolbuilder import dependencies
from toolbuilder.spec import Spec

RUN = f"import test_constraints; test_constraints.{dependencies.TEST_NAME}()"


def with_constraints(*constraints: str) -> Spec:
    return spec_of().model_copy(update={"constraints": constraints})


def a_constraint_about_dependencies_is_recognised(part: Any) -> None:
    wanted = ("Use the standard library only.", "Be quick.", "No third-party dependencies.", "it has no dependency")
    assert part.standard_library_only(with_constraints(*wanted)) == ("C1", "C3", "C4")
    assert part.standard_library_only(with_constraints("Depend on no network.")) == ()


def a_tool_may_depend_on_typer_unless_it_is_told_not_to(part: Any) -> None:
    assert part.allowed_dependencies(with_constraints()) == {"typer"}
    assert part.allowed_dependencies(spec_of()) == frozenset()
    assert part.allowed_dependencies(spec_of(THINKING)) == frozenset()


def only_a_tool_that_thinks_may_import_the_sdk(part: Any) -> None:
    assert part.optional_packages(spec_of()) == ()
    assert part.optional_packages(spec_of(THINKING)) == ("anthropic",)


def a_constraint_that_code_can_test_has_its_test(part: Any) -> None:
    assert part.constraint_files(with_constraints("Be quick.")) == {}
    assert part.tested_constraints(with_constraints("Be quick.")) == ()
    [path] = part.constraint_files(spec_of())
    [tested] = part.tested_constraints(with_constraints("Be quick.", "No dependencies."))
    assert (tested.id, tested.tests) == ("C2", (f"{path}::{part.TEST_NAME}",))


def holds(folder: Path, part: Any, module: str) -> bool:
    """Run the generated test, as the finished tool would, against a package with one more module."""
    package = folder / "dedupe"
    (package / "inner").mkdir(parents=True, exist_ok=True)
    (package / "__init__.py").write_text('"""Nothing."""\n')
    (package / "inner/more.py").write_text(module)
    [source] = part.constraint_files(spec_of(SPEC)).values()
    (folder / "test_constraints.py").write_bytes(source)
    return not subprocess.run([sys.executable, "-c", RUN], cwd=folder, check=False, capture_output=True).returncode


def the_generated_test_finds_every_foreign_import(folder: Path, part: Any) -> None:
    assert holds(folder, part, "import json\nimport os.path\nfrom dedupe import inner\nfrom . import x\n")
    assert not holds(folder, part, "import requests\n")
    assert not holds(folder, part, "from requests.api import get\n")
    assert not holds(folder, part, "def f() -> None:\n    import yaml.nodes\n")


GUARDED: list[Protection] = [
    (a_constraint_about_dependencies_is_recognised, ", re.IGNORECASE)", ")"),
    (a_constraint_about_dependencies_is_recognised, "enumerate(spec.constraints, 1)", "enumerate(spec.constraints)"),
    (a_tool_may_depend_on_typer_unless_it_is_told_not_to, "if standard_library_only(spec) or", "if"),
    (a_tool_may_depend_on_typer_unless_it_is_told_not_to, ' or spec.intelligence == "runtime" else', " else"),
    (only_a_tool_that_thinks_may_import_the_sdk, 'return (SDK,) if spec.intelligence == "runtime" else ()', "return (SDK,)"),
    (a_constraint_that_code_can_test_has_its_test, "encode()} if standard_library_only(spec) else {}", "encode()}"),
]  # fmt: skip
SHOWN_BY_RUNNING = [
    ('folder.rglob("*.py")', 'folder.glob("*.py")'),
    ("for n in ast.walk(tree) if isinstance(n, ast.Import) ", "for n in tree.body if isinstance(n, ast.Import) "),
    ("{{name.partition", "{{name.strip() and 'json' or name.partition"),
]


@pytest.mark.parametrize("protection", GUARDED)
def test_what_a_tool_may_depend_on_is_guarded(protection: Protection) -> None:
    assert_guarded(dependencies, protection)


@pytest.mark.parametrize(("text", "instead"), SHOWN_BY_RUNNING)
def test_the_generated_test_is_guarded(tmp_path: Path, text: str, instead: str) -> None:
    assert_guarded(dependencies, (partial(the_generated_test_finds_every_foreign_import, tmp_path), text, instead))
