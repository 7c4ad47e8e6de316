"""What the README says is true: commands, stages, the spec, settings, numbers; and the tests of all cases are there."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from toolbuilder.cli import app, run_app
from toolbuilder.settings import Settings
from toolbuilder.spec.file import parse_spec
from toolbuilder.stages import STAGES

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
CASES = (ROOT / ".github/CASES.md").read_text()
COMMANDS = {*typer.main.get_command(app).commands}  # type: ignore[attr-defined]  # it is a group


def section(title: str) -> str:
    """Give a section of the README by its title."""
    return README.split(f"\n## {title}\n")[1].split("\n## ")[0]


def test_every_command_is_shown_and_every_shown_command_exists() -> None:
    lines = re.findall(r"^\$ toolbuilder (.*?)(?: +#.*)?$", section("Commands"), re.MULTILINE)
    words = {part.split()[0] for line in lines if not line.startswith("-") for part in line.split(" | ")}
    assert words == COMMANDS


def test_the_stages_are_those_of_the_pipeline() -> None:
    rows = re.findall(r"^\| (\w+) \|", section("What you get"), re.MULTILINE)
    assert [row for row in rows if row not in {"what", "stage"}] == [stage.name for stage in STAGES]


def test_the_spec_that_is_shown_is_a_good_one() -> None:
    text = section("The spec").split("```yaml\n")[1].split("```")[0]
    assert parse_spec(text.encode(), "log-levels.yaml").name == "log-levels"


def test_every_setting_is_explained_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| `([^`]*)` \|", section("Settings"), re.MULTILINE))
    in_files = {name: field for name, field in Settings.model_fields.items() if field.validation_alias is None}
    assert rows == {name: str(field.get_default(call_default_factory=True)) for name, field in in_files.items()}
    assert {*Settings.model_fields} - {*in_files} == {
        "api_key", "base_url", "github_token", "github_api", "github_repository"
    }  # fmt: skip


def test_the_number_of_specs_is_right() -> None:
    assert len(list((ROOT / "specs").glob("*.yaml"))) == 10
    assert "`specs/` holds ten specs" in README


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\((?!http)([^)#]+)\)", README))))
def test_links_lead_somewhere(link: str) -> None:
    assert (ROOT / link).exists()


@pytest.mark.parametrize(
    "path", sorted(set(re.findall(r"`((?:specs|patterns|templates|tests|\.ci)/[\w./-]+)`", README)))
)
def test_files_that_are_named_exist(path: str) -> None:
    assert (ROOT / path).exists()


def test_the_table_of_prices_is_what_the_command_computes(
    git_repo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(git_repo)
    assert run_app(["estimate", "--engine", "anthropic", "--table", str(ROOT / "specs")]) == 0
    assert capsys.readouterr().out in README


@pytest.mark.slow
def test_the_loop_without_github_is_as_it_is_told(tmp_path: Path) -> None:
    block = section("On GitHub").split("```console\n")[2].split("```")[0]
    steps = [line.removeprefix("$ ") for line in block.splitlines()]
    (tmp_path / "toolbuilder").symlink_to(ROOT)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/toolbuilder").write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m toolbuilder "$@"\n')
    (tmp_path / "bin/toolbuilder").chmod(0o755)
    path = f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run(
        ["sh", "-e"], input="\n".join(steps), cwd=tmp_path, env=os.environ | {"PATH": path, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    [written] = (tmp_path / "my-tools/.git/toolbuilder/pull-requests").glob("*.md")
    assert "state: open\ndraft: false\n" in written.read_text()
    assert len(steps) <= 6


def missing_tests(page: str) -> list[str]:
    """Give the tests that a page names and that there are not; they are looked for by syntax, not by import."""
    named = re.findall(r"(tests/[^`\s:]+)::([^`\s,]+)", page)
    return [f"{path}::{name}" for path, name in named if name not in _tests_in(ROOT / path)]


def _tests_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text()) if path.is_file() else ast.Module([], [])
    names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    return {name for name in names if name.startswith("test_")}


def test_every_case_is_shown_by_tests_that_exist() -> None:
    assert missing_tests(CASES) == []
    cases, _, others = CASES.partition("## Only github.com can show")
    rows = [row for row in cases.splitlines() if row.startswith("| ") and not row.startswith("| case |")]
    assert len(rows) > 30
    assert [row for row in rows if "`tests/" not in row.split(" | ")[-1]] == []
    assert "::test_" not in others


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("::test_every_guard_is_needed`", "::test_every_guard_was_needed`"),
        ("tests/answering/test_answer.py::", "tests/answering/test_answers.py::"),
        ("::test_every_guard_is_needed`", "::check_edits_start_nothing`"),
    ],
)
def test_a_case_that_names_a_missing_test_is_caught(right: str, wrong: str) -> None:
    assert right in CASES
    assert len(missing_tests(CASES.replace(right, wrong, 1))) == 1
