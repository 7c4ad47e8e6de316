"""What the README says is true: commands, stages, the spec, settings, numbers."""

import re
from pathlib import Path

import pytest
import typer

from toolbuilder.cli import app, run_app
from toolbuilder.settings import Settings
from toolbuilder.spec.file import parse_spec
from toolbuilder.stages import STAGES

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
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
