import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.pipeline_world import SPEC
from tests.sabotage import sabotaged
from toolbuilder.cli import run_app
from toolbuilder.commands import setting_up
from toolbuilder.errors import RepositoryError
from toolbuilder.setting_up.record import PATH, read_record

Git = Callable[..., str]
FROM = f"acme/toolbuilder@{'1' * 40}"
NEWER = f"acme/toolbuilder@{'2' * 40}"
WORKFLOW = ".github/workflows/toolbuilder.yml"


def files(folder: Path) -> dict[str, bytes]:
    """Give every file of a work tree."""
    found = [path for path in folder.rglob("*") if path.is_file() and ".git" not in path.relative_to(folder).parts]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@pytest.fixture
def made(git_repo: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Give a repository that was set up and committed."""
    assert run_app(["init", str(git_repo), "--from", FROM]) == 0
    capsys.readouterr()
    return git_repo


@pytest.fixture
def standing_there(git_repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in the repository."""
    monkeypatch.chdir(git_repo)


def commit(folder: Path, git: Git) -> None:
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "Set up")


def test_a_repository_is_set_up_and_nothing_is_committed(
    git_repo: Path, git: Git, capsys: pytest.CaptureFixture[str]
) -> None:
    head = git(git_repo, "rev-parse", "HEAD")
    assert run_app(["init", str(git_repo), "--from", FROM]) == 0
    told = capsys.readouterr().out
    assert git(git_repo, "rev-parse", "HEAD") == head
    assert git(git_repo, "diff", "--cached", "--name-only") == ""
    assert set(files(git_repo)) == {"README.md", ".gitattributes", ".toolbuilder/init.yaml", ".toolbuilder/spec.schema.json", WORKFLOW, ".github/workflows/toolbuilder-command.yml", ".github/workflows/toolbuilder-preview.yml", "patterns/README.md", "specs/unique-lines.yaml", "toolbuilder.toml"}  # fmt: skip
    assert [line.split()[0] for line in told.splitlines()[-3:]] == ["git", "toolbuilder", "git"]


