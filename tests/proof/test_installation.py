import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache
from io import BytesIO
from typing import Any

import pytest

from tests.proof.twice import CLI, FILES, SPEC, changed, wheel
from tests.sabotage import Protection, assert_guarded
from tests.workshop import SANDBOX
from toolbuilder.errors import NeedsPerson
from toolbuilder.ports import Command, Ran
from toolbuilder.proof import installation
from toolbuilder.proof.comparison import Outcome, compare
from toolbuilder.proof.installation import Installed, Wheel
from toolbuilder.spec import Example

NEEDS_PACKAGING = ("dependencies = []", 'dependencies = ["packaging"]', "pyproject.toml")
KEPT = ExitStack()
EXAMPLE = Example(input="1\n", output="2\n")


class Noting:
    """The real sandbox, and what it was asked to run."""

    def __init__(self) -> None:
        self.commands: list[Command] = []

    @property
    def kind(self) -> str:
        return SANDBOX.kind

    def run(self, command: Command) -> Ran:
        self.commands.append(command)
        return SANDBOX.run(command)


@cache
def tool(*spoilt: str) -> Installed:
    """Give the tool installed, spoilt or not; it goes when the tests of this file are done."""
    return KEPT.enter_context(installation.installed(SANDBOX, wheel(*spoilt), "twice", ()))


@pytest.fixture(scope="module", autouse=True)
def _nothing_stays_installed() -> Iterator[None]:
    with KEPT:
        yield
    tool.cache_clear()


def judged(part: Any, *spoilt: str) -> list[bool]:
    return [verdict.passed for verdict in part.verdicts(tool(*spoilt), SPEC)]


def refused(part: Any, built: Wheel, command: str = "twice", dependencies: tuple[str, ...] = ()) -> str:
    with pytest.raises(NeedsPerson) as caught, part.installed(SANDBOX, built, command, dependencies):
        pass
    return str(caught.value)


def every_example_is_judged_and_those_kept_back_are_named(part: Any) -> None:
    verdicts = part.verdicts(tool(), SPEC)
    assert [(one.example, one.passed, one.difference) for one in verdicts] == [(i, True, "") for i in SPEC.example_ids]
    assert {one.example for one in verdicts if one.held_out} == SPEC.held_out != frozenset()


def a_right_output_with_a_wrong_exit_code_is_wrong(part: Any) -> None:
    assert judged(part, "    return 0\n", "    return 1\n") == [False, False, False, True]
    assert judged(part, "        return 2\n", "        return 1\n") == [True, True, True, False]


def a_wrong_output_is_wrong(part: Any) -> None:
    assert judged(part, "2 * int(line)", "int(line) + 1") == [True, False, True, True]


def what_a_held_out_example_shows_is_kept_back(part: Any) -> None:
    verdicts = part.verdicts(tool("2 * int(line)", "int(line) + 7"), SPEC)
    [hidden] = [one.difference for one in verdicts if one.held_out]
    assert hidden == "line 1 differs; the rest is held back, lest it be learnt by heart"
    assert any("expected '" in one.difference for one in verdicts if not one.held_out)


def every_kind_of_difference_is_told_by_its_kind(part: Any) -> None:
    secrets = Example(input="", output={"secret": ["secret"]})
    printed = [("", 1), ("no", 0), ("{}", 0), ('{"secret": 0}', 0), ('{"secret": []}', 0), ('{"secret": ["x"]}', 0)]
    told = [part._kind(compare(secrets, Outcome(text, "secret", code))) for text, code in printed]
    told.append(part._kind(compare(Example(input="", exit_code=2, stderr="secret"), Outcome("", "", 2))))
    told.append(part._kind(compare(secrets, Outcome("", "", 0, {"x": "secret"}))))
    assert [one.split(" differs;")[0] for one in told] == [
        "exit code", "the output", "output", "output", "output", "output", "standard error", "files",
    ]  # fmt: skip
    assert not any("secret" in one for one in told)


def only_what_is_declared_is_installed(part: Any) -> None:
    assert refused(part, wheel(*NEEDS_PACKAGING)).startswith("`uv pip` fails for the built wheel")
    with part.installed(SANDBOX, wheel(*NEEDS_PACKAGING), "twice", ("packaging>=20",)) as made:
        assert "Double numbers." in part.help_text(made)


def nothing_of_toolbuilders_own_environment_can_be_imported(part: Any) -> None:
    with part.installed(SANDBOX, wheel("import sys\n", "import sys\n\nimport pydantic\n"), "twice", ()) as made:
        with pytest.raises(NeedsPerson, match="twice --help fails") as caught:
            part.help_text(made)
        assert "No module named 'pydantic'" in str(caught.value)


def no_step_may_use_the_network_or_a_configuration(part: Any) -> None:
    sandbox = Noting()
    with part.installed(sandbox, wheel(), "twice", ()):
        pass
    assert len(sandbox.commands) == 2
    for command in sandbox.commands:
        assert {"--offline", "--no-config", "--no-cache", "--no-python-downloads"} <= set(command.argv)
    assert "--no-index" in sandbox.commands[1].argv


