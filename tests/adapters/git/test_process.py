import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import toolbuilder
from toolbuilder.adapters.git.objects import object_reader
from toolbuilder.adapters.git.process import Git
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.errors import RepositoryError
from toolbuilder.ports import Commit

RunGit = Callable[..., str]
BRANCH = "refs/heads/toolbuilder/tool"
DATE = "1700000000 +0000"
FIRST = Commit((), "First\n", {"a/b.txt": b"b\n", "run": b"#!/bin/sh\n"}, executable=("run",), date=DATE)


def test_hooks_of_the_repository_do_not_run(git_repo: Path, git: RunGit) -> None:
    names = "pre-commit commit-msg prepare-commit-msg post-commit post-checkout post-index-change pre-push update post-rewrite"
    for name in names.split():
        hook = git_repo / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch '{git_repo}/ran-{name}'\nexit 1\n")
        hook.chmod(0o755)
    repository = GitRepository(git_repo)
    repository.swap(BRANCH, repository.write(FIRST), None)
    assert list(git_repo.glob("ran-*")) == []
    with pytest.raises(subprocess.CalledProcessError):
        git(git_repo, "commit", "--allow-empty", "--message", "By hand")
    assert list(git_repo.glob("ran-*")) == [git_repo / "ran-pre-commit"]


def test_variables_that_point_git_elsewhere_are_not_obeyed(
    git_repo: Path, git: RunGit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "init", "--quiet", "elsewhere")
    elsewhere = tmp_path / "elsewhere" / ".git"
    for name in ("DIR", "WORK_TREE", "OBJECT_DIRECTORY", "INDEX_FILE", "NAMESPACE", "ALTERNATE_OBJECT_DIRECTORIES"):
        monkeypatch.setenv(f"GIT_{name}", str(elsewhere))
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", "'core.bare=true'")
    repository = GitRepository(git_repo)
    assert repository.resolve("HEAD")
    commit = repository.write(FIRST)
    repository.swap(BRANCH, commit, None)

    with pytest.raises(subprocess.CalledProcessError):  # the harm: these variables do lead a plain git astray
        git(git_repo, "rev-parse", BRANCH)
    monkeypatch.undo()
    assert git(git_repo, "rev-parse", BRANCH) == commit
    assert git(elsewhere.parent, "for-each-ref") == ""


def test_a_repository_of_somebody_else_is_an_error_that_says_what_to_type(
    git_repo: Path, git_in_front: Callable[[str], None]
) -> None:
    git_in_front("export GIT_TEST_ASSUME_DIFFERENT_OWNER=1")
    repository = GitRepository(git_repo)
    questions: list[Callable[[], object]] = [lambda: repository.resolve("HEAD"), lambda: repository.read("HEAD")]
    for question in questions:
        with pytest.raises(RepositoryError, match=r"if you trust it, type `git config --global --add safe.directory /"):
            question()


def test_each_question_is_one_short_process(
    git_repo: Path, tmp_path: Path, git_in_front: Callable[[str], None]
) -> None:
    log = tmp_path / "processes"
    git_in_front(f"echo x >>'{log}'")
    repository = GitRepository(git_repo)
    assert not log.exists()
    commit = repository.write(FIRST)
    repository.swap("refs/toolbuilder/journal/x", commit, None)
    repository.resolve("HEAD")
    repository.read(commit)
    assert len(log.read_text().splitlines()) == 4


def test_a_missing_git_is_an_error_that_says_what_to_install(git_repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = GitRepository(git_repo)
    monkeypatch.setenv("PATH", str(git_repo))
    with pytest.raises(RepositoryError, match="install git"):
        repository.resolve("HEAD")
    importing = [sys.executable, "-c", "import toolbuilder.adapters.git.repository"]
    environment = {"PATH": str(git_repo), "PYTHONPATH": str(Path(toolbuilder.__file__).parents[1])}
    said = subprocess.run(importing, env=environment, check=False, capture_output=True, text=True).stderr
    assert said.splitlines()[-1].startswith("toolbuilder.errors.RepositoryError: git was not found on PATH")


def test_a_hostile_common_folder_is_named_in_the_error(git_repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_COMMON_DIR", str(git_repo))
    with pytest.raises(RepositoryError, match="unset GIT_COMMON_DIR"):
        GitRepository(git_repo)


def test_an_interrupt_at_the_terminal_does_not_reach_git(git_repo: Path) -> None:
    with object_reader(Git(git_repo)) as reader:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            os.kill(reader.process.pid, number)
            assert reader.get("HEAD")
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == set(), "this process itself hears them as before"


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("fatal: Unable to create '/x/y.lock': File exists.", "if no other git process is running, remove that file"),
        ("fatal: not a git repository: /x/.git/modules/y", "type `git init "),
    ],
)
def test_what_git_says_is_passed_on_in_one_line_with_advice(said: str, advice: str, git_repo: Path) -> None:
    error = str(Git(git_repo).error(("update-ref", "a b"), f"{said}\nfatal: more", 128))
    assert error.startswith("`git update-ref 'a b'` failed with exit code 128 in ")
    assert f"{said}; fatal: more; {advice}" in error
