from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from toolbuilder.adapters.git.objects import object_reader, read_files
from toolbuilder.adapters.git.process import Git
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.errors import RepositoryError
from toolbuilder.ports import Commit

RunGit = Callable[..., str]
DATE = "1700000000 +0000"
FIRST = Commit((), "First\n", {"a/b.txt": b"b\n", "run": b"#!/bin/sh\n"}, executable=("run",), date=DATE)


def test_equal_content_is_one_blob(git: RunGit, git_repo: Path) -> None:
    repository = GitRepository(git_repo)
    commit = repository.write(replace(FIRST, files={"one": b"same", "two": b"same"}, executable=()))
    one, two = (git(git_repo, "rev-parse", f"{commit}:{name}") for name in ("one", "two"))
    assert one == two


def test_reading_gives_regular_files_below_a_path_and_nothing_else(git: RunGit, git_repo: Path) -> None:
    (git_repo / "tools" / "x").mkdir(parents=True)
    (git_repo / "tools" / "x" / "run").write_text("run")
    (git_repo / "tools" / "x" / "run").chmod(0o755)
    (git_repo / "tools" / "x" / "link").symlink_to("/etc/passwd")
    (git_repo / "tools" / "xy").write_text("a neighbour")
    git(git_repo, "add", "--all")
    git(git_repo, "update-index", "--add", "--cacheinfo", f"160000,{git(git_repo, 'rev-parse', 'HEAD')},tools/x/module")
    git(git_repo, "commit", "--quiet", "--message", "Files")
    repository = GitRepository(git_repo)

    for under in ("tools/x", "tools/x/", "tools/x/run"):
        assert repository.read("HEAD", under) == {"tools/x/run": b"run"}
    for under in ("tools/x/link", "tools/x/module", "nope", "tools/x/run/deeper", "..", "tools/*"):
        assert repository.read("HEAD", under) == {}
    assert list(repository.read("HEAD")) == ["README.md", "tools/x/run", "tools/xy"]
    with pytest.raises(RepositoryError, match="there is no commit ffff"):
        repository.read("f" * 40)


def test_more_bytes_than_allowed_are_not_read(git_repo: Path) -> None:
    commit = GitRepository(git_repo).write(replace(FIRST, files={"one": b"12345", "two": b"12345"}, executable=()))
    with object_reader(Git(git_repo)) as reader:
        assert len(read_files(reader, commit, limit=10)) == 2
        with pytest.raises(RepositoryError, match="has 5 bytes where 4 are left"):
            read_files(reader, commit, limit=9)


def test_a_replacement_object_does_not_change_what_is_read(git: RunGit, git_repo: Path) -> None:
    (git_repo / "fake").write_text("fake")
    fake = git(git_repo, "hash-object", "-w", "fake")
    git(git_repo, "replace", git(git_repo, "rev-parse", "HEAD:README.md"), fake)
    assert git(git_repo, "show", "HEAD:README.md") == "fake"
    assert GitRepository(git_repo).read("HEAD") == {"README.md": b"# A repository\n"}


def test_what_is_too_large_does_not_shift_the_answers_that_follow(git_repo: Path) -> None:
    files = {"large": b"l" * (65 << 20), "small": b"small"}
    commit = GitRepository(git_repo).write(replace(FIRST, files=files, executable=()))
    names = [f"{commit}:{name}" for name in ("large", "small", "nothing")] * 20
    with object_reader(Git(git_repo)) as reader:
        with pytest.raises(RepositoryError, match="too much for one reading"):
            reader.get(f"{commit}:large")
        found = reader.get_all(names)
        small = reader.get(f"{commit}:small")
    assert small
    assert small.content == b"small"
    assert found == {f"{commit}:small": small, f"{commit}:nothing": None}


def test_names_of_any_length_and_number_are_answered(git_repo: Path) -> None:
    names = [f"HEAD:{'long' * 2_000}{number}" for number in range(50)]
    with object_reader(Git(git_repo)) as reader:
        found = reader.get_all([*names, "HEAD:a\nHEAD:README.md", *["HEAD:README.md"] * 500])
    assert found.keys() == {*names, "HEAD:README.md"}
    assert [name for name, one in found.items() if one] == ["HEAD:README.md"]
