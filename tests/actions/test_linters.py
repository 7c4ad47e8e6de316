"""The workflows satisfy GitHub's schema and zizmor, and both would notice if they did not."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.actions.hub import as_act_reads
from tests.actions.workflows import ROOT, actions_in, workflows_in


def said_by_schemas(folder: Path) -> list[str]:
    """Give what GitHub's schemas have against the workflows and actions of a repository."""
    kinds = {"github-workflows": "workflows/*.yml", "github-actions": "actions/*/action.yml"}
    return [
        said
        for kind, pattern in kinds.items()
        if (
            said := _run(
                [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{kind}"], folder, pattern
            )
        )
    ]


def said_by_zizmor(folder: Path) -> list[str]:
    """Give what zizmor has against them; a file that it cannot read is a finding, too."""
    zizmor = Path(sys.executable).with_name("zizmor")
    said = _run([str(zizmor), "--offline", "--strict-collection", "--quiet"], folder, "")
    return [said] if said else []


def _run(command: list[str], folder: Path, pattern: str) -> str:
    files = sorted((folder / ".github").glob(pattern)) if pattern else [folder / ".github"]
    result = subprocess.run([*command, *files], cwd=folder, capture_output=True, text=True, check=False)
    return result.stdout + result.stderr if result.returncode else ""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / ".github", tmp_path / ".github")
    return tmp_path


def sabotage(copy: Path, name: str, right: str, wrong: str) -> None:
    path = copy / ".github/workflows" / name
    text = path.read_text()
    assert right in text
    path.write_text(text.replace(right, wrong, 1))


def test_there_is_something_to_look_at() -> None:
    assert len(workflows_in(ROOT)) == 4
    assert len(actions_in(ROOT)) == 1


def test_act_is_told_no_less_and_no_more_than_it_needs() -> None:
    text = "\n".join(workflow.text for workflow in workflows_in(ROOT))
    strange = ("uses: $/", "deployment: false", "queue: max")
    assert [word for word in strange if word in text] == [*strange]
    assert [word for word in strange if word in as_act_reads(text)] == []
    assert len(text.splitlines()) - len(as_act_reads(text).splitlines()) == text.count("deployment: false")


def test_the_schemas_have_nothing_against_them() -> None:
    assert said_by_schemas(ROOT) == []


def test_zizmor_has_nothing_against_them() -> None:
    assert said_by_zizmor(ROOT) == []


def test_a_key_that_github_does_not_know_is_caught(copy: Path) -> None:
    sabotage(copy, "toolbuilder.yml", "timeout-minutes:", "timeout-minuets:")
    [said] = said_by_schemas(copy)
    assert "timeout-minuets" in said


@pytest.mark.parametrize(
    ("name", "right", "wrong", "audit"),
    [
        ("preview.yml", "exec toolbuilder preview", "echo ${{ github.head_ref }} preview", "template-injection"),
        ("ci.yml", "persist-credentials: false", "fetch-depth: 0", "artipacked"),
        ("ci.yml", "@3d3c42e5aac5ba805825da76410c181273ba90b1", "@v7", "unpinned-uses"),
        ("preview.yml", "  pull_request:", "  pull_request_target:", "dangerous-triggers"),
        ("preview.yml", "jobs:", "jobs: [", "failed"),
    ],
)
def test_what_zizmor_is_there_for_is_caught(copy: Path, name: str, right: str, wrong: str, audit: str) -> None:
    sabotage(copy, name, right, wrong)
    [said] = said_by_zizmor(copy)
    assert audit in said
