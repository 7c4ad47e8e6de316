"""What `init` writes is right: for GitHub, for git, for editors and for toolbuilder itself."""

import json
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from toolbuilder.errors import FileIsWrong
from toolbuilder.lazy import LazyScaffolder
from toolbuilder.places import data_folder
from toolbuilder.setting_up.answers import UNSET
from toolbuilder.setting_up.source import Source
from toolbuilder.settings import Settings, load_settings
from toolbuilder.spec.file import json_schema, parse_spec
from toolbuilder.surroundings import rendered

Git = Callable[..., str]
ROOT = Path(__file__).parents[2]
COMMIT = "0123456789abcdef0123456789abcdef01234567"
CALLERS = {"toolbuilder.yml": "toolbuilder.yml", "toolbuilder-preview.yml": "preview.yml", "toolbuilder-command.yml": "command.yml"}  # fmt: skip
ORDER = ("none", "read", "write")


@cache
def files(branch: str = "main") -> dict[str, bytes]:
    return dict(rendered(Source("acme/toolbuilder", COMMIT), branch))


def workflow(content: bytes | str) -> dict[str, Any]:
    """Give a workflow with `on`, which YAML 1.1 takes for a truth value, under its name."""
    read = yaml.safe_load(content)
    return {"on" if key is True else key: value for key, value in read.items()}


def caller(name: str) -> dict[str, Any]:
    return workflow(files()[f".github/workflows/{name}"])


def called(name: str) -> dict[str, Any]:
    return workflow((ROOT / f".github/workflows/{CALLERS[name]}").read_text())


def granted(permissions: dict[str, str], scope: str) -> int:
    return ORDER.index(permissions.get(scope, "none"))


@pytest.mark.parametrize("name", CALLERS)
def test_a_caller_names_the_commit_and_gives_what_the_called_jobs_need_and_no_more(name: str) -> None:
    [job] = caller(name)["jobs"].values()
    needed: dict[str, str] = {}
    for inner in called(name)["jobs"].values():
        for scope, level in inner["permissions"].items():
            if ORDER.index(level) > granted(needed, scope):
                needed[scope] = level
    assert job["uses"] == f"acme/toolbuilder/.github/workflows/{CALLERS[name]}@{COMMIT}"
    assert job["permissions"] == needed
    assert caller(name)["permissions"] == {}


@pytest.mark.parametrize("name", CALLERS)
def test_a_caller_passes_on_every_input_and_every_secret(name: str) -> None:
    [job] = caller(name)["jobs"].values()
    taken = called(name)["on"]["workflow_call"] or {}
    assert set(job.get("with", {})) == set(taken.get("inputs", {}))
    assert set(job.get("secrets", {})) == set(taken.get("secrets", {}))
    assert all(f"inputs.{key} " in value for key, value in job.get("with", {}).items())
    assert all(value == f"${{{{ secrets.{key} }}}}" for key, value in job.get("secrets", {}).items())


@pytest.mark.parametrize("name", CALLERS)
def test_a_caller_starts_on_the_same_events(name: str) -> None:
    theirs = {event: what for event, what in called(name)["on"].items() if event != "workflow_call"}
    assert caller(name)["on"] == theirs


@pytest.mark.parametrize("branch", ["trunk", "release/1.x", 'we"ird', "on", "1.0", "ünï"])
def test_the_default_branch_is_one_value_whatever_it_is_called(branch: str) -> None:
    read = workflow(files(branch)[".github/workflows/toolbuilder.yml"])
    assert read["on"]["push"]["branches"] == [branch]


def test_the_first_spec_is_good_and_names_the_schema_beside_it() -> None:
    [path] = [path for path in files() if path.startswith("specs/")]
    spec = parse_spec(files()[path], path)
    first, *_ = files()[path].decode().splitlines()
    schema = first.removeprefix("# yaml-language-server: $schema=")
    assert json.loads(files()[str(Path("specs", schema)).replace("specs/../", "")]) == json_schema()
    assert len(spec.examples) > 4


def test_every_setting_stands_there_with_its_default_and_only_as_a_comment(tmp_path: Path) -> None:
    text = files()["toolbuilder.toml"].decode()
    assert tomllib.loads(text) == {}
    lines = [line.removeprefix("# ") for line in text.splitlines() if " = " in line]
    assert {line.split(" = ")[0] for line in lines} == {
        name for name, field in Settings.model_fields.items() if field.validation_alias is None
    }
    (tmp_path / "toolbuilder.toml").write_text("\n".join(line for line in lines if UNSET not in line))
    assert load_settings(tmp_path).model_dump() == Settings().model_dump()
    (tmp_path / "toolbuilder.toml").write_text("\n".join(lines))
    assert load_settings(tmp_path).run_usd == 10, "a line without its # is TOML, also where nothing is the default"


def test_records_are_folded_in_a_pull_request_and_code_is_not(git_repo: Path, git: Git) -> None:
    (git_repo / ".gitattributes").write_bytes(files()[".gitattributes"])
    folded = [".toolbuilder/init.yaml", ".toolbuilder/spec.schema.json", "tools/a/.toolbuilder/manifest.yaml"]
    shown = ["tools/a/src/a/cli.py", "tools/a/tests/test_a.py", "tools/a/README.md", "specs/a.yaml", "patterns/a.yaml"]
    told = git(git_repo, "check-attr", "linguist-generated", "--", *folded, *shown).splitlines()
    assert [line.rsplit(": ", 1)[1] for line in told] == ["set"] * len(folded) + ["unspecified"] * len(shown)


def test_patterns_of_toolbuilder_are_used_as_long_as_the_folder_holds_a_readme_only(tmp_path: Path) -> None:
    (tmp_path / "patterns").mkdir()
    (tmp_path / "patterns/README.md").write_bytes(files()["patterns/README.md"])
    assert data_folder(tmp_path, "patterns") == ROOT / "patterns"
    (tmp_path / "patterns/own.yaml").write_text("")
    assert data_folder(tmp_path, "patterns") == tmp_path / "patterns"


def test_no_tool_is_made_of_the_template_and_a_tools_template_writes_no_workflow() -> None:
    with pytest.raises(FileIsWrong, match="there is no such template; there are: python-cli"):
        LazyScaffolder(ROOT / "templates").render("repository", {})
    with pytest.raises(FileIsWrong, match="there is no such template; there are: repository"):
        LazyScaffolder(ROOT / "templates", of_repository=True).render("python-cli", {})