@pytest.mark.parametrize("place", [".", "deep/er", ".."])
def test_what_is_told_to_type_commits_all_that_was_written(
    git_repo: Path, git: Git, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    (git_repo / "deep/er").mkdir(parents=True)
    monkeypatch.chdir(git_repo / place)
    assert run_app(["init", str(git_repo), "--from", FROM]) == 0
    [line] = [line for line in capsys.readouterr().out.splitlines() if " add " in line]
    subprocess.run(line, shell=True, check=True)  # noqa: S602  (it is what people are told to paste)
    assert git(git_repo, "status", "--porcelain") == ""


def test_a_second_time_changes_nothing(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = files(made)
    for arguments in ([], ["--update", "--from", FROM]):
        assert run_app(["init", str(made), *arguments]) == 0
        assert "nothing was to be done" in capsys.readouterr().out
        assert files(made) == before


def test_a_sub_folder_stands_for_the_repository_it_lies_in(git_repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (git_repo / "deep/er").mkdir(parents=True)
    monkeypatch.chdir(git_repo / "deep/er")
    assert run_app(["init", "--from", FROM]) == 0
    assert (git_repo / WORKFLOW).exists()
    assert not list((git_repo / "deep/er").iterdir())


def test_a_killed_run_is_finished_by_the_next(made: Path) -> None:
    complete = files(made)
    (made / PATH).unlink()
    (made / "toolbuilder.toml").unlink()
    assert run_app(["init", str(made), "--from", FROM]) == 0
    assert files(made) == complete


def test_a_workflow_of_the_same_name_is_left_alone_and_the_new_one_laid_beside(
    git_repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (git_repo / WORKFLOW).parent.mkdir(parents=True)
    (git_repo / WORKFLOW).write_text("name: mine\n")
    for _ in range(2):
        assert run_app(["init", str(git_repo), "--from", FROM]) == 3
        assert (
            f"{WORKFLOW}: differs, left as it is; take over what you want from {WORKFLOW}.new"
            in capsys.readouterr().out
        )
    assert (git_repo / WORKFLOW).read_text() == "name: mine\n"
    assert FROM.split("@")[1] in (git_repo / f"{WORKFLOW}.new").read_text()
    (git_repo / f"{WORKFLOW}.new").unlink()
    assert run_app(["init", str(git_repo)]) == 0
    assert (git_repo / WORKFLOW).read_text() == "name: mine\n"


def test_what_a_repository_has_already_stays(git_repo: Path, git: Git) -> None:
    (git_repo / "specs").mkdir()
    (git_repo / "specs/dedupe.yaml").write_text(SPEC)
    (git_repo / "toolbuilder.toml").write_text('engine = "offline"\n')
    (git_repo / ".gitattributes").write_text("*.jpg binary\n")
    git(git_repo, "add", ".")
    (git_repo / ".gitattributes").write_text("*.png binary")  # not committed: lines are only added to it
    assert run_app(["init", str(git_repo), "--from", FROM]) == 0
    found = files(git_repo)
    assert not any("unique-lines" in path for path in found)
    assert found["toolbuilder.toml"] == b'engine = "offline"\n'
    assert found[".gitattributes"].startswith(b"*.png binary\n# toolbuilder")


def test_an_update_renews_merges_and_leaves_what_was_deleted(
    made: Path, git: Git, capsys: pytest.CaptureFixture[str]
) -> None:
    edited = (made / WORKFLOW).read_text().replace('"23 4 * * *"', '"7 7 * * *"')
    (made / WORKFLOW).write_text(edited)
    (made / "specs/unique-lines.yaml").unlink()
    commit(made, git)
    assert run_app(["init", str(made), "--from", NEWER]) == 0
    assert f"{WORKFLOW}: a newer one is there; type `toolbuilder init --update`" in capsys.readouterr().out
    assert git(made, "status", "--porcelain") == ""
    (made / ".github/workflows/toolbuilder-preview.yml").unlink()
    assert run_app(["init", str(made), "--update", "--from", NEWER]) == 0
    told = capsys.readouterr().out
    assert f"{WORKFLOW}: what is new is merged" in told
    assert "toolbuilder-command.yml: renewed" in told
    assert "toolbuilder-preview.yml: was deleted here, and stays so" in told
    assert "unique-lines.yaml: was deleted here, and stays so" in told
    assert (made / WORKFLOW).read_text() == edited.replace("1" * 40, "2" * 40)
    assert read_record((made / PATH).read_bytes()).source == NEWER


def test_an_update_in_a_clone_knows_what_was_written(made: Path, git: Git, tmp_path: Path) -> None:
    (made / WORKFLOW).write_text((made / WORKFLOW).read_text().replace('"23 4 * * *"', '"7 7 * * *"'))
    commit(made, git)
    git(tmp_path, "clone", "--quiet", "--depth=1", made.as_uri(), "clone")
    assert run_app(["init", str(tmp_path / "clone"), "--update", "--from", NEWER]) == 0
    assert all(text in (tmp_path / "clone" / WORKFLOW).read_text() for text in ('"7 7 * * *"', "2" * 40))


def test_edits_in_the_same_place_are_a_conflict_and_nothing_is_overwritten(made: Path, git: Git) -> None:
    edited = (made / WORKFLOW).read_text().replace("1" * 40, "3" * 40)
    (made / WORKFLOW).write_text(edited)
    commit(made, git)
    assert run_app(["init", str(made), "--update", "--from", NEWER]) == 3
    assert (made / WORKFLOW).read_text() == edited
    (made / f"{WORKFLOW}.new").replace(made / WORKFLOW)
    assert run_app(["init", str(made), "--update", "--from", NEWER]) == 0


def check_unsaved_edits_stay(module: Any, made: Path) -> None:
    before = files(made)
    with pytest.raises(RepositoryError, match=f"{WORKFLOW}: commit or stash these edits first"):
        module.init(made, module.How(source=NEWER, update=True))
    assert files(made) == before


def test_an_update_does_not_merge_into_edits_that_are_nowhere_else(made: Path, git: Git) -> None:
    commit(made, git)
    (made / WORKFLOW).write_text((made / WORKFLOW).read_text().replace('"23 4 * * *"', '"7 7 * * *"'))
    check_unsaved_edits_stay(setting_up, made)
    careless = sabotaged(setting_up, "    _refuse_unsaved(tree, made)\n", "")
    with pytest.raises(pytest.fail.Exception):
        check_unsaved_edits_stay(careless, made)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--from", "acme/toolbuilder@main"], 2, "--from: 'acme/toolbuilder@main' names no commit"),
        (["--update", "--from", FROM], 2, ".toolbuilder/init.yaml: is not there"),
        (["nowhere", "--from", FROM], 1, "nowhere; type `git init "),
    ],
)
@pytest.mark.usefixtures("standing_there")
def test_what_cannot_be_done_is_told_in_one_line(
    git_repo: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, words: str
) -> None:
    assert run_app(["init", *arguments]) == code
    message = capsys.readouterr().err
    assert words in message
    assert len(message.splitlines()) == 1
    assert set(files(git_repo)) == {"README.md"}


def test_a_record_that_somebody_wrote_in_is_refused_with_its_place(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (made / PATH).write_text("version: 1\nsauce: x\n")
    assert run_app(["init", str(made)]) == 2
    assert f"{PATH}:1:10: " in capsys.readouterr().err


def test_what_would_not_be_committed_is_told(git_repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (git_repo / ".gitignore").write_text("/.toolbuilder/\n")
    assert run_app(["init", str(git_repo), "--from", FROM]) == 0
    assert "mind: .toolbuilder/init.yaml is kept out of commits by .gitignore" in capsys.readouterr().out


@pytest.mark.slow
def test_the_first_spec_is_built_by_the_embedded_engine(
    made: Path, git: Git, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    commit(made, git)
    monkeypatch.chdir(made)
    assert run_app(["validate"]) == 0
    assert run_app(["run", "--engine", "offline"]) == 0
    assert "built on branch toolbuilder/unique-lines" in capsys.readouterr().out