def a_wheel_without_the_command_is_refused(part: Any) -> None:
    assert refused(part, wheel(), "thrice") == "the wheel installs, but gives no command thrice"


def a_build_that_fails_is_refused_even_where_a_wheel_lies_about(part: Any) -> None:
    stale = {"dist/twice-0.0.1-py3-none-any.whl": b"old", ".toolbuilder-built/twice-0.0.1-py3-none-any.whl": b"old"}
    with pytest.raises(NeedsPerson, match="the wheel does not build") as caught:
        part.build_wheel(SANDBOX, {**changed("pyproject.toml", 'name = "twice"', "name = 3"), **stale})
    assert caught.value.findings


def a_wheel_that_somebody_committed_is_not_taken_for_the_built_one(part: Any) -> None:
    built = part.build_wheel(SANDBOX, {**FILES, "dist/twice-0.0.1-py3-none-any.whl": b"old"})
    assert built.name == "twice-0.1.0-py3-none-any.whl"


GUARDED: list[Protection] = [
    (every_example_is_judged_and_those_kept_back_are_named, "held_out = name in spec.held_out", "held_out = False"),
    (every_example_is_judged_and_those_kept_back_are_named, "spec.example_ids, spec.examples)", "sorted({*spec.example_ids} - spec.held_out), spec.examples)"),
    (a_right_output_with_a_wrong_exit_code_is_wrong, "stderr, ran.exit_code, written", "stderr, bool(ran.stderr) * 2, written"),
    (a_wrong_output_is_wrong, "passed=not difference", "passed=True"),
    (what_a_held_out_example_shows_is_kept_back, "_kind(difference) if held_out else difference", "difference"),
    (what_a_held_out_example_shows_is_kept_back, "_kind(difference) if held_out else difference", "_kind(difference)"),
    (every_kind_of_difference_is_told_by_its_kind, "{kind[0] if kind else 'the run'} differs", "{difference} differs"),
    (only_what_is_declared_is_installed, '"--no-index", "--python"', '"--no-deps", "--python"'),
    (only_what_is_declared_is_installed, "    _copy_dependencies(dependencies, bench.folder / ENVIRONMENT)\n", ""),
    (nothing_of_toolbuilders_own_environment_can_be_imported, "_copy_dependencies(dependencies,", '_copy_dependencies(("pydantic",),'),
    (no_step_may_use_the_network_or_a_configuration, 'OFFLINE = ("--offline", ', "OFFLINE = ("),
    (no_step_may_use_the_network_or_a_configuration, '"--no-config", ', ""),
    (a_wheel_without_the_command_is_refused, "    if not script.exists():\n", "    if False:\n"),
    (a_build_that_fails_is_refused_even_where_a_wheel_lies_about, "if ran.exit_code or not wheels", "if not wheels"),
    (a_wheel_that_somebody_committed_is_not_taken_for_the_built_one, 'BUILT = ".toolbuilder-built"', 'BUILT = "dist"'),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("protection", GUARDED)
def test_the_proof_of_installation_is_guarded(protection: Protection) -> None:
    assert_guarded(installation, protection)


def test_a_wheel_is_the_same_each_time_and_named_by_its_content() -> None:
    first, second = wheel(), installation.build_wheel(SANDBOX, FILES)
    assert (first.content, first.sha256) == (second.content, second.sha256)
    assert len(first.sha256) == 64
    names = zipfile.ZipFile(BytesIO(first.content)).namelist()
    assert {"twice/cli.py", "twice-0.1.0.dist-info/entry_points.txt"} <= set(names)
    assert not [name for name in names if name.startswith(("tests/", "/"))]


def test_the_readme_is_no_condition_of_a_build() -> None:
    asking = changed("pyproject.toml", 'version = "0.1.0"', 'version = "0.1.0"\nreadme = "README.md"')
    assert installation.build_wheel(SANDBOX, asking).name == "twice-0.1.0-py3-none-any.whl"


def test_written_files_are_read_below_their_folder_and_links_are_none_of_them() -> None:
    writes = """    Path("out/deep").mkdir(parents=True)
    Path("out/deep/a.txt").write_text("a")
    Path("out/link").symlink_to("/etc/hostname")
    Path("beside.txt").write_text("b")
    return 0
"""
    start = CLI.index("    argparse")
    made = tool(CLI[start:], f"    from pathlib import Path\n\n{writes}")
    spec = SPEC.model_copy(update={"output_type": "files"})
    assert installation.run_example(made, spec, EXAMPLE).files == {"deep/a.txt": "a"}


def test_a_run_that_is_stopped_says_so() -> None:
    flood = tool("    return 0\n", '    while True:\n        sys.stdout.write("x" * 65536)\n')
    outcome = installation.run_example(flood, SPEC, EXAMPLE)
    assert outcome.exit_code != 0
    assert outcome.stderr.startswith("stopped: over its limit of output\n")
