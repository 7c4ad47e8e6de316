from collections.abc import Callable
from pathlib import Path

import pytest

from toolbuilder.adapters.git.repository import GitRepository

BASE = b"one\ntwo\nthree\nfour\nfive\n"


@pytest.fixture
def base(git: Callable[..., str], git_repo: Path) -> str:
    """Store BASE and give its object id."""
    (git_repo / "base").write_bytes(BASE)
    return git(git_repo, "hash-object", "-w", "base")


@pytest.mark.parametrize(
    ("ours", "theirs", "merged"),
    [
        (b"ONE" + BASE[3:], BASE[:-5] + b"FIVE\n", b"ONE\ntwo\nthree\nfour\nFIVE\n"),
        (BASE, b"all new\n", b"all new\n"),
        (b"", BASE, b""),
        (b"both\n", b"both\n", b"both\n"),
        (b"ONE" + BASE[3:], b"EINS" + BASE[3:], None),
        (b"", b"ONE" + BASE[3:], None),
        (b"\0" + BASE, BASE + b"\0", None),
    ],
)
def test_two_versions_merge_unless_they_changed_the_same_place(
    base: str, ours: bytes, theirs: bytes, merged: bytes | None, git_repo: Path
) -> None:
    assert GitRepository(git_repo).merge(base, ours, theirs) == merged


def test_line_ends_survive_a_merge(base: str, git: Callable[..., str], git_repo: Path) -> None:
    git(git_repo, "config", "core.autocrlf", "true")
    merged = GitRepository(git_repo).merge(base, b"ONE\r\n" + BASE[4:], BASE + b"six\r\n")
    assert merged == b"ONE\r\n" + BASE[4:] + b"six\r\n"


def test_a_base_that_is_not_a_stored_file_merges_nothing(git_repo: Path) -> None:
    repository = GitRepository(git_repo)
    for base in ("0" * 40, "HEAD:README.md", str(repository.resolve("HEAD"))):
        assert repository.merge(base, b"a", b"b") is None
